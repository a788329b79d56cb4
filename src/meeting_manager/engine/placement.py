"""Who takes over somebody's meetings, all at their times: as many as can be, and fairly; the best plan there is.

The meetings of one person never overlap. So what keeps two of them from the same host are that host's limits, days in
weeks, which a flow of least cost obeys, and their buffers, for which we branch and bound.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, pairwise

from meeting_manager.engine.facts import Busy, Rule, Span
from meeting_manager.engine.flow import Flow
from meeting_manager.engine.hours import local_date, week_bounds
from meeting_manager.engine.zones import day_bounds

_SHARES = 2520
"""Divisible by every weight from 1 to 10."""

_MOST_BRANCHES = 200
"""After so many plans the best found is mended instead of proven; where buffers are shorter than gaps it takes one."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is to be taken over, and by whom it could be: ids of hosts who are free for it, taken by itself."""

    key: int
    start: int
    end: int
    hosts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Host:
    """Who may take some over. `load` is what they have already in the period, `weight` the share that is theirs (from
    1 to 10), `turn` breaks ties: the lowest first."""

    id: int
    zone: str
    rule: Rule
    busy: Busy
    load: int = 0
    weight: int = 1
    turn: int = 0


Placement = dict[int, int]
"""The key of each meeting that finds a host, and that host's id."""

Forbidden = frozenset[tuple[int, int]]
"""Pairs of a meeting's key and a host's id."""


def place(meetings: Sequence[Meeting], hosts: Sequence[Host]) -> Placement:
    """Who takes which meeting. As many as possible are placed; among such plans, the sum over all hosts of their
    (load + meetings)² / weight is least, so that nobody has much more than their share; then earlier turns go first.

    The meetings must not overlap one another. Beyond `_MOST_BRANCHES` plans the answer obeys all rules but may not be
    the best.
    """
    known = {host.id: host for host in hosts}
    order, branches = count(), 0
    first = _plan(meetings, known, frozenset())
    waiting = [(first.cost, next(order), first)]
    while waiting:
        _, _, plan = heappop(waiting)
        clash = _too_close(plan, meetings, known)
        if clash is None:
            return plan.placed
        branches += 1
        options: Iterable[tuple[int, int]] = clash if branches < _MOST_BRANCHES else clash[1:]
        if branches >= _MOST_BRANCHES:
            waiting.clear()
        for pair in options:
            tried = _plan(meetings, known, plan.forbidden | {pair})
            heappush(waiting, (tried.cost, next(order), tried))
    raise AssertionError("forbidding ends where nothing is left to forbid")


@dataclass(frozen=True, slots=True)
class _Plan:
    forbidden: Forbidden
    placed: Placement
    cost: int


def _plan(meetings: Sequence[Meeting], hosts: Mapping[int, Host], forbidden: Forbidden) -> _Plan:
    """The best plan without the forbidden pairs, whatever the buffers between these meetings."""
    network = _Network(hosts, len(meetings))
    ways = {
        (meeting.key, host): network.way(meeting, hosts[host])
        for meeting in meetings
        for host in meeting.hosts
        if (meeting.key, host) not in forbidden
    }
    cost = sum(network.send(meeting) for meeting in meetings)
    placed = {key: host for (key, host), arc in ways.items() if network.flow.used(arc)}
    return _Plan(forbidden, placed, cost)


@dataclass(slots=True)
class _Network:
    """Meetings → the host's day → the host's week → the host → what one more costs; and nobody, dearer than all."""

    hosts: Mapping[int, Host]
    meetings: int
    flow: Flow = field(default_factory=Flow)
    _nodes: dict[object, int] = field(default_factory=dict)

    def way(self, meeting: Meeting, host: Host) -> tuple[int, int]:
        """The arc that is used where this host takes this meeting."""
        return self.flow.arc(self._source(meeting), self._day(host, meeting.start), 1, 0)

    def send(self, meeting: Meeting) -> int:
        """Place one more meeting; what it costs."""
        cost = self.flow.send(self._source(meeting), self._node("sink"))
        assert cost is not None  # noqa: S101 - nobody has room for all
        return cost

    def _source(self, meeting: Meeting) -> int:
        name, is_new = ("meeting", meeting.key), ("meeting", meeting.key) not in self._nodes
        node = self._node(name)
        if is_new:
            self.flow.arc(node, self._node("sink"), 1, self._nobody())
        return node

    def _day(self, host: Host, start: int) -> int:
        day = local_date(host.zone, start)
        week = self._limited("week", host, week_bounds(host.zone, day), host.rule.max_per_week, self._host(host))
        return self._limited("day", host, day_bounds(host.zone, day), host.rule.max_per_day, week)

    def _limited(self, kind: str, host: Host, period: Span, limit: int, onward: int) -> int:
        if not limit:
            return onward
        name = (kind, host.id, period[0])
        if name not in self._nodes:
            counted = host.busy.counted
            room = limit - (bisect_left(counted, period[1]) - bisect_left(counted, period[0]))
            self.flow.arc(self._node(name), onward, max(room, 0), 0)
        return self._nodes[name]

    def _host(self, host: Host) -> int:
        name = ("host", host.id)
        if name not in self._nodes:
            node = self._node(name)
            for more in range(1, self.meetings + 1):
                self.flow.arc(node, self._node("sink"), 1, self._price(host, more))
        return self._nodes[name]

    def _price(self, host: Host, more: int) -> int:
        """What the load grows by, squared, with the `more`th meeting; turns count less than any difference in it."""
        grown = (2 * (host.load + more) - 1) * _SHARES // host.weight
        return grown * self._turns() + host.turn

    def _turns(self) -> int:
        """More than what all turns can add up to."""
        return 1 + self.meetings * max((host.turn for host in self.hosts.values()), default=0)

    def _nobody(self) -> int:
        """More than any plan that places one more meeting can cost in addition."""
        highest = max((self._price(host, self.meetings) for host in self.hosts.values()), default=0)
        return 1 + (self.meetings + 1) * highest

    def _node(self, name: object) -> int:
        if name not in self._nodes:
            self._nodes[name] = self.flow.node()
        return self._nodes[name]


def _too_close(plan: _Plan, meetings: Iterable[Meeting], hosts: Mapping[int, Host]) -> list[tuple[int, int]] | None:
    """Two meetings, as pairs with their host, that this host's buffers keep apart; none where all is well."""
    by_host = defaultdict[int, list[Meeting]](list)
    for meeting in sorted(meetings, key=lambda meeting: meeting.start):
        if meeting.key in plan.placed:
            by_host[plan.placed[meeting.key]].append(meeting)
    for host, theirs in by_host.items():
        apart = max(hosts[host].rule.buffer_before, hosts[host].rule.buffer_after)
        for one, next_one in pairwise(theirs):
            if next_one.start < one.end + apart:
                return [(one.key, host), (next_one.key, host)]
    return None
