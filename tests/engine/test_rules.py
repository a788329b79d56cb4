"""The rules of availability one by one, at their edges, and the words in which they refuse."""

from datetime import date

import pytest

from meeting_manager.engine.facts import (
    DEFAULT_RULE,
    NOT_BUSY,
    Busy,
    BusyKind,
    DayHours,
    Department,
    Override,
    Rule,
    WeeklyHours,
    group_busy,
)
from meeting_manager.engine.hours import DEFAULT_WEEKLY_HOURS
from meeting_manager.engine.slots import (
    RefusalCode,
    Slot,
    free_members,
    is_offered,
    nearest,
    offered_slots,
    waivable,
    why_not,
)
from tests.engine.build import ANY_TIME, BERLIN, DAY, HOUR, MINUTE, MONDAY, at, every_day, facts, member, shown

NINE = at("2026-12-07 09:00")
HALF_AN_HOUR = 30 * MINUTE


def span(start: str, end: str, day: str = "2026-12-07") -> tuple[int, int]:
    return at(f"{day} {start}"), at(f"{day} {end}")


def free_at(start: str, end: str, *, rule: Rule = ANY_TIME, busy: Busy | None = None) -> bool:
    sarah = member(rule=rule, busy=busy or Busy())
    return free_members(facts(sarah), *span(start, end)) == [sarah]


def times(*members: object, duration: int = HALF_AN_HOUR, interval: int = HALF_AN_HOUR, **more: object) -> list[str]:
    given = facts(*members, **more)  # type: ignore[arg-type]
    return [
        shown(slot.start)[-5:] for slot in offered_slots(given, duration, interval, NINE - 9 * HOUR, NINE + 15 * HOUR)
    ]


# hours


def test_a_meeting_lies_inside_the_hours_of_one_day() -> None:
    assert free_at("09:00", "09:30")
    assert free_at("16:30", "17:00")
    assert not free_at("08:59", "09:29")
    assert not free_at("16:31", "17:01")


def test_a_meeting_does_not_cross_midnight_even_where_both_days_are_open_all_day() -> None:
    night_owl = member(hours=every_day(0, 1440))
    start = at("2026-12-07 23:45")
    assert free_members(facts(night_owl), start, start + 15 * MINUTE) == [night_owl]
    assert free_members(facts(night_owl), start, start + 30 * MINUTE) == []


def test_starts_step_from_the_beginning_of_each_open_stretch() -> None:
    sarah = member(hours=every_day(9 * 60, 12 * 60, ((600, 615),)))
    assert times(sarah, interval=45 * MINUTE) == ["09:00", "10:15", "11:00"]


def test_an_override_replaces_the_hours_of_its_date_and_has_no_breaks() -> None:
    week = every_day(9 * 60, 17 * 60, ((600, 660),))
    override = Override(True, 9 * 60 + 30, 11 * 60)
    sarah = member(hours=week, rule=Rule(min_notice=0, overrides={MONDAY: override}))
    assert times(sarah) == ["09:30", "10:00", "10:30"]


def test_an_override_without_hours_opens_a_disabled_day_with_its_stored_hours_and_breaks() -> None:
    closed = DayHours(False, 9 * 60, 11 * 60, ((570, 600),))
    week = (closed, closed, closed, closed, closed, closed, closed)
    sarah = member(hours=week, rule=Rule(min_notice=0, overrides={MONDAY: Override(True)}))
    assert times(sarah) == ["09:00", "10:00", "10:30"]
    assert times(member(hours=week)) == []


def test_an_unavailable_date_has_no_slots() -> None:
    sarah = member(rule=Rule(min_notice=0, overrides={MONDAY: Override(False), date(2026, 12, 8): Override(True)}))
    assert times(sarah) == []


def test_hours_are_read_in_the_zone_of_the_member() -> None:
    new_yorker = member(zone="America/New_York", hours=every_day(9 * 60, 10 * 60))
    assert times(new_yorker) == ["14:00", "14:30"]


def test_a_start_in_the_grid_of_one_member_is_open_to_all_whose_hours_hold_it() -> None:
    sarah, mike = member(1), member(2, hours=every_day(9 * 60 + 15, 10 * 60 + 15))
    given = facts(sarah, mike)
    slots = offered_slots(given, HALF_AN_HOUR, HALF_AN_HOUR, NINE, NINE + HOUR)
    assert [(shown(slot.start)[-5:], slot.available_members) for slot in slots] == [
        ("09:00", 1),
        ("09:15", 2),
        ("09:30", 2),
        ("09:45", 2),
    ]
    assert is_offered(given, HALF_AN_HOUR, HALF_AN_HOUR, NINE + 15 * MINUTE)
    assert not is_offered(given, HALF_AN_HOUR, HALF_AN_HOUR, NINE + 5 * MINUTE)


def test_a_start_whose_meeting_would_end_after_the_hours_is_not_offered() -> None:
    assert times(member(hours=every_day(9 * 60, 10 * 60)), duration=45 * MINUTE, interval=15 * MINUTE) == [
        "09:00",
        "09:15",
    ]


# clashes and buffers


def test_meetings_may_touch_but_not_overlap() -> None:
    busy = Busy.of(bookings=[span("10:00", "10:30")])
    assert free_at("09:30", "10:00", busy=busy)
    assert free_at("10:30", "11:00", busy=busy)
    assert not free_at("09:31", "10:01", busy=busy)
    assert not free_at("10:29", "10:59", busy=busy)


def test_a_completed_booking_and_a_cancelled_one_hold_no_time() -> None:
    assert free_at("10:00", "10:30", busy=Busy.of(completed=[span("10:00", "10:30")]))


BUFFERS = Rule(buffer_before=10 * MINUTE, buffer_after=20 * MINUTE, min_notice=0)


def test_between_two_bookings_the_longer_buffer_counts_on_either_side() -> None:
    busy = Busy.of(bookings=[span("12:00", "12:30")])
    assert free_at("11:10", "11:40", rule=BUFFERS, busy=busy)
    assert not free_at("11:11", "11:41", rule=BUFFERS, busy=busy)
    assert free_at("12:50", "13:20", rule=BUFFERS, busy=busy)
    assert not free_at("12:49", "13:19", rule=BUFFERS, busy=busy)


def test_beside_an_event_only_the_buffers_of_the_meeting_count() -> None:
    busy = Busy.of(events=[span("12:00", "12:30")])
    assert free_at("11:10", "11:40", rule=BUFFERS, busy=busy)
    assert not free_at("11:11", "11:41", rule=BUFFERS, busy=busy)
    assert free_at("12:40", "13:10", rule=BUFFERS, busy=busy)
    assert not free_at("12:39", "13:09", rule=BUFFERS, busy=busy)


def test_a_buffer_may_lie_outside_the_hours() -> None:
    assert free_at("09:00", "09:30", rule=BUFFERS)
    assert free_at("16:30", "17:00", rule=BUFFERS)


def test_the_listing_keeps_the_same_distances() -> None:
    bookings, events = Busy.of(bookings=[span("12:00", "12:30")]), Busy.of(events=[span("12:00", "12:30")])
    around = {"duration": 30 * MINUTE, "interval": 10 * MINUTE}
    booked = times(member(hours=every_day(11 * 60, 13 * 60 + 20), rule=BUFFERS, busy=bookings), **around)
    assert booked == ["11:00", "11:10", "12:50"]
    outside = times(member(hours=every_day(11 * 60, 13 * 60 + 20), rule=BUFFERS, busy=events), **around)
    assert outside == ["11:00", "11:10", "12:40", "12:50"]


def test_a_span_of_many_days_that_began_long_ago_blocks_in_listing_and_booking() -> None:
    sarah = member(busy=Busy.of(bookings=[(NINE - 40 * DAY, NINE + HOUR)]))
    assert times(sarah)[0] == "10:00"
    assert free_members(facts(sarah), NINE, NINE + HALF_AN_HOUR) == []


def test_a_span_that_began_long_ago_is_seen_with_unequal_buffers_too() -> None:
    past = Busy.of(bookings=[(NINE - 40 * DAY, NINE + HOUR)])
    assert times(member(rule=BUFFERS, busy=past))[0] == "10:30"
    assert times(member(rule=BUFFERS, busy=Busy.of(events=[(NINE - 40 * DAY, NINE + HOUR)])))[0] == "10:30"


@pytest.mark.parametrize("rule", [ANY_TIME, BUFFERS], ids=["no buffers", "buffers"])
def test_one_second_in_common_is_a_clash(rule: Rule) -> None:
    one_start = every_day(9 * 60, 9 * 60 + 30)
    apart = max(rule.buffer_before, rule.buffer_after)
    begins, ends = NINE + HALF_AN_HOUR + apart, NINE - apart
    for booking, found in (
        ((begins, begins + 7), ["09:00"]),
        ((begins - 1, begins + 7), []),
        ((ends - 7, ends), ["09:00"]),
        ((ends - 7, ends + 1), []),
    ):
        assert times(member(hours=one_start, rule=rule, busy=Busy.of([booking]))) == found


def test_a_span_that_ends_long_after_the_listing_blocks_to_its_end() -> None:
    assert times(member(busy=Busy.of(events=[(NINE + HOUR, NINE + 40 * DAY)]))) == ["09:00", "09:30"]


# notice and advance


def test_notice_and_advance_are_measured_from_now_to_the_second() -> None:
    rule = Rule(min_notice=2 * HOUR, max_advance=DAY)
    sarah = member(rule=rule, hours=every_day(0, 1440))
    now = at("2026-12-07 09:00")
    given = facts(sarah, now="2026-12-07 09:00")
    for start, free in ((now + 2 * HOUR, True), (now + 2 * HOUR - 1, False), (now + DAY, True), (now + DAY + 1, False)):
        assert bool(free_members(given, start, start + 60)) == free
    slots = offered_slots(given, HOUR, HOUR, now, now + 3 * DAY)
    assert [shown(slots[0].start), shown(slots[-1].start)] == ["2026-12-07 11:00", "2026-12-08 09:00"]


# limits


@pytest.mark.parametrize("kind", ["bookings", "completed"])
def test_the_daily_limit_counts_held_and_completed_bookings_by_the_local_date_of_their_start(kind: str) -> None:
    late = span("23:15", "23:45", "2026-12-06")  # already Monday in Berlin
    busy = Busy.of(**{kind: [late]})
    sarah = member(zone=BERLIN, rule=Rule(min_notice=0, max_per_day=1), busy=busy)
    assert times(sarah) == []
    assert times(member(zone="UTC", rule=Rule(min_notice=0, max_per_day=1), busy=busy)) != []


def test_events_do_not_count_toward_limits() -> None:
    busy = Busy.of(events=[span("10:00", "10:30"), span("11:00", "11:30")])
    assert "09:00" in times(member(rule=Rule(min_notice=0, max_per_day=1, max_per_week=1), busy=busy))


def test_the_weekly_limit_counts_from_monday_to_sunday() -> None:
    rule = Rule(min_notice=0, max_per_week=2)
    sunday_before, sunday = span("10:00", "10:30", "2026-12-06"), span("10:00", "10:30", "2026-12-13")
    assert times(member(rule=rule, busy=Busy.of([sunday_before, sunday]))) != []
    assert times(member(rule=rule, busy=Busy.of([span("10:00", "10:30", "2026-12-09"), sunday]))) == []


def test_a_long_booking_in_pieces_counts_once_and_blocks_throughout() -> None:
    start, middle, end = NINE, NINE + DAY, NINE + DAY + HOUR
    rows = [(1, start, middle, BusyKind.BOOKING), (1, middle, end, BusyKind.BOOKING_CONTINUED)]
    busy = group_busy([(a, b, c, int(kind)) for a, b, c, kind in rows])[1]
    sarah = member(rule=Rule(min_notice=0, max_per_day=1), busy=busy)
    tuesday = offered_slots(facts(sarah), HALF_AN_HOUR, HALF_AN_HOUR, middle - HOUR, middle + 8 * HOUR)
    assert shown(tuesday[0].start) == "2026-12-08 10:00"
    (refusal,) = why_not(facts(sarah), sarah, middle, middle + HALF_AN_HOUR)
    assert (refusal.since, refusal.until, refusal.kind) == (start, end, BusyKind.BOOKING)


def test_the_pieces_of_a_long_event_are_named_as_one_span() -> None:
    busy = Busy.of(events=[(NINE - DAY, NINE), (NINE, NINE + HOUR)])
    sarah = member(busy=busy)
    assert [(r.since, r.until) for r in why_not(facts(sarah), sarah, NINE, NINE + 60)] == [(NINE - DAY, NINE + HOUR)]


def test_two_events_that_merely_touch_stay_two() -> None:
    sarah = member(busy=Busy.of(events=[span("10:00", "11:00"), span("11:00", "12:00")]))
    refusals = why_not(facts(sarah), sarah, *span("10:30", "11:30"))
    assert [(r.since, r.until) for r in refusals] == [span("10:00", "11:00"), span("11:00", "12:00")]


def test_the_limit_of_the_department_closes_its_local_day_for_everybody() -> None:
    department = Department("America/New_York", 2, [at("2026-12-07 14:00"), at("2026-12-08 04:30")])
    owls = member(1, hours=every_day(0, 1440)), member(2, hours=every_day(0, 1440))
    given = facts(*owls, department=department)
    listed = [shown(slot.start) for slot in offered_slots(given, HOUR, HOUR, NINE - 9 * HOUR, NINE + 2 * DAY)]
    assert listed[4:6] == ["2026-12-07 04:00", "2026-12-08 05:00"]  # midnight in New York
    assert [refusal.code for refusal in why_not(given, owls[1], NINE, NINE + HOUR)] == ["department_limit"]
    assert free_members(given, NINE - 6 * HOUR, NINE - 5 * HOUR) == list(owls)


# words


def refusals(
    start: str, end: str, hours: WeeklyHours = DEFAULT_WEEKLY_HOURS, rule: Rule = ANY_TIME, busy: Busy = NOT_BUSY
) -> list[str]:
    sarah = member(zone=BERLIN, hours=hours, rule=rule, busy=busy)
    return [refusal.text for refusal in why_not(facts(sarah), sarah, at(start, BERLIN), at(end, BERLIN))]


def test_hours_are_named_with_their_day_and_zone() -> None:
    week = every_day(9 * 60, 17 * 60, ((720, 780),))
    assert refusals("2026-12-07 08:00", "2026-12-07 08:30", hours=week) == [
        "outside working hours on Monday 7 December 2026 (09:00–12:00, 13:00–17:00 Europe/Berlin)"
    ]
    assert refusals("2026-12-06 09:00", "2026-12-06 09:30") == [
        "no working hours on Sunday 6 December 2026 (Europe/Berlin)"
    ]
    away = Rule(min_notice=0, overrides={MONDAY: Override(False)})
    assert refusals("2026-12-07 09:00", "2026-12-07 09:30", rule=away) == [
        "away on Monday 7 December 2026 (Europe/Berlin)"
    ]


def test_what_clashes_or_comes_too_close_is_named_with_its_times() -> None:
    rule = Rule(buffer_before=15 * MINUTE, buffer_after=60, min_notice=0)
    booking = (at("2026-12-07 10:00", BERLIN), at("2026-12-07 10:30", BERLIN))
    event = (at("2026-12-07 10:40", BERLIN), at("2026-12-08 00:00", BERLIN))
    busy = Busy.of([booking], [event])
    assert refusals("2026-12-07 10:35", "2026-12-07 11:05", rule=rule, busy=busy) == [
        (
            "busy with a calendar event from 10:40 on Monday 7 December 2026 to 00:00 on Tuesday 8 December 2026"
            " (Europe/Berlin)"
        ),
        (
            "too close to a booking from 10:00 to 10:30 on Monday 7 December 2026"
            " (buffers: 15 minutes before, 1 minute after; Europe/Berlin)"
        ),
    ]
    assert refusals("2026-12-07 10:00", "2026-12-07 10:05", busy=busy) == [
        "already booked from 10:00 to 10:30 on Monday 7 December 2026 (Europe/Berlin)"
    ]


def test_notice_and_advance_are_refused_in_the_words_of_the_founding_document() -> None:
    sarah = member(rule=DEFAULT_RULE)
    given = facts(sarah, now="2026-12-07 09:00")
    (notice,) = why_not(given, sarah, *span("10:00", "10:30"))
    assert notice.text == (
        "Booking does not meet minimum notice requirement for user 'sarah@bestsecurity.example'. "
        "Minimum notice is 2 hours."
    )
    assert notice.until == at("2026-12-07 11:00")
    (advance,) = why_not(given, sarah, NINE + 61 * DAY, NINE + 61 * DAY + 60)
    assert advance.text == (
        "Booking is too far in advance for user 'sarah@bestsecurity.example'. Maximum advance booking is 60 days."
    )
    assert advance.since == NINE + 60 * DAY


def test_full_days_and_weeks_are_named() -> None:
    rule = Rule(min_notice=0, max_per_day=1, max_per_week=2)
    busy = Busy.of(completed=[span("09:00", "09:30"), span("09:00", "09:30", "2026-12-08")])
    sarah = member(rule=rule, busy=busy)
    given = facts(sarah, department=Department("UTC", 1, [NINE]))
    found = why_not(given, sarah, *span("12:00", "12:30"))
    assert [(refusal.code, refusal.text) for refusal in found] == [
        ("day_limit", "the limit of 1 booking a day is reached on Monday 7 December 2026 (UTC)"),
        ("week_limit", "the limit of 2 bookings a week is reached in the week of Monday 7 December 2026 (UTC)"),
        ("department_limit", "the department's limit of 1 booking a day is reached on Monday 7 December 2026 (UTC)"),
    ]
    assert (found[0].since, found[0].until) == (NINE - 9 * HOUR, NINE + 15 * HOUR)


def test_a_forced_booking_waives_every_rule_but_a_clash() -> None:
    assert [code for code in RefusalCode if not waivable(code)] == [RefusalCode.CLASH]


# alternatives and edges


def test_alternatives_are_the_nearest_starts_and_of_two_as_near_the_earlier() -> None:
    slots = [Slot(start, start + 30, 1) for start in (0, 60, 120, 180, 240)]
    assert [slot.start for slot in nearest(slots, 120)] == [120, 60, 180]
    assert [slot.start for slot in nearest(slots, 500, n=1)] == [240]
    assert nearest([], 120) == []


def test_a_department_without_members_offers_nothing() -> None:
    given = facts()
    assert offered_slots(given, HOUR, HOUR, NINE, NINE + DAY) == []
    assert not is_offered(given, HOUR, HOUR, NINE)


def test_an_empty_range_has_no_slots() -> None:
    assert offered_slots(facts(member()), HOUR, HOUR, NINE, NINE) == []


def test_a_slot_belongs_to_the_range_in_which_it_starts() -> None:
    given = facts(member())
    assert [slot.start for slot in offered_slots(given, HOUR, HOUR, NINE, NINE + HOUR)] == [NINE]
    assert [slot.start for slot in offered_slots(given, HOUR, HOUR, NINE + 1, NINE + HOUR + 1)] == [NINE + HOUR]


# calendars that cannot be read


def test_whose_calendar_cannot_be_read_is_not_offered_where_the_department_wants_that() -> None:
    unread = member(1, unread_since=NINE - 48 * HOUR, hours=every_day(7 * 60, 12 * 60))
    mike = member(2)
    given = facts(unread, mike)
    assert times(unread) == []
    assert times(unread, mike) == times(mike)
    assert free_members(given, NINE, NINE + HOUR) == [mike]
    assert not is_offered(given, HALF_AN_HOUR, HALF_AN_HOUR, NINE - 2 * HOUR), "their hours make no times"
    (refusal,) = why_not(given, unread, NINE, NINE + HOUR)
    assert refusal.code is RefusalCode.CALENDAR
    assert refusal.text == "their calendar could not be read since 09:00 on Saturday 5 December 2026 (UTC)"
    assert waivable(refusal.code)
