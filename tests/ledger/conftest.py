"""Fixtures of the ledger's tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ledger.post import Postman


@pytest.fixture
def _no_jobs_left(db: None) -> Iterator[None]:
    """Procrastinate's tables are not ours, so that nobody else empties them between tests."""
    from django.db import connection

    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def postman() -> "Iterator[Postman]":
    """Carries out deliveries of kind `post`."""
    from tests.ledger.post import Postman

    made = Postman()
    undo = made.serve()
    yield made
    undo()
