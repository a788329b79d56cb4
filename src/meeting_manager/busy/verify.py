"""What must hold in the busy room by itself; that its rows say what their sources say is checked by those."""

from collections.abc import Iterator

from django.db import connection

from meeting_manager.adapters.guards import Guard, missing
from meeting_manager.adapters.inspection import Check, Inspection, Violation
from meeting_manager.busy.guards import GUARDS


def absent(guards: list[Guard]) -> Iterator[Violation]:
    """Guards that should be in this database and aren't."""
    for name, _ in missing(connection, guards):
        wrong = "This guard is missing, so the database no longer refuses what it should."
        yield Violation(f"guard {name}", wrong, "Run `meeting-manager migrate`, which puts it back.")


def _guards(_: Inspection) -> Iterator[Violation]:
    yield from absent(GUARDS)


CHECKS = (Check("the database refuses overlaps by itself", _guards),)
