"""``meeting-manager doctor``."""

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from meeting_manager.config.calendar_doctor import examine_calendars
from meeting_manager.config.doctor import Kind, examine


class Command(BaseCommand):
    """For when something does not work, and before something goes live."""

    help = "Look for what is wrong with this installation, and say how to mend it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What is looked at."""
        parser.add_argument(
            "--calendars", action="store_true", help="read each connected calendar; write a test event and delete it"
        )
        parser.add_argument("--user", default="", metavar="EMAIL", help="with --calendars: those of one user")

    def handle(self, *, calendars: bool, user: str, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print the findings; ends with exit code 1 where something is wrong."""
        now = dt.datetime.now(dt.UTC)
        wrong = 0
        for finding in examine_calendars(now, user) if calendars or user else examine(now):
            self.stdout.write(f"{finding.kind:<6}{finding.text}")
            if finding.remedy:
                self.stdout.write(f"      -> {finding.remedy}")
            wrong += finding.kind is Kind.WRONG
        if wrong:
            self.stderr.write(f"{wrong} found wrong.")
            sys.exit(1)
