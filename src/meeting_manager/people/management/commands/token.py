"""`meeting-manager token EMAIL`: make, list and revoke bearer tokens of a user."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meeting_manager.people.models import User
from meeting_manager.people.queries import get_user, tokens_of
from meeting_manager.people.services import create_token, revoke_token


class Command(BaseCommand):
    """Only the token goes to the standard output, so that scripts can take it from there."""

    help = "Print a new bearer token of a user for the API; list or revoke the tokens there are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments of the command line."""
        parser.add_argument("email", metavar="EMAIL", help="the user it acts for")
        parser.add_argument("--label", default="command line", help="what the token is for")
        parser.add_argument("--list", action="store_true", help="list the tokens of the user instead")
        parser.add_argument("--revoke", type=int, metavar="ID", help="revoke this token of the user instead")

    def handle(self, *_: str, **options: Any) -> None:  # noqa: ANN401 - whatever argparse read
        """Do one of the three."""
        try:
            user = get_user(options["email"])
        except User.DoesNotExist as error:
            raise CommandError(f"User '{options['email']}' does not exist.") from error
        if options["list"]:
            self._list(user)
        elif options["revoke"] is not None:
            self._revoke(user, options["revoke"])
        else:
            self._create(user, options["label"])

    def _create(self, user: User, label: str) -> None:
        try:
            _, text = create_token(actor=user, user=user, label=label, now=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(text)

    def _list(self, user: User) -> None:
        for token in tokens_of(user):
            state = f"revoked {token.revoked_at:%Y-%m-%d %H:%M}" if token.revoked_at else "live"
            self.stdout.write(
                f"{token.pk}\t{token.hint}…\t{token.created_at:%Y-%m-%d %H:%M} UTC\t{state}\t{token.label}"
            )

    def _revoke(self, user: User, number: int) -> None:
        token = tokens_of(user).filter(pk=number).first()
        if token is None:
            raise CommandError(f"{user.email} has no token {number}; --list shows those there are.")
        revoke_token(actor=user, token=token, now=timezone.now())
        self.stderr.write(f"Token {number} is revoked.")
