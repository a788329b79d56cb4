"""``meeting-manager rotate-keys``."""  # noqa: N999 - the name of a module is the name of its command

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.people.key_files import OLDER, add_key
from meeting_manager.people.services.resealing import Count, reseal_all


class Command(BaseCommand):
    """Safe while the site serves, and to be begun again when it was interrupted."""

    help = "Seal all secrets in the database anew, so that older keys are needed no more."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to make a key first."""
        parser.add_argument("--new", action="store_true", help="make a new key first; for sites without SEAL_KEY")

    def handle(self, *, new: bool, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Print what was done. Raises CommandError where something cannot be opened with any key."""
        if new:
            self._make_key()
        counts = reseal_all(self._tell)
        for count in counts:
            if count.seen:
                self.stdout.write(f"{count.what}: {count.resealed} of {count.seen} sealed anew")
        unreadable = sum(count.unreadable for count in counts)
        if unreadable:
            raise CommandError(
                f"{unreadable} cannot be opened with any key. Please put the key that sealed them into SEAL_KEYS_OLD "
                "and run this again; where it is lost, calendars and second factors have to be set up anew."
            )
        self.stdout.write(self._ending())

    def _make_key(self) -> None:
        folder = settings.SEAL_KEY_FOLDER
        if folder is None:
            raise CommandError(
                "The key of this site comes from SEAL_KEY. Please put a new one there and the one there was into "
                "SEAL_KEYS_OLD, start the site anew, and run this without --new."
            )
        add_key(folder)
        self.stdout.write(f"A new key was made; the one there was still opens ({folder / OLDER}).")

    def _tell(self, count: Count) -> None:
        if count.seen % 1000 == 0:
            self.stdout.write(f"{count.what}: {count.seen} looked at …")

    def _ending(self) -> str:
        where = "SEAL_KEYS_OLD" if settings.SEAL_KEY_FOLDER is None else f"{settings.SEAL_KEY_FOLDER / OLDER}"
        return (
            "Nothing here needs an older key any more. After an hour, when forms that were begun are done, "
            f"{where} may be removed; backups made before need it still."
        )
