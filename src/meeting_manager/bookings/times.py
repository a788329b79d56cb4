"""Questions about time: what is offered, what is near, and why a time is refused; all answered by one engine."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from meeting_manager.bookings import texts, validators
from meeting_manager.bookings.facts import Moving, gather_facts, moment, seconds
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine import slots as engine
from meeting_manager.engine.facts import Facts, Member
from meeting_manager.engine.stamps import iso_formatter
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User

LONGEST_RANGE = 92
"""Days, both ends included."""

_MINUTE = 60
_DAY = 86_400
_OF_GUESTS = frozenset({engine.RefusalCode.HOURS, engine.RefusalCode.CLASH})
_LOOK_BACK, _LOOK_AHEAD = 7 * _DAY, 14 * _DAY


@dataclass(frozen=True, slots=True)
class Offer:
    """The slots of a range, with what it takes to show them: the zone, and a fast writer of ISO 8601 in it."""

    timezone: str
    duration: int
    slots: Sequence[engine.Slot]
    iso: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one member can or can't take one time; no refusals: can. `is_offered`: guests could choose the start."""

    user: str
    is_offered: bool
    refusals: Sequence[engine.Refusal]


def offered_slots(
    *,
    meeting_type: MeetingType,
    first: date,
    last: date,
    now: datetime,
    zone: str = "",
    moving: Moving | None = None,
    only: Collection[int] | None = None,
) -> Offer:
    """What guests may choose from `first` to `last`, both inclusive and local to `zone` (default: the department's).

    With `only` (user ids) these members alone are asked. Raises ValidationError for a zone or range that makes no
    sense. At most seven queries, however many members.
    """
    zone = validators.under("timezone", lambda: texts.zone("Timezone", zone)) or meeting_type.department.timezone
    lo, hi = _range(zone, first, last)
    duration = _length(meeting_type, moving)
    lo = max(lo, seconds(now))
    found: Sequence[engine.Slot] = ()
    if lo < hi:
        facts = gather_facts(meeting_type.department, lo, hi + duration, now=now, only=only, moving=moving)
        found = engine.offered_slots(facts, duration, meeting_type.interval * _MINUTE, lo, hi)
    return Offer(zone, duration // _MINUTE, found, iso_formatter(zone, min(lo, hi), hi + duration))


def why_nothing(
    *, meeting_type: MeetingType, first: date, last: date, now: datetime, zone: str, moving: Moving | None = None
) -> engine.Shortage:
    """Why `offered_slots` of the same range has none, in general and without names: guests may be told.

    Raises ValidationError as that does. At most seven queries.
    """
    lo, hi = _range(zone, first, last)
    lo, duration = max(lo, seconds(now)), _length(meeting_type, moving)
    facts = gather_facts(meeting_type.department, lo, hi + duration, now=now, moving=moving)
    return engine.why_nothing(facts, duration, meeting_type.interval * _MINUTE, lo, hi)


def is_offered(*, meeting_type: MeetingType, start: datetime, now: datetime) -> bool:
    """Whether a guest may have this start now. At most seven queries."""
    lo, duration = seconds(start), _length(meeting_type, None)
    facts = gather_facts(meeting_type.department, lo, lo + duration, now=now)
    return bool(engine.offered_slots(facts, duration, meeting_type.interval * _MINUTE, lo, lo + 1))


def alternatives(
    *,
    meeting_type: MeetingType,
    start: datetime,
    now: datetime,
    moving: Moving | None = None,
    hosts: Collection[int] = (),
    minutes: int = 0,
    count: int = 3,
) -> list[tuple[datetime, datetime]]:
    """The offered times nearest to `start`, nearest first, within a week before and two weeks after it.

    Where `hosts` are named (user ids), all of them must be free; `minutes` is a length other than the type's.
    """
    wanted, duration = seconds(start), minutes * _MINUTE or _length(meeting_type, moving)
    lo, hi = max(wanted - _LOOK_BACK, seconds(now)), wanted + _LOOK_AHEAD
    if lo >= hi:
        return []
    facts = gather_facts(meeting_type.department, lo, hi + duration, now=now, only=hosts or None, moving=moving)
    offered = engine.offered_slots(facts, duration, meeting_type.interval * _MINUTE, lo, hi)
    fitting = [slot for slot in offered if slot.available_members >= len(hosts)]
    return [(moment(slot.start), moment(slot.end)) for slot in engine.nearest(fitting, wanted, count)]


def explain(
    *,
    meeting_type: MeetingType,
    start: datetime,
    now: datetime,
    end: datetime | None = None,
    member: User | None = None,
    moving: Moving | None = None,
) -> list[Explanation]:
    """For each active member (or the one named) every rule that refuses `[start, end)`; for staff only.

    Without `end` the meeting lasts the type's duration. A user who is no active member is absent.
    """
    end = end or start + timedelta(minutes=meeting_type.duration)
    if end <= start:
        raise validators.refusal("end_datetime", _("End DateTime must be after Start DateTime."))
    lo, hi = seconds(start), seconds(end)
    facts = gather_facts(meeting_type.department, lo, hi, now=now, moving=moving)
    offered = engine.is_offered(facts, meeting_type.duration * _MINUTE, meeting_type.interval * _MINUTE, lo)
    return [
        Explanation(one.name, offered, engine.why_not(facts, one, lo, hi))
        for one in facts.members
        if member is None or one.id == member.pk
    ]


def explain_all(
    *,
    meeting_type: MeetingType,
    spans: Sequence[tuple[datetime, datetime]],
    now: datetime,
    hosts: Collection[int] | None = None,
    guests: Collection[int] = (),
    waived: Collection[engine.RefusalCode] = (),
) -> list[list[Explanation]]:
    """As `explain` for many times (aware, in order) at once: for each, of every member or those in `hosts` (user ids).

    `guests` are colleagues who need not be members, only asked whether they work then and have nothing else; they come
    behind the members. Rules in `waived` are not asked. At most eight queries.
    """
    if not spans:
        return []
    lo, hi = seconds(spans[0][0]), max(seconds(end) for _start, end in spans)
    facts = gather_facts(meeting_type.department, lo, hi, now=now, only=hosts, besides=guests)
    return [[_explained(facts, one, meeting_type, span, guests, waived) for one in facts.members] for span in spans]


def _explained(
    facts: Facts,
    member: Member,
    kind: MeetingType,
    span: tuple[datetime, datetime],
    guests: Collection[int],
    waived: Collection[engine.RefusalCode],
) -> Explanation:
    lo, hi = seconds(span[0]), seconds(span[1])
    asked = _OF_GUESTS if member.id in guests else frozenset(engine.RefusalCode)
    found = [one for one in engine.why_not(facts, member, lo, hi) if one.code in asked and one.code not in waived]
    return Explanation(
        member.name, engine.is_offered(facts, kind.duration * _MINUTE, kind.interval * _MINUTE, lo), found
    )


def _length(kind: MeetingType, moving: Moving | None) -> int:
    return (moving.minutes if moving else kind.duration) * _MINUTE


def _range(zone: str, first: date, last: date) -> tuple[int, int]:
    if last < first:
        raise validators.refusal("to", _("To must not be before From."))
    if (last - first).days >= LONGEST_RANGE:
        raise validators.refusal("to", _("At most %(days)s days can be asked for at once.") % {"days": LONGEST_RANGE})
    if not (validators.EARLIEST.date() < first and last < validators.LATEST.date()):
        raise validators.refusal("from", _("From and To must be dates between 1900 and 2100."))
    return day_bounds(zone, first)[0], day_bounds(zone, last)[1]
