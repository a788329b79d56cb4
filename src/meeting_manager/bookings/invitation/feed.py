"""What a member hosts as one calendar, for programs that subscribe to it."""

import hashlib
from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db.models import QuerySet

from meeting_manager import __version__
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.invitation.entry import publication
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.queries import with_hosts
from meeting_manager.people.languages import current_tag
from meeting_manager.people.models import User

_PAST = timedelta(days=30)
_AHEAD = timedelta(days=365)
_READ_AGAIN_AFTER = timedelta(hours=1)
_SHOWN = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
"""What takes time, or took it; whatever was moved, cancelled or missed is gone from a calendar that is read anew."""


def feed(user: User, now: datetime) -> bytes:
    """The entries of what `user` hosts, from 30 days before today (UTC) to 365 after it, in the active language.

    Three queries, however many there are.
    """
    rows = with_hosts(_hosted(user, now)).prefetch_related("meeting_type__reminders")
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return publication(rows, reader=user.email, organizer=sender, name=settings.SITE_NAME, every=_READ_AGAIN_AFTER)


def feed_version(user: User, now: datetime) -> str:
    """A digest that changes with what `feed` would say, for one query of a few numbers for each booking.

    Every change of a booking raises its number. What its entry borrows from elsewhere (the name of a department, the
    schedule of reminders) is read anew on the next day.
    """
    site = (__version__, settings.SITE_URL, settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL, current_tag())
    numbers = _hosted(user, now).values_list("pk", "sequence_base", "history_length")
    return hashlib.sha256(repr((site, _today(now), list(numbers))).encode()).hexdigest()


def _hosted(user: User, now: datetime) -> QuerySet[Booking]:
    today = _today(now)
    hosted = Booking.objects.filter(assigned_users__user=user, booking_status__in=_SHOWN)
    near = hosted.filter(end_datetime__gt=today - _PAST, start_datetime__lt=today + timedelta(days=1) + _AHEAD)
    return near.order_by("start_datetime", "pk")


def _today(now: datetime) -> datetime:
    """When the day began, so that within it nothing comes or goes by the clock alone."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)
