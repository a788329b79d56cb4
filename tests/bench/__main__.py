"""`make bench`: every figure on SQLite and on PostgreSQL, printed and kept in DATA_DIR/bench.md.

Each database is measured in a process of its own; `--keep` also writes the figures into docs/performance.md.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN = "<!-- figures of `make bench` -->\n"


def main() -> int:
    """Measure; exit 1 when a figure misses its mark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the figures into docs/performance.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        return _measure_here(arguments.one or None)
    report = _report()
    print(report)
    if arguments.keep:
        PAGE.write_text(PAGE.read_text(encoding="utf-8").partition(BEGIN)[0] + BEGIN + "\n" + report, encoding="utf-8")
    return 1 if "**no**" in report else 0


def _report() -> str:
    from tests.databases import start_postgresql

    head = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}.\n"
    parts = [head, _measured("")]
    with ExitStack() as stack:
        parts.append(_measured(start_postgresql(stack.callback)))
    return "\n".join(parts)


def _measured(server: str) -> str:
    with tempfile.TemporaryDirectory(prefix="meeting-manager-bench-") as folder:
        environment = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "meeting_manager.config.settings"}
        environment["LOG_LEVEL"] = "WARNING"
        environment.pop("DATABASE_URL", None)
        if server:
            environment["DATABASE_URL"] = server
        command = [sys.executable, "-m", "tests.bench", "--one", server]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _measure_here(server: str | None) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from meeting_manager.config.memory import settle
    from tests.bench import booking, calendars, deliveries, feeds, http, listing, pages, seeing, slots
    from tests.bench.measure import table

    call_command("migrate", verbosity=0)
    settle()
    figures = [*booking.run(), *deliveries.run(), *slots.run(), *listing.run(), *http.run(server)]
    if not server:  # what a telephone shows, and how a feed is read, does not depend on it; of figures SQLite is asked
        figures += [*seeing.run(), *feeds.run(), *calendars.run(), *pages.run()]
    print(table("PostgreSQL" if server else "SQLite", figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
