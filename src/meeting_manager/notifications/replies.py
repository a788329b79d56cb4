"""Where calendars answer to."""

from email.utils import parseaddr

from django.conf import settings

from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.models import Thread


def new_thread_organizer() -> tuple[str, bool]:
    """The ORGANIZER of a new entry, and whether its mailbox takes answers."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1], False


def organizer(thread: Thread, email: str, booking: Booking) -> str:  # noqa: ARG001 - answers come next
    """The ORGANIZER as the participant `email` sees it."""
    return thread.organizer
