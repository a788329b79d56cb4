"""Why nothing is offered, as far as customers may know it."""

from meeting_manager.engine.facts import Busy, DayHours, Member, Rule
from meeting_manager.engine.slots import Shortage, ShortageCode, offered_slots, why_nothing
from tests.engine.build import ANY_TIME, DAY, HOUR, MINUTE, at, facts, member

MONTH = (at("2026-12-01 00:00"), at("2027-01-01 00:00"))
CLOSED = (DayHours(False, 0, 0),) * 7


def why(*members: Member, now: str = "2026-12-01 00:00") -> Shortage:
    given = facts(*members, now=now)
    assert not offered_slots(given, 30 * MINUTE, 30 * MINUTE, *MONTH)
    return why_nothing(given, 30 * MINUTE, 30 * MINUTE, *MONTH)


def test_a_department_without_members_has_nobody() -> None:
    assert why().code is ShortageCode.NOBODY


def test_members_without_hours_in_the_range_do_not_work_then() -> None:
    assert why(member(hours=CLOSED)).code is ShortageCode.NO_HOURS


def test_a_range_beyond_everybodys_advance_is_too_far_and_says_until_when_there_are_times() -> None:
    near, far = member(1, rule=Rule(max_advance=5 * DAY)), member(2, rule=Rule(max_advance=9 * DAY))
    assert why(near, far, now="2026-11-01 00:00") == Shortage(ShortageCode.TOO_FAR, latest=at("2026-11-10 00:00"))


def test_a_rule_without_advance_is_never_too_far() -> None:
    busy = Busy.of(bookings=[MONTH])
    assert why(member(1, busy=busy), member(2, rule=Rule(max_advance=DAY), busy=busy)).code is ShortageCode.FULL


def test_a_range_within_everybodys_notice_is_too_soon_and_says_from_when_on_there_are_times() -> None:
    slow, quick = member(1, rule=Rule(min_notice=900 * HOUR)), member(2, rule=Rule(min_notice=800 * HOUR))
    expected = Shortage(ShortageCode.TOO_SOON, soonest=at("2026-12-01 00:00") + 800 * HOUR)
    assert why(slow, quick) == expected


def test_a_range_in_which_everything_is_taken_is_full() -> None:
    assert why(member(rule=ANY_TIME, busy=Busy.of(events=[MONTH]))).code is ShortageCode.FULL
