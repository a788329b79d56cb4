"""``meeting-manager createadmin EMAIL``."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from meeting_manager.people.services import create_admin


class Command(BaseCommand):
    """The first account of a site is made here: there is none by default."""

    help = "Make a System Manager; asks for the password, or reads it from a pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="", help="the full name")

    def handle(self, email: str, name: str, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Make the account. Raises CommandError with what is wrong with the address or the password."""
        try:
            user = create_admin(email=email, password=_ask(), now=timezone.now(), full_name=name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} is a System Manager now.")


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two passwords differ.")
    return password
