"""What would open a time that is refused: the smallest change, and one that really does."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meeting_manager.engine.changes import Change, ChangeKind, applied
from meeting_manager.engine.facts import Busy, DayHours, Department, Facts, Member, Override, Rule
from meeting_manager.engine.refusals import RefusalCode, is_free, why_not
from meeting_manager.engine.remedies import Asked, Remedy, nearest_steps, order, remedy_for
from meeting_manager.engine.slots import is_offered
from meeting_manager.engine.weekly import format_clock
from tests.engine.build import BERLIN, DAY, HOUR, MINUTE, MONDAY, at, every_day, facts, member, shown
from tests.engine.test_oracle import some_facts


def asked(start: str, minutes: int = 30, *, interval: int = 30, zone: str = "UTC", day: str = "2026-12-07") -> Asked:
    begin = at(f"{day} {start}", zone)
    return Asked(begin, begin + minutes * MINUTE, minutes * MINUTE, interval * MINUTE)


def told(remedy: Remedy) -> list[str]:
    """Each change in short: what, from what, to what; minutes of a day as clocks."""
    return [_told(change) for change in remedy.changes]


def _told(change: Change) -> str:
    name = change.kind.name.lower()
    if change.kind in {ChangeKind.DAY_OPENS, ChangeKind.DATE_OPENS, ChangeKind.BREAK_GOES}:
        return f"{name} {format_clock(change.span[0])}-{format_clock(change.span[1])}"
    if change.kind < ChangeKind.BUFFER_BEFORE:
        return f"{name} {format_clock(change.was)} to {format_clock(change.to)}"
    unit = {ChangeKind.NOTICE: HOUR, ChangeKind.ADVANCE: DAY}.get(change.kind, 1)
    unit = MINUTE if change.kind in {ChangeKind.BUFFER_BEFORE, ChangeKind.BUFFER_AFTER} else unit
    return f"{name} {change.was // unit} to {change.to // unit}"


def remedy(sarah: Member, when: Asked, **more: object) -> list[str]:
    found = remedy_for(facts(sarah, **more), sarah, when)  # type: ignore[arg-type]
    assert found.changes or found.hopeless or is_free(facts(sarah, **more), sarah, when.start, when.end)  # type: ignore[arg-type]
    return told(found)


def hopeless(sarah: Member, when: Asked, **more: object) -> list[RefusalCode]:
    found = remedy_for(facts(sarah, **more), sarah, when)  # type: ignore[arg-type]
    assert not found.changes
    return list(found.hopeless)


# hours


def test_a_time_that_is_free_needs_nothing() -> None:
    assert remedy_for(facts(member()), member(), asked("09:00")) == Remedy()


def test_hours_begin_earlier_or_end_later_by_no_more_than_it_takes() -> None:
    assert remedy(member(), asked("08:00")) == ["day_begins 09:00 to 08:00"]
    assert remedy(member(), asked("08:45")) == ["day_begins 09:00 to 08:45"]
    assert remedy(member(), asked("17:00")) == ["day_ends 17:00 to 17:30"]
    assert remedy(member(hours=every_day(600, 630)), asked("09:30", 90)) == [
        "day_begins 10:00 to 09:30",
        "day_ends 10:30 to 11:00",
    ]


def test_a_break_moves_to_whichever_side_opens_less_and_lets_guests_choose_the_start() -> None:
    lunch = member(hours=every_day(breaks=((720, 780),)))
    assert remedy(lunch, asked("11:45")) == ["break_begins 12:00 to 12:15"]
    assert remedy(lunch, asked("12:30")) == ["break_ends 13:00 to 12:30"]
    assert remedy(lunch, asked("12:00")) == ["break_begins 12:00 to 12:30"]
    # From 12:10 no start of the morning's steps falls on it, so the break ends then.
    assert remedy(lunch, asked("12:10", 20)) == ["break_ends 13:00 to 12:10"]
    assert remedy(lunch, asked("11:30", 120)) == ["break_goes 12:00-13:00"]


def test_a_day_without_hours_gets_those_of_the_meeting() -> None:
    closed = DayHours(False, 540, 1020)
    hours = (closed, *every_day()[1:])
    assert remedy(member(hours=hours), asked("10:00")) == ["day_opens 10:00-10:30"]
    away = Rule(min_notice=0, max_advance=0, overrides={MONDAY: Override(False)})
    assert remedy(member(rule=away), asked("10:00")) == ["date_opens 10:00-10:30"]


def test_a_date_with_hours_of_its_own_changes_those() -> None:
    short = Rule(min_notice=0, max_advance=0, overrides={MONDAY: Override(True, 600, 660)})
    assert remedy(member(rule=short), asked("09:30")) == ["date_begins 10:00 to 09:30"]
    assert remedy(member(rule=short), asked("10:30", 45)) == ["date_ends 11:00 to 11:15"]
    plain = Rule(min_notice=0, max_advance=0, overrides={MONDAY: Override(True)})
    assert remedy(member(rule=plain), asked("08:30")) == ["day_begins 09:00 to 08:30"]


def test_hours_are_told_in_the_zone_of_the_member() -> None:
    assert remedy(member(zone=BERLIN), asked("07:00")) == ["day_begins 09:00 to 08:00"]


def test_the_last_minutes_of_a_day_are_opened_until_midnight_and_no_meeting_crosses_it() -> None:
    assert remedy(member(), asked("23:30")) == ["day_ends 17:00 to 24:00"]
    assert hopeless(member(), asked("23:45")) == [RefusalCode.HOURS]


def test_where_clocks_show_an_hour_twice_hours_reach_beyond_it() -> None:
    second = at("2026-10-25 02:00", "UTC") - HOUR + 10 * MINUTE  # 02:10 in Berlin, for the second time
    assert shown(second, BERLIN) == "2026-10-25 02:10"
    when = Asked(second, second + 30 * MINUTE, 30 * MINUTE, 30 * MINUTE)
    early = member(zone=BERLIN, hours=every_day(0, 60))
    found = remedy_for(facts(early, now="2026-10-01 00:00"), early, when)
    assert told(found) == ["day_ends 01:00 to 03:40"]


# buffers


def test_a_buffer_shrinks_to_the_room_there_is() -> None:
    rule = Rule(buffer_before=15 * MINUTE, min_notice=0, max_advance=0)
    event = Busy.of(events=[(at("2026-12-07 09:00"), at("2026-12-07 09:50"))])
    assert remedy(member(rule=rule, busy=event), asked("10:00")) == ["buffer_before 15 to 10"]
    after = Rule(buffer_after=15 * MINUTE, min_notice=0, max_advance=0)
    event = Busy.of(events=[(at("2026-12-07 10:35"), at("2026-12-07 11:00"))])
    assert remedy(member(rule=after, busy=event), asked("10:00")) == ["buffer_after 15 to 5"]


def test_a_booking_has_buffers_too_so_that_the_longer_one_shrinks_on_either_side() -> None:
    rule = Rule(buffer_before=5 * MINUTE, buffer_after=15 * MINUTE, min_notice=0, max_advance=0)
    booking = Busy.of([(at("2026-12-07 09:00"), at("2026-12-07 09:50"))])
    assert remedy(member(rule=rule, busy=booking), asked("10:00")) == ["buffer_after 15 to 10"]
    close = Busy.of([(at("2026-12-07 09:00"), at("2026-12-07 09:58"))])
    assert remedy(member(rule=rule, busy=close), asked("10:00")) == ["buffer_before 5 to 2", "buffer_after 15 to 2"]


# notice, advance, limits, calendars


def test_notice_and_advance_are_whole_hours_and_days() -> None:
    assert remedy(member(rule=Rule(min_notice=2 * HOUR)), asked("10:00"), now="2026-12-07 08:30") == ["notice 2 to 1"]
    assert remedy(member(rule=Rule(min_notice=2 * HOUR)), asked("10:00"), now="2026-12-07 09:30") == ["notice 2 to 0"]
    assert remedy(member(rule=Rule(max_advance=2 * DAY)), asked("10:00"), now="2026-12-04 09:00") == ["advance 2 to 4"]


def test_the_past_and_what_is_beyond_a_year_are_hopeless() -> None:
    assert hopeless(member(), asked("10:00"), now="2026-12-07 10:01") == [RefusalCode.NOTICE]
    assert hopeless(member(rule=Rule(max_advance=DAY)), asked("10:00"), now="2025-12-06 10:00") == [RefusalCode.ADVANCE]


def test_limits_rise_by_as_much_as_it_takes() -> None:
    booked = [(at(f"2026-12-07 {hour}:00"), at(f"2026-12-07 {hour}:30")) for hour in (13, 14, 15)]
    rule = Rule(max_per_day=2, max_per_week=3, min_notice=0, max_advance=0)
    busy = Busy.of(booked)
    assert remedy(member(rule=rule, busy=busy), asked("10:00")) == ["day_limit 2 to 4", "week_limit 3 to 4"]
    department = Department("UTC", 1, (at("2026-12-07 13:00"),))
    assert remedy(member(), asked("10:00"), department=department) == ["department_limit 1 to 2"]


def test_beyond_the_highest_limit_there_is_none() -> None:
    done = [(at("2026-12-07 00:00") + number * 60, at("2026-12-07 00:00") + number * 60 + 60) for number in range(50)]
    rule = Rule(max_per_day=50, min_notice=0, max_advance=0)
    assert remedy(member(rule=rule, busy=Busy.of(completed=done)), asked("10:00")) == ["day_limit 50 to 0"]


def test_a_calendar_that_cannot_be_read_has_to_be_read() -> None:
    assert remedy(member(unread_since=1), asked("10:00")) == ["calendar 0 to 0"]


def test_a_clash_has_no_remedy_though_everything_else_has() -> None:
    booking = Busy.of([(at("2026-12-07 07:45"), at("2026-12-07 08:15"))])
    assert hopeless(member(busy=booking), asked("08:00")) == [RefusalCode.CLASH]


def test_all_changes_that_are_needed_are_told_together() -> None:
    rule = Rule(min_notice=48 * HOUR, max_advance=0)
    assert remedy(member(rule=rule), asked("08:00"), now="2026-12-06 08:00") == [
        "day_begins 09:00 to 08:00",
        "notice 48 to 24",
    ]


# among members, and steps


def test_of_several_members_the_one_who_needs_least_comes_first() -> None:
    early = Remedy((Change(ChangeKind.DAY_BEGINS, MONDAY, 540, 480),), is_offered=True)
    notice = Remedy((Change(ChangeKind.NOTICE, MONDAY, 7200, 0),), is_offered=True)
    both = Remedy((*early.changes, *notice.changes), is_offered=True)
    nothing = Remedy(hopeless=(RefusalCode.CLASH,))
    assert sorted([nothing, both, notice, early], key=order) == [early, notice, both, nothing]


def test_the_nearest_steps_are_those_of_anybody_whose_calendar_is_read() -> None:
    sarah, mike = member(1), member(2, hours=every_day(555, 1020))
    given = facts(sarah, mike)
    assert [shown(step)[-5:] for step in nearest_steps(given, asked("09:10"), 3)] == ["09:15", "09:00", "09:30"]
    unread = facts(sarah, member(2, hours=every_day(555, 1020), unread_since=1))
    assert [shown(step)[-5:] for step in nearest_steps(unread, asked("09:10"), 3)] == ["09:00", "09:30", "10:00"]
    assert nearest_steps(facts(member(hours=(DayHours(False, 540, 1020), *every_day()[1:]))), asked("09:00")) == []


def is_storable(change: Change) -> bool:
    """Whether the pages that change it would take the value."""
    whole = {ChangeKind.NOTICE: (HOUR, 0, 720), ChangeKind.ADVANCE: (DAY, 1, 365)}
    buffers = {ChangeKind.BUFFER_BEFORE, ChangeKind.BUFFER_AFTER}
    unit, least, most = (MINUTE, 0, 240) if change.kind in buffers else whole.get(change.kind, (1, 0, 1440))
    inside = 0 <= change.span[0] <= change.span[1] <= 1440
    return change.to % unit == 0 and least <= change.to // unit <= most and inside


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(some_facts(), st.integers(-200, 400), st.sampled_from([15, 30, 60, 200]), st.sampled_from([10, 30, 45]))
def test_whatever_is_told_really_opens_the_time(
    given_facts: tuple[Facts, int], step: int, minutes: int, interval: int
) -> None:
    known, near = given_facts
    start = near + step * 15 * MINUTE
    when = Asked(start, start + minutes * MINUTE, minutes * MINUTE, interval * MINUTE)
    for one in known.members:
        found = remedy_for(known, one, when)
        then, changed = applied(known, one, found.changes)
        refused = {refusal.code for refusal in why_not(known, one, when.start, when.end)}
        assert is_free(then, changed, when.start, when.end) == (not found.hopeless)
        assert set(found.hopeless) <= refused
        assert bool(found.changes) == bool(refused and not found.hopeless)
        if found.changes:
            assert found.is_offered == is_offered(then, when.duration, when.interval, when.start)
            assert all(is_storable(change) for change in found.changes)
            assert all(change.was != change.to for change in found.changes if change.kind in _MEASURED)


_MEASURED = {ChangeKind.NOTICE, ChangeKind.ADVANCE, ChangeKind.BUFFER_BEFORE, ChangeKind.BUFFER_AFTER}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_facts(), st.integers(-100, 300))
def test_no_smaller_notice_advance_or_limit_would_do(given_facts: tuple[Facts, int], step: int) -> None:
    known, near = given_facts
    start = near + step * 15 * MINUTE
    when = Asked(start, start + 30 * MINUTE, 30 * MINUTE, 30 * MINUTE)
    nearer = {ChangeKind.NOTICE: HOUR, ChangeKind.ADVANCE: -DAY, ChangeKind.DAY_LIMIT: -1, ChangeKind.WEEK_LIMIT: -1}
    for one in known.members:
        changes = remedy_for(known, one, when).changes
        for place, change in enumerate(changes):
            if change.kind in nearer and change.to + nearer[change.kind] != change.was:
                less = Change(change.kind, change.day, change.was, change.to + nearer[change.kind])
                then, changed = applied(known, one, (*changes[:place], less, *changes[place + 1 :]))
                assert not is_free(then, changed, when.start, when.end)


def test_dates_are_those_of_the_member() -> None:
    far = member(zone="Pacific/Kiritimati")
    (change,) = remedy_for(facts(far), far, asked("12:00")).changes
    assert (change.day, change.to) == (date(2026, 12, 8), 120)
