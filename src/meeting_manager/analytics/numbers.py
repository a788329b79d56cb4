"""The figures of a period beside those of the one before: each query is made once, and only where it is asked for."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

from meeting_manager.analytics.clocks import local_day, week_hour
from meeting_manager.analytics.fairness import Load, Share, shares
from meeting_manager.analytics.periods import Period, buckets, last_days, next_days
from meeting_manager.analytics.queries import capacity, counts, hosts, waits
from meeting_manager.analytics.queries.capacity import Membership
from meeting_manager.analytics.queries.scope import TAKING_PLACE, Scope
from meeting_manager.analytics.queries.totals import cancellation_rate, made, no_show_rate
from meeting_manager.departments.choices import AssignmentAlgorithm

COMING_DAYS = 7


@dataclass(frozen=True, slots=True)
class Team:
    """The departments (by id) whose members are looked at, and the algorithm where all of them use the same."""

    departments: tuple[int, ...]
    algorithm: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers on top. Rates are parts of one, waits seconds; None where nothing could be counted."""

    bookings: int
    cancellation_rate: float | None
    no_show_rate: float | None
    median_wait: float | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Meetings that take place on a day or in a week around now, and in as many days before."""

    period: Period
    now: int
    before: int


class Numbers:
    """All figures of a scope and a period; `today` is the local date and `now` UTC epoch seconds."""

    def __init__(self, scope: Scope, team: Team, period: Period, today: date, now: int) -> None:
        self.scope, self.team, self.period = scope, team, period
        self.before = period.before()
        self._today, self._now = today, now

    @cached_property
    def by_hour(self) -> list[counts.Count]:
        """What all charts over time, types and statuses are made of."""
        return counts.by_hour(self.scope, self._span(self.period))

    @cached_property
    def _around(self) -> Sequence[Counter[str]]:
        """By status: the period before, today, yesterday, the coming days and as many up to today."""
        today, week = last_days(self._today, 1), next_days(self._today, COMING_DAYS)
        periods = (self.before, today, today.before(), week, last_days(self._today, COMING_DAYS))
        return counts.by_status(self.scope, [self._span(period) for period in periods])

    @cached_property
    def _waits(self) -> Sequence[float | None]:
        return waits.median_waits(self.scope, [self._span(self.period), self._span(self.before)])

    @cached_property
    def _hostings(self) -> list[hosts.Hosting]:
        """Of everybody, also where one member is looked at, who is then seen beside the others."""
        return hosts.by_host(self.scope.of_everybody(), self._span(self.period))

    @cached_property
    def asked(self) -> Counter[int]:
        """When the bookings were made: how many in each hour of the local week, 0 for Monday 00:00."""
        return counts.asked_for(self.scope, self._span(self.period), self._now)

    @cached_property
    def held(self) -> Counter[int]:
        """When the meetings take place, or did: how many begin in each hour of the local week."""
        found: Counter[int] = Counter()
        for each in self.by_hour:
            if each.status in TAKING_PLACE:
                found[week_hour(each.hour)] += each.number
        return found

    @cached_property
    def statuses(self) -> Counter[str]:
        """How many bookings have which status."""
        found: Counter[str] = Counter()
        for each in self.by_hour:
            found[each.status] += each.number
        return found

    @cached_property
    def types(self) -> dict[int, Counter[str]]:
        """By meeting type (id): how many bookings have which status."""
        found: dict[int, Counter[str]] = {}
        for each in self.by_hour:
            found.setdefault(each.meeting_type, Counter())[each.status] += each.number
        return found

    @cached_property
    def members(self) -> dict[int, Counter[str]]:
        """By host (user id): how many bookings have which status; only the member, where one is looked at."""
        found: dict[int, Counter[str]] = {}
        for each in self._hostings:
            if self.scope.member in (None, each.user):
                found.setdefault(each.user, Counter())[each.status] += each.number
        return found

    @cached_property
    def over_time(self) -> list[tuple[Period, Counter[str]]]:
        """Each day, week or month of the period, and how many bookings in it have which status."""
        cut = [(bucket, Counter[str]()) for bucket in buckets(self.period)]
        starts = [bucket.first for bucket, _counter in cut]
        place = cache(lambda day: bisect_right(starts, local_day(day * 24)) - 1)
        for each in self.by_hour:
            cut[place(each.hour // 24)][1][each.status] += each.number
        return cut

    def now_totals(self) -> Totals:
        """The numbers of the period."""
        return _totals(self.statuses, self._waits[0])

    def totals_before(self) -> Totals:
        """The numbers of the period before."""
        return _totals(self._around[0], self._waits[1])

    def today(self) -> Moment:
        """Meetings of today beside those of yesterday."""
        return Moment(last_days(self._today, 1), _taking_place(self._around[1]), _taking_place(self._around[2]))

    def coming(self) -> Moment:
        """Meetings of the coming days beside those of as many days up to today."""
        week = next_days(self._today, COMING_DAYS)
        return Moment(week, _taking_place(self._around[3]), _taking_place(self._around[4]))

    def of_host(self, user: int) -> Counter[str]:
        """How many bookings of a host (user id) have which status, whoever is looked at alone."""
        found: Counter[str] = Counter()
        for each in self._hostings:
            if each.user == user:
                found[each.status] += each.number
        return found

    @cached_property
    def shares(self) -> list[Share]:
        """Who held how much, and could have, in the order of the departments; who left comes last."""
        members = capacity.memberships(self.team.departments)
        ids = list(dict.fromkeys([*(one.user for one in members), *(each.user for each in self._hostings)]))
        could = capacity.capacities(self._since(members), self.period, self.scope.zone)
        held: dict[int, list[hosts.Hosting]] = defaultdict(list)
        for each in self._hostings:
            if each.status in TAKING_PLACE:
                held[each.user].append(each)
        loads = (_load(user, held[user], could.get(user), self._weight(user, members)) for user in ids)
        return shares([load for load in loads if load.takes_part or load.meetings], self.team.algorithm)

    def _since(self, members: Sequence[Membership]) -> dict[int, int]:
        """Since when each member is there: the account, or an earlier meeting that was taken over from elsewhere."""
        since = {one.user: one.joined for one in members}
        for each in self._hostings:
            if each.user in since:
                since[each.user] = min(since[each.user], each.first)
        return since

    def _weight(self, user: int, members: Sequence[Membership]) -> int:
        if self.team.algorithm != AssignmentAlgorithm.WEIGHTED or len(self.team.departments) > 1:
            return 1
        return next((one.priority for one in members if one.user == user), 1)

    def _span(self, period: Period) -> tuple[int, int]:
        return period.bounds(self.scope.zone)


def _totals(statuses: Counter[str], wait: float | None) -> Totals:
    return Totals(made(statuses), cancellation_rate(statuses), no_show_rate(statuses), wait)


def _taking_place(statuses: Counter[str]) -> int:
    return sum(statuses[status] for status in TAKING_PLACE)


def _load(user: int, own: Sequence[hosts.Hosting], could: capacity.Capacity | None, weight: int) -> Load:
    held = Load(
        user,
        meetings=sum(each.number for each in own),
        by_name=sum(each.number for each in own if each.by_name),
        minutes=sum(each.minutes for each in own),
        weight=weight,
        takes_part=could is not None,
    )
    if could is None:
        return held
    return replace(
        held,
        could=could.minutes,
        blocked=could.blocked,
        away=could.away,
        joined=could.joined,
        per_day=could.rule.max_per_day,
        per_week=could.rule.max_per_week,
    )
