"""The smallest change of settings that would open a time which is refused, proven by the engine itself.

Every remedy is applied to the facts, and told only if the member is then free by the same rules that refused. Nothing
but settings is changed: what is booked is booked, and the past is past.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from meeting_manager.engine.changes import MINUTE, Change, ChangeKind, applied, size
from meeting_manager.engine.facts import DAY, HOUR, BusyKind, Facts, Member, Span
from meeting_manager.engine.hours import day_bounds, local_date, open_windows, week_bounds
from meeting_manager.engine.openings import openings
from meeting_manager.engine.refusals import Refusal, RefusalCode, is_free, why_not
from meeting_manager.engine.slots import is_offered

LONGEST_ADVANCE = 365 * DAY
MOST_A_DAY, MOST_A_WEEK = 50, 200
"""What can be set; a limit beyond it is none."""

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What it takes to open a time for a member.

    `changes` are all needed together. `hopeless` are the rules that no setting opens: then there are no changes.
    `is_offered` says whether guests could choose the start after the changes.
    """

    changes: Changes = ()
    hopeless: tuple[RefusalCode, ...] = ()
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The time in question, [start, end), and the steps of the meeting type; all in seconds."""

    start: int
    end: int
    duration: int
    interval: int


def remedy_for(facts: Facts, member: Member, asked: Asked) -> Remedy:
    """The smallest change that frees the member at that time.

    For hours there may be several: first those after which guests could choose the start, of them those with the fewest
    changes, of them what opens the fewest minutes, of them by ChangeKind. Every other rule has one answer: the smallest
    whole minute, hour, day or number that does.
    """
    refusals = why_not(facts, member, asked.start, asked.end)
    answers = [(code, list(_answers(code, facts, member, asked, refusals))) for code in _codes(refusals)]
    hopeless = tuple(code for code, found in answers if not found)
    if hopeless or not answers:
        return Remedy(hopeless=hopeless)
    return _smallest(facts, member, asked, [found for _, found in answers])


def order(remedy: Remedy) -> tuple[int, int, int, list[int]]:
    """Sorts the remedies of several members, the smallest first: what can be opened at all, for guests too, by the
    fewest changes, by kind.
    """
    kinds = [int(change.kind) for change in remedy.changes]
    return len(remedy.hopeless), not remedy.is_offered, len(kinds), kinds


def nearest_steps(facts: Facts, asked: Asked, count: int = 2) -> list[int]:
    """The starts of that day that are steps in anybody's hours, nearest first; whether anybody is free is another
    question."""
    steps: set[int] = set()
    for member in facts.members:
        if member.unread_since is None:
            day = local_date(member.zone, asked.start)
            for window in open_windows(member.zone, member.hours, member.rule.overrides, day):
                steps.update(*window.starts(asked.duration, asked.interval, *day_bounds(member.zone, day)))
    return sorted(steps, key=lambda step: (abs(step - asked.start), step))[:count]


def _codes(refusals: Sequence[Refusal]) -> list[RefusalCode]:
    return list(dict.fromkeys(refusal.code for refusal in refusals))


def _smallest(facts: Facts, member: Member, asked: Asked, answers: Sequence[Sequence[Changes]]) -> Remedy:
    found = []
    for parts in product(*answers):
        changes = tuple(chain.from_iterable(parts))
        then, changed = applied(facts, member, changes)
        if is_free(then, changed, asked.start, asked.end):
            offered = is_offered(then, asked.duration, asked.interval, asked.start)
            found.append(Remedy(changes, is_offered=offered))
    # Only doors can't always be opened: where clocks repeat or skip an hour, a wall time may not be where it seems.
    return min(found, key=_rank, default=Remedy(hopeless=(RefusalCode.HOURS,)))


def _rank(remedy: Remedy) -> tuple[bool, int, int, list[int]]:
    of_hours = [change for change in remedy.changes if change.kind <= ChangeKind.DAY_OPENS]
    return not remedy.is_offered, len(of_hours), size(of_hours), [int(change.kind) for change in of_hours]


def _answers(
    code: RefusalCode, facts: Facts, member: Member, asked: Asked, refusals: Sequence[Refusal]
) -> Iterator[Changes]:
    """The changes that may satisfy one rule; none where no setting can."""
    day = local_date(member.zone, asked.start)
    match code:
        case RefusalCode.HOURS:
            yield from openings(member, asked.start, asked.end)
        case RefusalCode.BUFFER:
            yield tuple(_buffers(member, asked, refusals))
        case RefusalCode.NOTICE if asked.start >= facts.now:
            to = (asked.start - facts.now) // HOUR * HOUR
            yield (Change(ChangeKind.NOTICE, day, member.rule.min_notice, to),)
        case RefusalCode.ADVANCE if asked.start - facts.now <= LONGEST_ADVANCE:
            to = -(-(asked.start - facts.now) // DAY) * DAY
            yield (Change(ChangeKind.ADVANCE, day, member.rule.max_advance, to),)
        case RefusalCode.DAY_LIMIT | RefusalCode.WEEK_LIMIT | RefusalCode.DEPARTMENT_LIMIT:
            yield (_limit(code, facts, member, asked),)
        case RefusalCode.CALENDAR:
            yield (Change(ChangeKind.CALENDAR, day),)


def _limit(code: RefusalCode, facts: Facts, member: Member, asked: Asked) -> Change:
    day, rule = local_date(member.zone, asked.start), member.rule
    match code:
        case RefusalCode.DAY_LIMIT:
            to = _one_more(member.busy.counted, day_bounds(member.zone, day), MOST_A_DAY)
            return Change(ChangeKind.DAY_LIMIT, day, rule.max_per_day, to)
        case RefusalCode.WEEK_LIMIT:
            to = _one_more(member.busy.counted, week_bounds(member.zone, day), MOST_A_WEEK)
            return Change(ChangeKind.WEEK_LIMIT, day, rule.max_per_week, to)
        case _:
            department = facts.department
            theirs = local_date(department.zone, asked.start)
            count = _count(department.booked_starts, day_bounds(department.zone, theirs))
            return Change(ChangeKind.DEPARTMENT_LIMIT, theirs, department.max_per_day, count + 1)


def _one_more(counted: Sequence[int], period: Span, most: int) -> int:
    wanted = _count(counted, period) + 1
    return wanted if wanted <= most else 0


def _count(counted: Sequence[int], period: Span) -> int:
    return bisect_left(counted, period[1]) - bisect_left(counted, period[0])


def _buffers(member: Member, asked: Asked, refusals: Sequence[Refusal]) -> Iterator[Change]:
    """An event is kept apart by the buffer on its side, a booking by the longer of both on either."""
    before, after = member.rule.buffer_before, member.rule.buffer_after
    for refusal in refusals:
        if refusal.code is RefusalCode.BUFFER and refusal.since is not None and refusal.until is not None:
            is_earlier = refusal.until <= asked.start
            gap = asked.start - refusal.until if is_earlier else refusal.since - asked.end
            room = gap // MINUTE * MINUTE
            of_booking = refusal.kind is not BusyKind.EXTERNAL
            before = min(before, room) if of_booking or is_earlier else before
            after = min(after, room) if of_booking or not is_earlier else after
    day = local_date(member.zone, asked.start)
    if before < member.rule.buffer_before:
        yield Change(ChangeKind.BUFFER_BEFORE, day, member.rule.buffer_before, before)
    if after < member.rule.buffer_after:
        yield Change(ChangeKind.BUFFER_AFTER, day, member.rule.buffer_after, after)
