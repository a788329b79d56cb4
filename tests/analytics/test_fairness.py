"""Shares of work against shares of time, and what explains the difference."""

from dataclasses import replace

import pytest

from meeting_manager.analytics.fairness import Load, Why, shares

EVEN = Load(1, meetings=10, minutes=300, could=2400)
FEW, MANY = replace(EVEN, user=2, meetings=4, minutes=120), replace(EVEN, user=3, meetings=16, minutes=480)


def whys(*loads: Load, algorithm: str = "Round Robin") -> list[set[Why]]:
    return [set(share.whys) for share in shares(loads, algorithm)]


def test_who_holds_as_much_as_their_part_of_the_time_needs_no_reason() -> None:
    one, two = shares([EVEN, replace(EVEN, user=2, minutes=600, could=4800)], "Round Robin")
    assert one.share == one.target == pytest.approx(1 / 3)
    assert (one.difference, one.whys, two.whys) == (0, (), ())


def test_shares_and_targets_each_add_up_to_all() -> None:
    found = shares([EVEN, FEW, MANY, Load(4, could=100)], "Round Robin")
    assert sum(share.share or 0 for share in found) == pytest.approx(1)
    assert sum(share.target or 0 for share in found) == pytest.approx(1)


def test_without_meetings_there_is_no_share_and_nothing_to_explain() -> None:
    (only,) = shares([Load(1, could=2400)], "Round Robin")
    assert (only.share, only.target, only.difference, only.whys) == (None, 1, None, ())


def test_priorities_explain_more_and_less() -> None:
    heavy, light = whys(replace(MANY, weight=3), replace(FEW, weight=1), algorithm="Weighted")
    assert (Why.HEAVY in heavy, Why.LIGHT in light) == (True, True)
    assert (Why.LIGHT in heavy, Why.HEAVY in light) == (False, False)


def test_being_chosen_by_name_explains_more_and_that_others_were_explains_less() -> None:
    assert whys(replace(MANY, by_name=12), FEW) == [{Why.BY_NAME}, {Why.OTHERS_BY_NAME}]


def test_long_and_short_meetings_explain_it_where_everybody_had_as_many() -> None:
    longer, shorter = replace(EVEN, minutes=600), replace(EVEN, user=2, minutes=200)
    assert whys(longer, shorter) == [{Why.LONGER}, {Why.SHORTER}]


def test_turns_take_no_account_of_hours() -> None:
    part, full = replace(EVEN, could=1200), replace(EVEN, user=2, could=4800)
    assert whys(part, full) == [{Why.FEWER_HOURS}, {Why.MORE_HOURS}]
    assert whys(part, full, algorithm="Weighted") == [{Why.NOTHING}, {Why.NOTHING}]


def test_a_limit_explains_less_and_never_more() -> None:
    assert whys(replace(FEW, per_day=2), replace(MANY, per_week=3)) == [{Why.LIMITED}, {Why.NOTHING}]


def test_who_left_is_told_so_and_nothing_else() -> None:
    gone = Load(9, meetings=3, by_name=3, minutes=300, takes_part=False)
    assert whys(gone, EVEN)[0] == {Why.GONE}


def test_what_no_setting_explains_is_said_to_be_chance() -> None:
    assert whys(MANY, FEW) == [{Why.NOTHING}, {Why.NOTHING}]
