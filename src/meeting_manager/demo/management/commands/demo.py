"""``meeting-manager demo``."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.demo.load import Loaded, load
from meeting_manager.demo.remove import accounts, departments
from meeting_manager.demo.remove import remove as take_away
from meeting_manager.departments.models import Department
from meeting_manager.people.models import SYSTEM_EMAIL, User


class Command(BaseCommand):
    """Demo data for trying the product out."""

    help = "Load demo data around today, or take it away again (`demo remove`)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and leave to do it beside other data."""
        parser.add_argument("action", nargs="?", choices=["load", "remove"], default="load")
        parser.add_argument("--remove", action="store_true", help="the same as `remove`")
        parser.add_argument("--add", action="store_true", help="load it also into a database that is in use")

    def handle(self, *, action: str, remove: bool, add: bool, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Effect: writes or deletes the demo's records. Raises CommandError where that can't be done."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        try:
            if remove or action == "remove":
                self._remove(now)
            else:
                refuse_used_database(add=add)
                self._show(load(now, self._progress))
        except ValidationError as error:
            raise CommandError(f"Nothing was changed. {' '.join(error.messages)}") from error

    def _remove(self, now: dt.datetime) -> None:
        if not accounts() and not departments():
            raise CommandError("There is no demo data in this database.")
        left = take_away(now, self._progress)
        for sentence in left:
            self.stdout.write(sentence)
        self.stdout.write("The demo data is gone." if not left else "The rest of the demo data is gone.")

    def _show(self, loaded: Loaded) -> None:
        wide = max(len(email) for email in loaded.logins)
        self.stdout.write(f"{loaded.bookings} demo bookings are in place. These passwords are shown only now:")
        self.stdout.write("")
        for email, password in loaded.logins.items():
            self.stdout.write(f"  {email:<{wide}}  {password}")
        self.stdout.write("")

    def _progress(self, line: str) -> None:
        self.stderr.write(f"demo: {line}")


def refuse_used_database(*, add: bool) -> None:
    """Raise CommandError where the demo is there already, or would come between somebody's own data unasked."""
    if accounts() or departments():
        raise CommandError("Demo data is in this database already. `meeting-manager demo remove` takes it away.")
    people = User.objects.exclude(email=SYSTEM_EMAIL).count()
    teams = Department.objects.count()
    if (people or teams) and not add:
        raise CommandError(
            f"This database is in use ({people} accounts, {teams} departments). `demo load --add` puts the demo beside "
            "that, with accounts of its own; `demo remove` takes it away again."
        )
