"""`meeting-manager privacy export|erase EMAIL`: what is known of somebody, and erasing it."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meeting_manager.bookings.errors import Conflict
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_managers
from meeting_manager.web.privacy.erasing import erase, look
from meeting_manager.web.privacy.exporting import as_text, export


class Command(BaseCommand):
    """Acts for the first System Manager. Only the document goes to the standard output, so that it can be kept."""

    help = "Print everything that is known of an e-mail address as JSON, or erase it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments of the command line."""
        parser.add_argument("what", choices=["export", "erase"])
        parser.add_argument("email", metavar="EMAIL", help="whose data")
        parser.add_argument("--also-cancel", action="store_true", help="cancel their meetings to come first")
        parser.add_argument("--yes", action="store_true", help="erase without asking for the address again")

    def handle(self, *_: str, **options: Any) -> None:  # noqa: ANN401 - whatever argparse read
        """Export or erase. Raises CommandError where it is refused."""
        actor = system_managers().first()
        if actor is None:
            raise CommandError("There is no active System Manager. Please make one with `createadmin` first.")
        try:
            if options["what"] == "export":
                self.stdout.write(as_text(export(actor=actor, email=options["email"], now=timezone.now())))
            else:
                self._erase(actor, options["email"], also_cancel=options["also_cancel"], is_sure=options["yes"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Conflict as error:
            raise CommandError(f"{error} Or call it with --also-cancel.") from error

    def _erase(self, actor: User, email: str, *, also_cancel: bool, is_sure: bool) -> None:
        now = timezone.now()
        found = look(actor=actor, email=email, now=now)
        self.stderr.write(
            f"{found.address}: {found.bookings} bookings, {found.requests} requests, {found.deliveries} deliveries,"
            f" {found.mails} mails in the outbox, {found.events} events; {len(found.upcoming)} meetings to come."
        )
        if not is_sure and input("This cannot be undone. Type the address to erase it: ").strip() != found.address:
            raise CommandError("Nothing was erased.")
        done = erase(actor=actor, email=email, now=now, also_cancel=also_cancel)
        self.stderr.write(
            f"Erased: {done.bookings} bookings, {done.requests} requests, {done.deliveries} deliveries,"
            f" {done.mails} mails, {done.events} events; {done.cancelled} meetings cancelled."
        )
        if done.sending:
            self.stderr.write(f"{done.sending} deliveries are on their way: please repeat this in a minute.")
