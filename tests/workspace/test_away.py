"""Somebody is away: the plan on the page, what it does, and the way back."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.availability.queries import in_force
from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import JOHN, block, hosts
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

AWAY = "/workspace/away/"


@pytest.fixture
def calls(cast: Cast) -> list[Booking]:
    """Two of Sarah's, at ten and eleven of the first weekday in a week or more."""
    first = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)
    while first.weekday() > 4:
        first += timedelta(days=1)
    return [
        services.book(
            meeting_type=cast.call,
            start=first + timedelta(hours=hours),
            customer=JOHN,
            host=cast.sarah,
            actor=cast.lead,
            now=timezone.now(),
        ).booking
        for hours in range(2)
    ]


def _address(calls: list[Booking], who: str = "sarah") -> str:
    day = calls[0].start_datetime.date().isoformat()
    return f"{AWAY}?{urlencode({'member': f'{who}@bestsecurity.example', 'since': day, 'until': day})}"


def _given(client: Client, address: str) -> dict[str, str]:
    rows = client.get(address).context["rows"]
    users = {one.user_id: user.email for row in rows for one, user in row.free}
    return {row.field: users.get(row.takeover.host, "") for row in rows}


def test_a_leader_hands_the_bookings_over_and_takes_them_back(cast: Cast, calls: list[Booking]) -> None:
    client = signed_in(cast.lead)
    assert "2 bookings; for 2 of them somebody is free." in text(client.get(_address(calls)))
    answer = client.post(_address(calls), _given(client, _address(calls)), follow=True)
    assert "2 bookings of Sarah have another host now." in text(answer)
    assert sorted(hosts(call)[0] for call in calls) == ["jane", "mike"]
    history = calls[0].booking_history.order_by("-sequence").first()
    assert history
    assert "Sarah is away from" in history.event_description
    answer = client.post(f"{AWAY}undo/", follow=True)
    assert "2 bookings were taken back." in text(answer)
    assert [hosts(call) for call in calls] == [["sarah"], ["sarah"]]
    assert "There is nothing to take back any more." in text(client.post(f"{AWAY}undo/", follow=True))


def test_what_is_chosen_by_hand_counts_and_what_is_left_stays(cast: Cast, calls: list[Booking]) -> None:
    client = signed_in(cast.admin)
    given = {f"host-{calls[0].name}": cast.lead.email, f"host-{calls[1].name}": ""}
    client.post(_address(calls), given)
    assert [hosts(call) for call in calls] == [["lead"], ["sarah"]]


def test_the_days_are_noted_as_away_and_given_back_with_the_bookings(cast: Cast, calls: list[Booking]) -> None:
    client = signed_in(cast.admin)
    client.post(_address(calls), {**_given(client, _address(calls)), "note_days": "on"})
    rule = in_force(cast.sarah)
    assert rule
    assert [row.date for row in rule.date_overrides.all()] == [calls[0].start_datetime.date()]
    client.post(f"{AWAY}undo/")
    assert not rule.date_overrides.exists()
    assert [hosts(call) for call in calls] == [["sarah"], ["sarah"]]
    assert signed_in(cast.lead).post(_address(calls), {"note_days": "on"}).status_code == 403


def test_whoever_is_busy_by_then_is_refused_with_the_reason(cast: Cast, calls: list[Booking]) -> None:
    client = signed_in(cast.lead)
    given = dict.fromkeys(_given(client, _address(calls)), cast.mike.email)
    block(cast.mike, calls[0].start_datetime, calls[0].end_datetime)
    answer = text(client.post(_address(calls), given, follow=True))
    assert "These were refused" in answer
    assert "User 'mike@bestsecurity.example' is not available at the selected time" in answer
    assert [hosts(call) for call in calls] == [["sarah"], ["mike"]]


def test_for_what_nobody_can_take_there_are_other_times(cast: Cast, calls: list[Booking]) -> None:
    for user in (cast.mike, cast.jane, cast.lead):
        block(user, calls[0].start_datetime, calls[1].end_datetime)
    answer = text(signed_in(cast.lead).get(_address(calls)))
    assert "Nobody is free" in answer
    assert "A colleague could at these times" in answer


def test_nothing_can_be_handed_over_that_its_reader_does_not_see(cast: Cast, calls: list[Booking]) -> None:
    cast.sales.department_leader = cast.outsider
    cast.sales.save()
    client = signed_in(cast.outsider)
    assert client.get(_address(calls)).status_code == 422
    given = {f"host-{calls[0].name}": cast.outsider.email}
    client.post(_address(calls, "outsider"), given)
    assert hosts(calls[0]) == ["sarah"]


def test_members_have_no_such_page(cast: Cast) -> None:
    assert signed_in(cast.mike).get(AWAY).status_code == 403


@pytest.mark.parametrize(
    "query", ["?member=x&since=&until=", "?since=2026-13-01", "?member=sarah@bestsecurity.example"]
)
def test_a_question_that_makes_no_sense_is_asked_again(cast: Cast, query: str) -> None:
    answer = signed_in(cast.lead).get(AWAY + query)
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()


def test_days_in_the_wrong_order_are_refused_at_their_field(cast: Cast, calls: list[Booking]) -> None:
    query = "?member=sarah@bestsecurity.example&since=2026-12-10&until=2026-12-01"
    assert "The last day must not be before the first." in text(signed_in(cast.lead).get(AWAY + query))
