"""What stands in the calendar, in the form that the script in browsers draws; all times are by the reader's clocks."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, Max, QuerySet, Sum, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meeting_manager.availability.queries import standing
from meeting_manager.bookings import queries, when
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side, title_for
from meeting_manager.bookings.rules import may_edit
from meeting_manager.busy.choices import MAX_PIECE, BusyKind
from meeting_manager.busy.models import BusyTime
from meeting_manager.engine.hours import range_windows
from meeting_manager.engine.intervals import subtract
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.workspace.calendar_board.asked import Asked
from meeting_manager.workspace.calendar_board.people import Person
from meeting_manager.workspace.standing import standing_of

MOST = 1500
"""More bookings than that no view can show; whoever has more filters."""

Json = dict[str, object]


def bookings_of(asked: Asked) -> list[Booking]:
    """The bookings of the period that the reader may see, by start, with hosts, type and department."""
    rows = queries.listing(asked.user, asked.filters).filter(end_datetime__gt=moment(asked.bounds[0]))
    return list(rows[:MOST])


def version_of(asked: Asked) -> str:
    """What changes as soon as something in the period does, for the price of two sums over indexed rows."""
    rows = queries.narrow(queries.visible_to(asked.user), asked.filters)
    booked = rows.aggregate(Count("pk"), Max("pk"), Max("modified_at"))
    busy = _busy_rows(asked).aggregate(Count("pk"), Max("pk"), Sum("starts"), Sum("ends")) if asked.people else {}
    told = (*booked.values(), *busy.values(), asked.user.pk, get_language(), when.clock_style(), asked.form.data)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def feed_of(asked: Asked) -> Json:
    """Columns and events. At most nine queries, however many there are."""
    found = bookings_of(asked)
    people = [*asked.people, *_others(asked, found)]
    events = [_event(each, asked, people) for each in found]
    if asked.shows_hours:
        events += [*_closed(asked), *_busy(asked, {each.pk for each in found})]
    columns = [{"id": str(each.id), "title": each.label, "extendedProps": {"email": each.email}} for each in people]
    return {"resources": columns, "events": events}


def _others(asked: Asked, found: Iterable[Booking]) -> list[Person]:
    """Hosts of bookings that no column would show, such as those who have left the department."""
    known = {each.id for each in asked.people}
    others: dict[int, Person] = {}
    if asked.filters.member:
        return []
    for booking in found:
        hosts = booking.assigned_users.all()
        if not known & {row.user_id for row in hosts}:
            zone = booking.meeting_type.department.timezone
            others |= {row.user_id: Person(row.user_id, row.user.email, row.user.display_name, zone) for row in hosts}
    return list(others.values())


def _event(booking: Booking, asked: Asked, people: Sequence[Person]) -> Json:
    columns = {each.id for each in people}
    hosts = list(booking.assigned_users.all())
    stands = standing_of(booking)
    movable = booking.booking_status in HOLDING and may_edit(asked.user, booking)
    return {
        "id": booking.name,
        "resourceIds": [str(row.user_id) for row in hosts if row.user_id in columns],
        "title": title_for(booking, Side.HOST),
        "start": wall(booking.start_datetime, asked.zone),
        "end": wall(booking.end_datetime, asked.zone),
        "editable": movable,
        "classNames": ["booking", stands.tone or "over"],
        "extendedProps": {
            "status": str(stands.word),
            "icon": stands.icon,
            "time": when.span(booking.start_datetime, booking.end_datetime, asked.zone),
            "hosts": ", ".join(row.user.display_name for row in hosts),
        },
    }


def _busy_rows(asked: Asked) -> QuerySet[BusyTime]:
    low, high = asked.bounds
    ids = [each.id for each in asked.people]
    near = BusyTime.objects.filter(user__in=ids, starts__gt=low - MAX_PIECE - 1, starts__lt=high, ends__gt=low)
    return near.exclude(kind=BusyKind.COMPLETED)


def _busy(asked: Asked, shown: set[int]) -> Iterator[Json]:
    """Time that something else takes: what it is called, only its owner reads; to others it is just busy.

    What a filter or the rights of the reader leave out takes its host's time all the same.
    """
    own = When(event__calendar_integration__user=asked.user.pk, then=F("event__event_title"))
    rows = _busy_rows(asked).annotate(title=Case(own, default=Value(""), output_field=CharField()))
    values = rows.order_by("user", "starts").values_list("user_id", "starts", "ends", "booking_id", "title")
    for number, (user, starts, ends, booking, title) in enumerate(values):
        if booking is None or booking not in shown:
            yield {
                "id": f"busy-{number}",
                "resourceIds": [str(user)],
                "title": title or _("Busy"),
                "start": wall(moment(starts), asked.zone),
                "end": wall(moment(ends), asked.zone),
                "editable": False,
                "classNames": ["busy"],
                "extendedProps": {"time": when.span(moment(starts), moment(ends), asked.zone), "busy": True},
            }


def _closed(asked: Asked) -> Iterator[Json]:
    """The time outside the working hours of each person, to be shaded."""
    low, high = asked.bounds
    around = asked.first - timedelta(days=1), asked.last + timedelta(days=1)
    standings = standing([each.id for each in asked.people], *around)
    for person in asked.people:
        own = standings[person.id]
        opened = range_windows(own.zone or person.zone, own.hours, own.rule.overrides, low, high)
        for number, (starts, ends) in enumerate(subtract([(low, high)], [(each.start, each.end) for each in opened])):
            yield {
                "id": f"closed-{person.id}-{number}",
                "resourceIds": [str(person.id)],
                "display": "background",
                "start": wall(moment(starts), asked.zone),
                "end": wall(moment(ends), asked.zone),
                "classNames": ["closed"],
            }


def wall(instant: datetime, zone: str) -> str:
    """What the clocks of a zone show, without the zone: browsers may stand elsewhere, and are not asked."""
    return when.local(instant, zone).replace(tzinfo=None).isoformat(timespec="seconds")
