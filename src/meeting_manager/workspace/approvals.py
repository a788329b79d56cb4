"""What waits for a decision: how long, for whom, whether its host is still free, and who is free instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from meeting_manager.bookings import foresight, queries, times
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.queries import managed_by
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.workspace.many.foreseen import words_for


@dataclass(frozen=True, slots=True)
class Request:
    """One of them. `obstacle` is why it can't be approved as it is, in the words of the service; `remarks` are rules
    that its host breaks, which who approves may pass over; `free` are the colleagues who could take it.
    """

    booking: Booking
    obstacle: str
    remarks: Sequence[str]
    free: Sequence[User]


def awaiting(user: User) -> QuerySet[Booking]:
    """The requests on which `user` may decide, with what a list shows, whoever has waited longest first."""
    rows = queries.with_hosts(Booking.objects.all() if user.is_active else Booking.objects.none())
    if not is_system_manager(user):
        rows = rows.filter(meeting_type__department__in=managed_by(user))
    waiting = rows.filter(
        requires_approval=True, approval_status=ApprovalStatus.PENDING, booking_status=BookingStatus.PENDING
    )
    return waiting.order_by("created_at", "pk")


def look_into(booking: Booking, user: User, now: datetime) -> Request:
    """What there is to know before one decides; about nine queries, as every question about time."""
    hosts = {row.user.email for row in booking.assigned_users.all()}
    told = times.explain(
        meeting_type=booking.meeting_type,
        start=booking.start_datetime,
        end=booking.end_datetime,
        now=now,
        moving=Moving.of(booking),
    )
    return Request(
        booking,
        obstacle=_obstacle(booking, user, now),
        remarks=[refusal.text for one in told if one.user in hosts for refusal in one.refusals],
        free=_colleagues([one.user for one in told if one.user not in hosts and not one.refusals]),
    )


def _colleagues(emails: Sequence[str]) -> list[User]:
    found = {user.email: user for user in User.objects.filter(email__in=emails)}
    return [found[email] for email in emails]


def _obstacle(booking: Booking, user: User, now: datetime) -> str:
    try:
        foresight.check_approve(booking, user, now)
    except Exception as error:
        words = words_for(error)
        if not words:
            raise
        return words
    return ""
