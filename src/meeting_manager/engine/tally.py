"""Counting who is free at each of many starts: sorted columns, no object for a row of busy time.

Every row of busy time forbids a stretch of starts, [start - gap - duration + 1, end + gap). In the sorted
list of starts that is a stretch of places, found in a table by division instead of by search. What the
stretches of a member leave open is added up in one array of differences for all members.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise, repeat
from math import gcd
from operator import add

from meeting_manager.engine.facts import DAY, Busy, BusyKind, Member, Span


class Places:
    """For any instant the place of the first start at or after it, by one division and one lookup."""

    __slots__ = ("_table", "origin", "quantum", "starts")

    def __init__(self, starts: Sequence[int], slack: int) -> None:
        """`starts`: sorted, at least one. The table reaches `slack` seconds beyond the last."""
        self.starts = starts
        self.origin = starts[0]
        self.quantum = gcd(*(later - earlier for earlier, later in pairwise(starts))) or DAY
        self._table = [0]
        for place, (earlier, later) in enumerate(pairwise(starts), start=1):
            self._table += [place] * ((later - earlier) // self.quantum)
        self._table += [len(starts)] * (slack // self.quantum + 2)

    def of(self, instant: int) -> int:
        return bisect_left(self.starts, instant)

    @property
    def end(self) -> int:
        """The last instant for which the table has an answer."""
        return self.origin + (len(self._table) - 1) * self.quantum

    def forbidden(self, starts: Sequence[int], ends: Sequence[int], lead: int, trail: int) -> Iterator[Span]:
        """The places that spans forbid to starts in [start - lead + 1, end + trail), one pair for each.

        No `start` may lie before `origin + lead - quantum`, and no `end + trail` after `end`.
        """
        table, quantum = self._table, self.quantum
        first, second = lead + self.origin - quantum, self.origin - trail - quantum + 1
        return zip(
            [table[(start - first) // quantum] for start in starts],
            [table[(end - second) // quantum] for end in ends],
            strict=True,
        )


class Tally:
    """How many members are free at each of the starts, added up group by group."""

    def __init__(self, starts: Sequence[int], duration: int, now: int) -> None:
        self.starts = starts
        self.counts = [0] * len(starts)
        self._duration = duration
        self._now = now
        self._places = Places(starts, duration + 2 * DAY)
        self._changes: list[int] = []

    def add(
        self, members: Iterable[Member], windows: Iterable[Span], days: Sequence[int], weeks: Sequence[int]
    ) -> None:
        """Count the free among members who keep the same hours.

        `windows` are their open hours, which do not touch; `days` and `weeks` the bounds of consecutive local
        days and weeks that cover the starts.
        """
        self._changes = [0] * (len(self.starts) + 1)
        for member in members:
            self._add_member(member, days, weeks)
        free = list(accumulate(self._changes))
        for opens, closes in windows:
            open_places = slice(bisect_left(self.starts, opens), bisect_right(self.starts, closes - self._duration))
            self.counts[open_places] = map(add, self.counts[open_places], free[open_places])

    def _add_member(self, member: Member, days: Sequence[int], weeks: Sequence[int]) -> None:
        """Count the starts at which the member would be free with the door open all day."""
        rule = member.rule
        first = self._places.of(self._now + rule.min_notice)
        last = bisect_right(self.starts, self._now + rule.max_advance) if rule.max_advance else len(self.starts)
        if first >= last:
            return
        full = list(self._full(member, days, weeks))
        if full or rule.buffer_before != rule.buffer_after:
            pairs: Iterable[Span] = sorted(chain(full, *self._apart(member, last)))
            pairs = ((min(begin, last), end) for begin, end in pairs)
        else:
            first, pairs = self._blocked(member.busy, first, last, rule.buffer_before, rule.buffer_before)
        self._leave_open(pairs, first, last)

    def _leave_open(self, pairs: Iterable[Span], free: int, last: int) -> None:
        """Count what the pairs, ordered by their beginning, leave of the places from `free` to `last`."""
        changes = self._changes
        for begin, end in pairs:
            if begin > free:
                changes[free] += 1
                changes[begin] -= 1
            if end > free:
                free = end
        if last > free:
            changes[free] += 1
            changes[last] -= 1

    def _blocked(self, busy: Busy, free: int, last: int, before: int, after: int) -> tuple[int, Iterable[Span]]:
        """The first place that spans long ago leave free, and the places that later ones forbid.

        Spans that begin after the meeting at place `last - 1` and its buffer are left out.
        """
        places, lead = self._places, after + self._duration
        low = bisect_left(busy.starts, places.origin + lead - places.quantum)
        high = bisect_right(busy.starts, self.starts[last - 1] + lead - 1)
        if low:
            free = max(free, places.of(max(busy.ends[:low]) + before))
        ends = busy.ends[low:high]
        if ends and max(ends) + before > places.end:
            ends = [min(end, places.end - before) for end in ends]
        return free, places.forbidden(busy.starts[low:high], ends, lead, before)

    def _apart(self, member: Member, last: int) -> Iterator[Iterable[Span]]:
        """Pairs for bookings and for events, which buffers treat differently."""
        rule, busy = member.rule, member.busy
        gap = max(rule.buffer_before, rule.buffer_after)
        bookings, events = _split(busy)
        for part, before, after in ((bookings, gap, gap), (events, rule.buffer_before, rule.buffer_after)):
            if part.starts:
                free, pairs = self._blocked(part, 0, last, before, after)
                yield ((0, free),)
                yield pairs

    def _full(self, member: Member, days: Sequence[int], weeks: Sequence[int]) -> Iterator[Span]:
        """The places of the local days and weeks in which the member's limits are reached."""
        rule = member.rule
        for limit, bounds in ((rule.max_per_day, days), (rule.max_per_week, weeks)):
            if limit and len(member.busy.counted) >= limit:
                yield from full_periods(self.starts, member.busy.counted, limit, bounds)


def full_periods(starts: Sequence[int], counted: Sequence[int], limit: int, bounds: Sequence[int]) -> Iterator[Span]:
    """The places of the starts in those of consecutive periods that hold `limit` counted starts or more."""
    before = list(map(bisect_left, repeat(counted), bounds))
    for number, (low, high) in enumerate(pairwise(before)):
        if high - low >= limit:
            yield bisect_left(starts, bounds[number]), bisect_left(starts, bounds[number + 1])


def _split(busy: Busy) -> tuple[Busy, Busy]:
    kinds = set(busy.kinds)
    if BusyKind.EXTERNAL not in kinds:
        return busy, Busy()
    rows = list(zip(busy.starts, busy.ends, busy.kinds, strict=True))
    bookings = [row for row in rows if row[2] != BusyKind.EXTERNAL]
    events = [row for row in rows if row[2] == BusyKind.EXTERNAL]
    return _columns(bookings), _columns(events)


def _columns(rows: Sequence[tuple[int, int, int]]) -> Busy:
    return Busy(*zip(*rows, strict=True)) if rows else Busy()
