"""The engine agrees with the oracle on facts of every shape, in all ten zones with odd clock changes."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meeting_manager.engine.facts import Busy, DayHours, Department, Facts, Member, Override, Rule, WeeklyHours
from meeting_manager.engine.slots import RefusalCode, free_members, is_offered, offered_slots, why_not
from tests.engine import oracle
from tests.engine.build import DAY, MINUTE
from tests.engine.test_clock_changes import CHANGES

CALM = [("Asia/Kolkata", 1796601600), ("UTC", 1796601600), ("Pacific/Kiritimati", 1796601600)]
clocks = st.integers(0, 96).map(lambda quarter: quarter * 15) | st.integers(0, 1440)


@st.composite
def day_hours(draw: st.DrawFn) -> DayHours:
    edges = sorted(draw(st.lists(clocks, min_size=2, max_size=6, unique=True)))
    if draw(st.booleans()):
        edges = [0, *[edge for edge in edges if 0 < edge < 1440], 1440]
    inner = edges[1:-1]
    breaks = tuple(zip(inner[::2], inner[1::2], strict=False))
    return DayHours(draw(st.integers(0, 4)) > 0, edges[0], edges[-1], breaks)


@st.composite
def overrides(draw: st.DrawFn, day: date) -> dict[date, Override]:
    def one() -> Override:
        if not draw(st.booleans()):
            return Override(False)
        if draw(st.booleans()):
            return Override(True)
        start, end = sorted(draw(st.lists(clocks, min_size=2, max_size=2, unique=True)))
        return Override(True, start, end)

    return {day + timedelta(days=number): one() for number in draw(st.sets(st.integers(-1, 3), max_size=2))}


@st.composite
def busy(draw: st.DrawFn, near: int) -> Busy:
    def spans() -> list[tuple[int, int]]:
        begins = draw(st.lists(st.integers(-2 * 24 * 12, 4 * 24 * 12), max_size=4))
        lengths = st.sampled_from([1, 15, 30, 60, 200, 1440])
        return [(near + 300 * five, near + 300 * five + MINUTE * draw(lengths)) for five in begins]

    return Busy.of(spans(), spans(), spans())


@st.composite
def rules(draw: st.DrawFn, day: date) -> Rule:
    buffers = st.sampled_from([0, 0, 5, 15, 45]).map(lambda minutes: minutes * MINUTE)
    return Rule(
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        max_per_day=draw(st.sampled_from([0, 0, 1, 2])),
        max_per_week=draw(st.sampled_from([0, 0, 1, 3])),
        min_notice=draw(st.sampled_from([0, 2, 24])) * 60 * MINUTE,
        max_advance=draw(st.sampled_from([0, 1, 2, 60])) * DAY,
        overrides=draw(overrides(day)),
    )


@st.composite
def some_facts(draw: st.DrawFn) -> tuple[Facts, int]:
    """Facts of up to four members, of whom some keep the same hours, and the instant they are about."""
    zone, near = draw(st.sampled_from(CALM) | st.sampled_from(CHANGES))
    near = near // 3600 * 3600
    day = oracle.date_of(zone, near // 60)
    shared: list[WeeklyHours] = [_week(draw) for _ in range(2)]
    members = tuple(
        Member(
            id=number,
            name=f"member{number}@bestsecurity.example",
            zone=draw(st.sampled_from([zone, zone, "Europe/Berlin"])),
            hours=draw(st.sampled_from(shared)),
            rule=draw(rules(day)),
            order=number,
            busy=draw(busy(near)),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    starts = sorted(near + 300 * five for five in draw(st.lists(st.integers(-400, 800), max_size=4)))
    department = Department(
        draw(st.sampled_from([zone, "America/New_York"])), draw(st.sampled_from([0, 0, 1, 2])), starts
    )
    return Facts(near + 60 * MINUTE * draw(st.integers(-100, 24)), department, members), near


def _week(draw: st.DrawFn) -> WeeklyHours:
    one, other = draw(day_hours()), draw(day_hours())
    return (one, other, one, other, one, other, one)


steps = st.sampled_from([10, 15, 20, 30, 45, 60, 90, 7]).map(lambda minutes: minutes * MINUTE)
lengths = st.sampled_from([1, 15, 30, 45, 60, 240, 480]).map(lambda minutes: minutes * MINUTE)
slow = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(some_facts(), lengths, steps, st.integers(-12, 12), st.integers(1, 60))
def test_the_listed_slots_are_those_of_the_oracle(
    given_facts: tuple[Facts, int], duration: int, interval: int, lead: int, length: int
) -> None:
    facts, near = given_facts
    low, high = near + lead * 3600, near + (lead + length) * 3600
    slots = offered_slots(facts, duration, interval, low, high)
    in_minutes = [(start // 60, end // 60, count) for start, end, count in slots]
    assert in_minutes == oracle.slots(facts, duration // 60, interval // 60, low // 60, high // 60)


@slow
@given(some_facts(), lengths, st.lists(st.integers(-24 * 60, 48 * 60), min_size=8, max_size=8))
def test_at_any_minute_the_failing_rules_are_those_of_the_oracle(
    given_facts: tuple[Facts, int], duration: int, minutes: list[int]
) -> None:
    facts, near = given_facts
    for minute in minutes:
        start, end = near + minute * MINUTE, near + minute * MINUTE + duration
        expected = {m.id: oracle.failing(facts, m, start // 60, end // 60) for m in facts.members}
        found = {m.id: [refusal.code for refusal in why_not(facts, m, start, end)] for m in facts.members}
        assert {number: list(dict.fromkeys(codes)) for number, codes in found.items()} == expected
        assert [m.id for m in free_members(facts, start, end)] == [i for i, codes in expected.items() if not codes]
        assert all(codes == sorted(codes, key=list(RefusalCode).index) for codes in found.values())


@slow
@given(some_facts(), lengths, steps)
def test_a_start_is_listed_exactly_if_it_is_offered_and_somebody_is_free(
    given_facts: tuple[Facts, int], duration: int, interval: int
) -> None:
    facts, near = given_facts
    listed = {slot.start: slot for slot in offered_slots(facts, duration, interval, near - DAY, near + 2 * DAY)}
    for start in {*listed, *range(near - DAY, near + 2 * DAY, 35 * MINUTE)}:
        free = free_members(facts, start, start + duration)
        offered = is_offered(facts, duration, interval, start)
        assert (start in listed) == (offered and bool(free))
        if start in listed:
            assert listed[start].available_members == len(free)
            assert sum(not why_not(facts, m, start, start + duration) for m in facts.members) == len(free)
