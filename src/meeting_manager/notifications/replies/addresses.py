"""The ORGANIZER of invitations, to whom calendars answer: its token says who answers, and that it is they."""

import re
from email.utils import parseaddr

from django.conf import settings

from meeting_manager.bookings.links import participant_token
from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.models import Thread

_TOKEN = re.compile(r"\+(\d{1,18})\.([a-z2-7]{26})@", re.IGNORECASE)


def new_thread_organizer() -> tuple[str, bool]:
    """The organizer of entries that begin now, and whether its mailbox takes answers."""
    if settings.REPLY_ADDRESS:
        return settings.REPLY_ADDRESS, True
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1], False


def organizer(thread: Thread, email: str, booking: Booking) -> str:
    """The organizer in the invitation of `email`, the same for the entry's whole life: where answers are taken, with
    thread and token after a plus, 64 characters at most before the @.
    """
    if not thread.receives_replies:
        return thread.organizer
    mailbox, _, domain = thread.organizer.rpartition("@")
    return f"{mailbox}+{thread.pk}.{participant_token(booking, email)}@{domain}"


def addressed(header: str) -> tuple[int, str] | None:
    """Number of the thread and token of the first address in `header` that has them."""
    found = _TOKEN.search(header)
    return (int(found[1]), found[2].lower()) if found else None
