"""``meeting-manager doctor``."""

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand

from meeting_manager.config.doctor import Kind, examine


class Command(BaseCommand):
    """For when something does not work, and before something goes live."""

    help = "Look for what is wrong with this installation, and say how to mend it."
    requires_system_checks = []

    def handle(self, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print the findings; ends with exit code 1 where something is wrong."""
        wrong = 0
        for finding in examine(dt.datetime.now(dt.UTC)):
            self.stdout.write(f"{finding.kind:<6}{finding.text}")
            if finding.remedy:
                self.stdout.write(f"      -> {finding.remedy}")
            wrong += finding.kind is Kind.WRONG
        if wrong:
            self.stderr.write(f"{wrong} found wrong.")
            sys.exit(1)
