"""Whose calendars are owed a booking: one delivery for each calendar that has it or is to have it.

What is written there is found when its turn comes (`writing.py`), so that however many changes come together, the
calendar gets the last.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.queries import taking_bookings
from meeting_manager.ledger.handlers import CALENDAR_WRITE
from meeting_manager.ledger.services import Event, Owed, enqueue, subscribe

WRITTEN_FOR = (
    "booking.confirmed",
    "booking.rejected",
    "booking.cancelled",
    "booking.rescheduled",
    "booking.reassigned",
    "booking.edited",
    "booking.invited",
    "booking.uninvited",
    "booking.responded",
    "booking.deleted",
    "booking.erased",
)
"""What may change the entry in a calendar. How a meeting went does not: its entry stays as it is."""


def subscribe_all() -> None:
    """Called once at start-up."""
    for event_type in WRITTEN_FOR:
        subscribe(event_type, owe_writing)


def owe_writing(event: Event, now: datetime) -> list[Owed]:
    """A delivery for each calendar that has the booking, or is to have it. One query."""
    booking, uid = event.payload["booking"], event.payload["uid"]
    hosts = AssignedUser.objects.filter(booking__name=booking).values("user")
    having = CalendarEventSync.objects.filter(ical_uid=uid).values("calendar_integration")
    wanted = taking_bookings().filter(user__in=hosts).values("pk")
    calendars = CalendarIntegration.objects.filter(Q(pk__in=wanted) | Q(pk__in=having)).order_by("pk")
    rows = calendars.values_list("pk", "user__email")
    return [_owed(uid, booking, pk, email, event.key, now) for pk, email in rows]


def owe_upcoming(calendars: Iterable[CalendarIntegration], now: datetime) -> int:
    """Have the calendars of one user looked through for all of the user's bookings that are to come, because one became
    the primary one, ceased to be it, or was connected anew; returns how many deliveries are owed.

    Effects: deliveries in the caller's transaction. One query for all bookings.
    """
    rows = list(calendars)
    if not rows:
        return 0
    upcoming = list(_upcoming(rows[0].user_id, now).values_list("ical_uid", "name"))
    cause = f"connected:{now:%Y-%m-%dT%H:%M:%S.%f}"
    return enqueue(
        [_owed(uid, name, row.pk, row.user.email, cause, now) for row in rows for uid, name in upcoming], now=now
    )


def owe_again(event: CalendarEventSync, booking: str, now: datetime, *, wait: timedelta = timedelta()) -> None:
    """Have the event of a booking written again to the calendar it is in, however it is there, after `wait`."""
    calendar = event.calendar_integration
    cause = f"again:{event.pk}:{now:%Y-%m-%dT%H:%M:%S.%f}"
    owed = _owed(event.ical_uid, booking, calendar.pk, calendar.user.email, cause, now + wait)
    enqueue([owed], now=now)


def _upcoming(user_id: int, now: datetime) -> "QuerySet[Booking]":
    alive = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
    hosted = AssignedUser.objects.filter(user=user_id).values("booking")
    return Booking.objects.filter(pk__in=hosted, booking_status__in=alive, end_datetime__gt=now).order_by("pk")


def _owed(uid: str, booking: str, calendar: int, email: str, cause: str, now: datetime) -> Owed:
    key = f"{CALENDAR_WRITE}:{calendar}:{uid}:{cause}"
    payload = {"uid": uid, "calendar": calendar, "booking": booking}
    return Owed(CALENDAR_WRITE, key, payload, now, about=booking, recipient=email)
