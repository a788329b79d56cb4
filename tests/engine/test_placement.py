"""Who takes over somebody's meetings: the best plan, compared with all there are."""

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_manager.engine.facts import HOUR, Busy, Rule
from meeting_manager.engine.placement import Host, Meeting, Placement, place
from meeting_manager.engine.zones import local_date

MONDAY = 1_796_601_600 - 1_796_601_600 % 86_400 + 8 * HOUR
BERLIN = "Europe/Berlin"


def _host(number: int, *, load: int = 0, weight: int = 1, **rule: Any) -> Host:  # noqa: ANN401 - its fields
    return Host(number, BERLIN, Rule(**rule), Busy(), load, weight, number)


def _at(key: int, hour: float, *hosts: int, length: float = 1) -> Meeting:
    start = MONDAY + int(hour * HOUR)
    return Meeting(key, start, start + int(length * HOUR), hosts)


def test_meetings_go_to_whoever_has_least() -> None:
    plan = place([_at(1, 0, 1, 2), _at(2, 2, 1, 2)], [_host(1, load=3), _host(2)])
    assert plan == {1: 2, 2: 2}


def test_meetings_are_shared_out_by_weight() -> None:
    plan = place([_at(key, key, 1, 2) for key in range(4)], [_host(1, weight=3), _host(2)])
    assert sorted(plan.values()) == [1, 1, 1, 2]


def test_who_alone_can_take_one_is_kept_free_for_it() -> None:
    hosts = [_host(1, max_per_day=1), _host(2, load=9)]
    assert place([_at(1, 0, 1, 2), _at(2, 2, 1)], hosts) == {1: 2, 2: 1}


def test_a_weekly_limit_counts_over_days() -> None:
    plan = place([_at(1, 0, 1), _at(2, 24, 1), _at(3, 24 * 7, 1)], [_host(1, max_per_week=1)])
    assert len(plan) == 2
    assert 3 in plan


def test_buffers_keep_meetings_apart_that_follow_one_another() -> None:
    hosts = [_host(1, buffer_after=15 * 60), _host(2, load=5, buffer_after=15 * 60)]
    assert place([_at(1, 0, 1, 2), _at(2, 1, 1, 2)], hosts) in ({1: 1, 2: 2}, {1: 2, 2: 1})
    assert place([_at(1, 0, 1, 2), _at(2, 1.5, 1, 2)], hosts) == {1: 1, 2: 1}


def test_where_nobody_is_free_the_rest_is_placed_all_the_same() -> None:
    assert place([_at(1, 0), _at(2, 1, 1)], [_host(1)]) == {2: 1}
    assert place([], []) == {}


def test_a_month_with_twenty_colleagues_who_need_pauses_is_planned() -> None:
    everybody = tuple(range(20))
    hosts = [_host(at, load=at % 4, buffer_before=30 * 60, max_per_day=3, max_per_week=10) for at in everybody]
    meetings = [_at(day * 8 + hour, day * 24 + hour, *everybody) for day in range(20) for hour in range(8)]
    plan = place(meetings, hosts)
    assert len(plan) == len(meetings)
    loads = [host.load + sum(one == host.id for one in plan.values()) for host in hosts]
    assert max(loads) - min(loads) <= 1


@st.composite
def _cases(draw: st.DrawFn) -> tuple[list[Meeting], list[Host]]:
    rule: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "buffer_before": st.sampled_from([0, 30 * 60]),
            "buffer_after": st.sampled_from([0, 15 * 60]),
            "max_per_day": st.integers(0, 2),
            "max_per_week": st.integers(0, 3),
        }
    )
    hosts = [
        Host(at, BERLIN, Rule(**draw(rule)), Busy(), draw(st.integers(0, 3)), draw(st.integers(1, 3)), at)
        for at in range(draw(st.integers(0, 3)))
    ]
    who = st.lists(st.sampled_from([host.id for host in hosts]), unique=True) if hosts else st.just([])
    meetings, hour = [], 0.0
    for key in range(draw(st.integers(0, 5))):
        hour += draw(st.sampled_from([1, 1.25, 1.5, 20]))
        meetings.append(_at(key, hour, *draw(who)))
    return meetings, hosts


@given(_cases())
@settings(max_examples=300)
def test_no_plan_is_better(case: tuple[list[Meeting], list[Host]]) -> None:
    meetings, hosts = case
    options = [[None, *meeting.hosts] for meeting in meetings]
    plans = [
        {meeting.key: host for meeting, host in zip(meetings, chosen, strict=True) if host is not None}
        for chosen in product(*options)
    ]
    found = place(meetings, hosts)
    assert _is_allowed(found, meetings, hosts)
    assert _merit(found, hosts) == min(_merit(plan, hosts) for plan in plans if _is_allowed(plan, meetings, hosts))


def _is_allowed(plan: Placement, meetings: list[Meeting], hosts: list[Host]) -> bool:
    return all(_can_take([each for each in meetings if plan.get(each.key) == host.id], host) for host in hosts)


def _can_take(theirs: list[Meeting], host: Host) -> bool:
    days = [local_date(host.zone, each.start) for each in theirs]
    weeks = [day.isocalendar()[:2] for day in days]
    apart = max(host.rule.buffer_before, host.rule.buffer_after)
    return (
        all(host.id in each.hosts for each in theirs)
        and not (host.rule.max_per_day and any(days.count(day) > host.rule.max_per_day for day in days))
        and not (host.rule.max_per_week and any(weeks.count(week) > host.rule.max_per_week for week in weeks))
        and all(
            one.end + apart <= other.start or other.end + apart <= one.start
            for one in theirs
            for other in theirs
            if one is not other
        )
    )


def _merit(plan: Placement, hosts: list[Host]) -> tuple[int, int, int]:
    taken = [sum(one == host.id for one in plan.values()) for host in hosts]
    spread = sum((2520 // host.weight) * (host.load + more) ** 2 for host, more in zip(hosts, taken, strict=True))
    return -len(plan), spread, sum(host.turn * more for host, more in zip(hosts, taken, strict=True))
