"""A small December whose every figure can be counted by hand."""

from datetime import UTC, datetime, timedelta

from meeting_manager.analytics.numbers import Numbers, Team
from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries.scope import Scope
from meeting_manager.bookings import services
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.people.models import User
from tests.bookings.desk import NOW, TUESDAY_TEN, after, executive, try_to_book
from tests.cast import Cast

DECEMBER = Period(datetime(2026, 12, 1, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date())
LATER = NOW + timedelta(days=4)
"""Friday, when the meetings of Tuesday and Wednesday are over."""


def numbers(
    cast: Cast, period: Period = DECEMBER, *, zone: str = "UTC", member: User | None = None, kinds: int | None = None
) -> Numbers:
    """The figures of Support, as they are on Friday 11 December."""
    types = MeetingType.objects.filter(department=cast.support).order_by("pk")
    ids = tuple(types.values_list("pk", flat=True))[:kinds]
    algorithm = Department.objects.get(pk=cast.support.pk).assignment_algorithm
    team = Team((cast.support.pk,), algorithm)
    scope = Scope(ids, zone, member.pk if member else None)
    return Numbers(scope, team, period, LATER.date(), seconds(LATER))


def live_through(cast: Cast) -> dict[str, Booking]:
    """Two completed, one missed, one cancelled, one moved to Friday, one to come, and an internal hour, in Support;
    and one booking elsewhere, which no figure may count."""
    made = {name: try_to_book(cast, start=after(minutes=30 * at)).booking for at, name in enumerate(_ON_TUESDAY)}
    made["to come"] = try_to_book(cast, start=after(days=7)).booking
    made["internal"] = services.book_internal(
        meeting_type=cast.planning,
        start=after(days=1, hours=4),
        hosts=[Host(cast.lead, is_primary=True), Host(cast.sarah)],
        actor=cast.lead,
        now=NOW,
    ).booking
    services.cancel(booking=made["cancelled"], actor=cast.lead, now=NOW)
    moved = services.reschedule(booking=made["moved"], start=after(days=3), actor=cast.lead, now=NOW)
    made["successor"] = moved.booking
    for name in ("done", "done too"):
        services.complete(booking=made[name], actor=cast.lead, now=LATER)
    services.mark_no_show(booking=made["missed"], actor=cast.lead, now=LATER)
    try_to_book(cast, meeting_type=cast.consultation, start=TUESDAY_TEN)
    return made


def approve_after(cast: Cast, start: datetime, hours: float, made_at: datetime = NOW) -> Booking:
    """A booking that waited so long for its approval."""
    booking = try_to_book(cast, meeting_type=executive(cast), start=start, now=made_at).booking
    return services.approve(booking=booking, actor=cast.lead, now=made_at + timedelta(hours=hours)).booking


_ON_TUESDAY = ("done", "done too", "missed", "cancelled", "moved")
