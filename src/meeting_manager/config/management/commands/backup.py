"""``meeting-manager backup FILE``."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.config.backup.archive import BackupError
from meeting_manager.config.backup.services import back_up


class Command(BaseCommand):
    """While the site goes on."""

    help = "Write the database, secrets and uploads of the running site into one archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", metavar="FILE", type=Path, help="a new file, such as backup.tar.gz")

    def handle(self, file: Path, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Make the backup. Raises CommandError with what stood in the way."""
        try:
            back_up(file, dt.datetime.now(dt.UTC), self.stdout.write)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file} is complete ({file.stat().st_size // 1024} kB). It holds secrets: keep it like a key."
        )
