"""Accounts at Microsoft: their calendars, and being told of changes."""

from datetime import UTC, datetime

import pytest

from meeting_manager.adapters.calendar.errors import NotFoundError
from tests.adapters.outlooks import opened
from tests.providers.graph import Graph

DAY = 86_400


def test_an_account_has_calendars(graph: Graph) -> None:
    account = opened(graph)
    assert account.address() == "me@contoso.example"
    mine, birthdays = account.calendars()
    assert (mine.id, mine.is_writable, mine.is_primary) == ("cal-1", True, True)
    assert (birthdays.name, birthdays.is_writable) == ("Birthdays", False)


def test_changes_are_told_to_an_address_until_that_is_ended(graph: Graph) -> None:
    calendar = opened(graph)
    told = calendar.subscribe("https://meet.example/hooks", "c0ffee", "s3cret")
    lasts = told.until - datetime.now(UTC).timestamp()
    assert 2.5 * DAY < lasts < 4_230 * 60
    kept = graph.subscriptions["sub-1"]
    assert (kept["clientState"], kept["resource"]) == ("s3cret", "me/calendars/cal-1/events")
    assert calendar.renew(told).id == told.id
    calendar.unsubscribe(told)
    calendar.unsubscribe(told)
    with pytest.raises(NotFoundError):
        calendar.renew(told)
