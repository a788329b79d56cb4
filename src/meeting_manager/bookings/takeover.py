"""Who could take over somebody's bookings while they are away: a plan, made by the engine, before anything is done."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from meeting_manager.bookings import queries, validators
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import gather_facts, moment, seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.departments.choices import AssignmentAlgorithm
from meeting_manager.departments.models import Department
from meeting_manager.departments.rules import manages_some
from meeting_manager.engine import slots as engine
from meeting_manager.engine.assignment import waiting_order
from meeting_manager.engine.facts import Facts, Member, Span
from meeting_manager.engine.placement import Host, Meeting, place
from meeting_manager.people.models import User

LONGEST_DAYS = 92
MOST_BOOKINGS = 300

_DAY = 86_400
_LOOK_BACK, _LOOK_AHEAD = 7 * _DAY, 14 * _DAY
_PROPOSALS = 3
_HELD = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who might take a booking over; without refusals they are free for it."""

    user_id: int
    email: str
    refusals: Sequence[engine.Refusal]


@dataclass(frozen=True, slots=True)
class Takeover:
    """A booking, and the colleague who is to take it (a user id); none where nobody can. `proposals` are then the
    nearest times (UTC) at which a colleague could.
    """

    booking: Booking
    host: int | None
    colleagues: Sequence[Colleague]
    proposals: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of somebody's bookings. `left` stay theirs: internal meetings, and those of departments in which
    others decide.
    """

    takeovers: Sequence[Takeover]
    left: Sequence[Booking]


def plan_takeover(*, actor: User, leaving: User, since: datetime, until: datetime, now: datetime) -> Plan:
    """How colleagues could take over the bookings that `leaving` has within [since, until), each at its own time.

    As many as possible find somebody who is free for it by every rule; the load is spread by shares
    (engine.placement).
    Reads only: about ten queries for each department, however many bookings. Raises PermissionDenied for whoever
    decides nowhere, ValidationError for a period that makes no sense or holds more than MOST_BOOKINGS.
    """
    if not manages_some(actor):
        raise PermissionDenied(_("Only a department leader or a System Manager may reassign bookings."))
    _check_period(since, until)
    held = _held_by(actor, leaving, max(since, now), until)
    movable = [each for each in held if not each.is_internal and may_decide(actor, each.meeting_type.department)]
    planner = _Planner(leaving, movable, (seconds(since), seconds(until)), now)
    kept = {booking.pk for booking in movable}
    return Plan(list(planner.takeovers()), [booking for booking in held if booking.pk not in kept])


def plan_for(*, bookings: Sequence[Booking], now: datetime, to: User | None = None) -> list[Takeover]:
    """The same for bookings of anybody that are Pending or Confirmed and still to come: each from its first host to a
    colleague, or all of them to one, `to`; without proposals. At most MOST_BOOKINGS, with type, department and hosts.

    Reads only, and asks for no rights: about ten queries for each department, however many bookings.
    """
    if not bookings:
        return []
    period = (
        min(seconds(booking.start_datetime) for booking in bookings),
        max(seconds(booking.end_datetime) for booking in bookings),
    )
    return list(_Planner(None, bookings, period, now, to).takeovers())


def _check_period(since: datetime, until: datetime) -> None:
    if until <= since:
        raise validators.refusal("until", _("The last day must not be before the first."))
    if (until - since).days > LONGEST_DAYS:
        raise validators.refusal("until", _("At most %(days)s days can be planned at once.") % {"days": LONGEST_DAYS})


def _held_by(actor: User, leaving: User, since: datetime, until: datetime) -> list[Booking]:
    filters = queries.Filters(member=leaving.email, statuses=_HELD, since=since, until=until)
    found = list(queries.listing(actor, filters)[: MOST_BOOKINGS + 1])
    if len(found) > MOST_BOOKINGS:
        message = _("There are more than %(count)s bookings in this period. Choose a shorter one.")
        raise validators.refusal("until", message % {"count": MOST_BOOKINGS})
    return found


class _Planner:
    """Facts of each department, read once, for a week before and two after, as proposals need them, too."""

    def __init__(
        self,
        leaving: User | None,
        bookings: Sequence[Booking],
        period: Span,
        now: datetime,
        to: User | None = None,
    ) -> None:
        self._to = to
        self._now, self._bookings, self._leaving, self._period = now, bookings, leaving, period
        departments = {booking.meeting_type.department_id: booking.meeting_type.department for booking in bookings}
        self._facts = {pk: self._gather(department) for pk, department in departments.items()}
        self._departments = departments

    def _gather(self, department: Department) -> Facts:
        lo, hi = self._period[0] - _LOOK_BACK, self._period[1] + _LOOK_AHEAD
        facts = gather_facts(department, lo, hi, now=self._now)
        return replace(facts, members=tuple(one for one in facts.members if self._may_take(one)))

    def _may_take(self, member: Member) -> bool:
        is_leaving = self._leaving is not None and member.id == self._leaving.pk
        return not is_leaving and (self._to is None or member.id == self._to.pk)

    def takeovers(self) -> Iterator[Takeover]:
        colleagues = {booking.pk: self._colleagues(booking) for booking in self._bookings}
        meetings = [
            Meeting(
                booking.pk,
                seconds(booking.start_datetime),
                seconds(booking.end_datetime),
                [one.user_id for one in colleagues[booking.pk] if not one.refusals],
            )
            for booking in self._bookings
        ]
        placed = place(meetings, list(self._hosts())) if meetings else {}
        for booking in self._bookings:
            host = placed.get(booking.pk)
            proposals = [] if host or self._leaving is None else self._proposals(booking)
            yield Takeover(booking, host, colleagues[booking.pk], proposals)

    def _colleagues(self, booking: Booking) -> list[Colleague]:
        facts = self._without(booking)
        start, end = seconds(booking.start_datetime), seconds(booking.end_datetime)
        present = {row.user_id for row in booking.assigned_users.all()}
        return [
            Colleague(one.id, one.name, engine.why_not(facts, one, start, end))
            for one in facts.members
            if one.id not in present
        ]

    def _without(self, booking: Booking) -> Facts:
        """The facts of its department, in which this booking is not counted: it stays there, whoever has it."""
        facts = self._facts[booking.meeting_type.department_id]
        starts, own = list(facts.department.booked_starts), seconds(booking.start_datetime)
        at = bisect_left(starts, own)
        if at < len(starts) and starts[at] == own:
            del starts[at]
        return replace(facts, department=replace(facts.department, booked_starts=starts))

    def _hosts(self) -> Iterator[Host]:
        """Each colleague once. Who is in several departments has the share of the one that comes first."""
        members = dict[int, tuple[Member, Department]]()
        for pk, facts in self._facts.items():
            for member in facts.members:
                members.setdefault(member.id, (member, self._departments[pk]))
        ordered = sorted(members.values(), key=lambda known: waiting_order(known[0]))
        for turn, (member, department) in enumerate(ordered):
            counted = member.busy.counted
            load = bisect_left(counted, self._period[1]) - bisect_left(counted, self._period[0])
            is_weighted = department.assignment_algorithm == AssignmentAlgorithm.WEIGHTED
            weight = member.priority if is_weighted else 1
            yield Host(member.id, member.zone, member.rule, member.busy, load, weight, turn)

    def _proposals(self, booking: Booking) -> list[tuple[datetime, datetime]]:
        facts, kind = self._without(booking), booking.meeting_type
        wanted, length = seconds(booking.start_datetime), booking.duration * 60
        lo = max(wanted - _LOOK_BACK, seconds(self._now))
        offered = engine.offered_slots(facts, length, kind.interval * 60, lo, wanted + _LOOK_AHEAD)
        return [(moment(slot.start), moment(slot.end)) for slot in engine.nearest(offered, wanted, _PROPOSALS)]


def by_host(plan: Plan) -> Mapping[int, int]:
    """How many bookings each colleague (a user id) would take."""
    counted = defaultdict[int, int](int)
    for takeover in plan.takeovers:
        if takeover.host is not None:
            counted[takeover.host] += 1
    return counted
