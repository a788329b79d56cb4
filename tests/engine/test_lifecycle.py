"""The legal status changes of a booking, and no others."""

from itertools import product

import pytest

from meeting_manager.engine.lifecycle import COUNTED, HOLDING, IllegalChange, Status, check_change, may_change

LEGAL = {
    ("Pending", "Confirmed"),
    ("Pending", "Cancelled"),
    ("Pending", "Rescheduled"),
    ("Confirmed", "Cancelled"),
    ("Confirmed", "Rescheduled"),
    ("Confirmed", "Completed"),
    ("Confirmed", "No-Show"),
    ("Completed", "No-Show"),
    ("No-Show", "Completed"),
}


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_a_booking_changes_only_as_its_life_allows(old: Status, new: Status) -> None:
    assert may_change(old, new) == ((old.value, new.value) in LEGAL)


@pytest.mark.parametrize(("old", "new"), [("Pending", "Lost"), ("Lost", "Pending"), ("", "")])
def test_an_unknown_status_is_no_way_in_or_out(old: str, new: str) -> None:
    assert not may_change(old, new)


def test_an_illegal_change_is_refused_in_the_words_of_the_specification() -> None:
    with pytest.raises(IllegalChange) as refused:
        check_change("Cancelled", Status.CONFIRMED)
    assert str(refused.value) == "Cannot change booking status from 'Cancelled' to 'Confirmed'."


def test_a_legal_change_passes() -> None:
    check_change("Pending", "Confirmed")


def test_pending_and_confirmed_bookings_hold_their_time_and_completed_ones_only_count() -> None:
    assert {status.value for status in HOLDING} == {"Pending", "Confirmed"}
    assert {status.value for status in COUNTED} == {"Pending", "Confirmed", "Completed"}
