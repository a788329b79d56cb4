"""``meeting-manager restore FILE``."""

from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.config.backup.archive import BackupError
from meeting_manager.config.backup.services import restore
from meeting_manager.config.health import unapplied_migrations


class Command(BaseCommand):
    """Best with the site stopped: processes that run have the old secrets in memory."""

    help = "Put a backup in the place of this site's database, secrets and uploads, and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", metavar="FILE", type=Path, help="an archive that `backup` has written")
        parser.add_argument("--force", action="store_true", help="replace what a site that is not empty holds")

    def handle(self, file: Path, force: bool, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Restore. Raises CommandError with what stood in the way; then nothing has changed."""
        try:
            manifest = restore(file, self.stdout.write, force=force)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The site is as it was at {manifest.made_at}.")
        if unapplied_migrations():
            self.stdout.write("This release has more migrations: run `meeting-manager migrate`, then `verify`.")
        elif "verify" in get_commands():
            call_command("verify", stdout=self.stdout)
