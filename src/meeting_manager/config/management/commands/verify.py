"""``meeting-manager verify``."""

import datetime as dt
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meeting_manager.adapters import inspection
from meeting_manager.adapters.inspection import Check, Inspection, snapshot
from meeting_manager.availability import verify as availability
from meeting_manager.bookings import verify as bookings
from meeting_manager.busy import verify as busy
from meeting_manager.calendars import verify as calendars
from meeting_manager.departments import verify as departments
from meeting_manager.ledger import verify as ledger

ROOMS = (inspection, busy, departments, availability, bookings, calendars, ledger)
CHECKS: tuple[Check, ...] = tuple(check for room in ROOMS for check in room.CHECKS)

_SECONDS_BETWEEN_REPORTS = 1.0


class Command(BaseCommand):
    """Looks at everything and changes nothing; may be run while the site serves."""

    help = "Check every invariant of the database and name each violation; exit 1 if there is any."

    def handle(self, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Violations go to the output, one a line, progress to the errors. Raises CommandError where there are any."""
        now = dt.datetime.now(dt.UTC)
        with snapshot():
            found = [self._run(number, check, now) for number, check in enumerate(CHECKS, start=1)]
        if any(found):
            raise CommandError(f"{sum(found)} violations found in {len(CHECKS)} checks.")
        self.stdout.write(f"All {len(CHECKS)} checks passed: every invariant holds.")

    def _run(self, number: int, check: Check, now: dt.datetime) -> int:
        title = f"{number}/{len(CHECKS)} {check.title}"
        self._reported = time.monotonic()
        round_ = Inspection(now, lambda seen: self._progress(f"{title}: {seen:,} rows so far"))
        found = 0
        for violation in check.find(round_):
            self.stdout.write(str(violation))
            found += 1
        self.stderr.write(f"{title}: {round_.seen:,} rows, {found or 'no'} violations")
        return found

    def _progress(self, line: str) -> None:
        if time.monotonic() - self._reported >= _SECONDS_BETWEEN_REPORTS:
            self._reported = time.monotonic()
            self.stderr.write(line)
