"""A new meeting among colleagues, once or again and again, and what is done to its series."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.recurring import BookingSeries
from tests.bookings.desk import JOHN, block, hosts
from tests.cast import Cast
from tests.workspace.test_new_booking import soon
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

PAGE = "/workspace/new/meeting/"
PLACE = {"location_type": "Physical Location", "meeting_location": "Room 1"}


@pytest.fixture
def ten() -> datetime:
    """Ten o'clock (UTC) of a weekday a week or more from now."""
    return soon(10)


def page(cast: Cast, *who: str, start: datetime | None = None, **query: object) -> str:
    people = [("host", getattr(cast, name).email) for name in who or ("sarah", "mike")]
    day = (start or soon(10)).date()
    given = {"type": cast.planning.name, "day": day, "minutes": 60, "people": "", **query}
    at = [("start", start.isoformat())] if start else []
    return f"{PAGE}?{urlencode([*given.items(), *people, *at])}"


def busy(cast: Cast, start: datetime, name: str = "mike") -> None:
    services.book(
        meeting_type=cast.call,
        start=start,
        customer=JOHN,
        host=getattr(cast, name),
        actor=cast.lead,
        now=timezone.now(),
    )


def plan(client: Client, cast: Cast, start: datetime, **typed: str) -> Any:  # noqa: ANN401 - Django's test response
    return client.post(page(cast, start=start), {**PLACE, "meeting_title": "Weekly", **typed})


def weekly(**typed: str) -> dict[str, str]:
    return {"repeats": "weekly", "ends": "times", "times": "4", **typed}


def confirm(client: Client, cast: Cast, start: datetime, **typed: str) -> Any:  # noqa: ANN401
    """See the dates, and book what the page says."""
    seen = plan(client, cast, start, **weekly(**typed)).context
    left_out = [str(line["occurrence"].day) for line in seen["lines"] if line["is_left_out"]]
    data = {**dict(seen["typed"]), "leave_out": left_out, "confirm": "1"}
    return client.post(page(cast, start=start), data)


def starts() -> list[datetime]:
    held = Booking.objects.filter(is_internal=True, booking_status="Confirmed").order_by("start_datetime")
    return list(held.values_list("start_datetime", flat=True))


def test_times_are_side_by_side_and_those_for_everybody_first(cast: Cast, ten: datetime) -> None:
    busy(cast, ten)
    answer = signed_in(cast.lead).get(page(cast))
    choices = answer.context["choices"]
    assert [one.user for one in choices[0].people] == [cast.sarah, cast.mike]
    missing = [one.missing for one in choices]
    assert missing == sorted(missing)
    at_ten = next(one for one in choices if one.start == ten)
    assert [one.is_free for one in at_ten.people] == [True, False]
    assert "already booked from 10:00 to 10:30" in text(answer)
    assert {one.start.hour for one in choices} == set(range(9, 17))


def test_the_time_of_the_invited_is_shown_where_the_leader_may_see_it(cast: Cast, ten: datetime) -> None:
    block(cast.jane, ten, ten + timedelta(hours=2))
    invited = f"{cast.jane.email}\n{cast.outsider.email}\nAda Muster <ada@customer.example>"
    answer = signed_in(cast.lead).get(page(cast, "sarah", people=invited))
    people = answer.context["choices"][0].people
    assert [one.user for one in people] == [cast.sarah, cast.jane]
    at_ten = next(one for one in answer.context["choices"] if one.start == ten)
    assert "busy with a calendar event" in at_ten.people[1].why
    assert "Dentist" not in text(answer)
    assert answer.context["unseen"] == [cast.outsider.email, "ada@customer.example"]
    seen_by_all = signed_in(cast.admin).get(page(cast, "sarah", people=cast.outsider.email)).context["choices"][0]
    assert [one.user for one in seen_by_all.people] == [cast.sarah, cast.outsider]


def test_a_meeting_is_booked_with_agenda_place_and_people(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    address = page(cast, start=ten, people=f"{cast.outsider.email}, Ada Muster <Ada@customer.example>", minutes=90)
    agenda = "Budget\n<script>alert(1)</script>"
    client.post(address, {**PLACE, "meeting_title": "Planning", "meeting_description": agenda})
    booking = Booking.objects.get()
    assert (booking.meeting_title, booking.duration, booking.meeting_location) == ("Planning", 90, "Room 1")
    assert "<script>" not in booking.meeting_description
    assert "Budget<br>" in booking.meeting_description
    assert hosts(booking) == ["sarah", "mike"]
    invited = booking.participants.order_by("email").values_list("email", "participant_type", "name1")
    assert list(invited) == [
        ("ada@customer.example", "External", "Ada Muster"),
        (cast.outsider.email, "Internal", "Outsider"),
    ]


def test_without_a_host_or_with_a_wrong_address_it_says_so(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    answer = client.get(f"{PAGE}?type={cast.planning.name}&people=&day={ten.date()}&minutes=60")
    assert answer.status_code == 422
    assert "Choose at least one host." in text(answer)
    refused = client.post(page(cast, start=ten, people="not an address"), PLACE)
    assert refused.status_code == 422
    assert "Invalid email format for participant" in text(refused)


def test_a_taken_time_is_refused_with_others_and_what_was_typed(cast: Cast, ten: datetime) -> None:
    busy(cast, ten)
    answer = plan(signed_in(cast.lead), cast, ten)
    assert answer.status_code == 409
    assert 'value="Weekly"' in answer.content.decode()
    assert len(answer.context["alternatives"]) == 3


def test_a_leader_may_force_a_meeting_at_night(cast: Cast, ten: datetime) -> None:
    client, night = signed_in(cast.lead), ten.replace(hour=22)
    assert plan(client, cast, night).status_code == 409
    assert plan(client, cast, night, force_reason="The move of the data centre").status_code == 302


def test_clashes_are_listed_before_anything_is_booked(cast: Cast, ten: datetime) -> None:
    busy(cast, ten + timedelta(weeks=1))
    seen = plan(signed_in(cast.lead), cast, ten, **weekly())
    assert "On 1 date somebody is not free" in text(seen)
    assert "mike@bestsecurity.example: already booked from 10:00 to 10:30" in text(seen)
    assert [line["is_left_out"] for line in seen.context["lines"]] == [False, True, False, False]
    assert not BookingSeries.objects.exists()


def test_the_rest_is_booked_without_the_dates_that_clash(cast: Cast, ten: datetime) -> None:
    busy(cast, ten + timedelta(weeks=1))
    client = signed_in(cast.lead)
    answer = confirm(client, cast, ten)
    assert starts() == [ten + timedelta(weeks=week) for week in (0, 2, 3)]
    seen = text(client.get(answer.url))
    assert "3 meetings are booked." in seen
    assert "One of a series" in seen


def test_what_is_taken_between_the_dates_and_the_button_is_listed_anew(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    seen = plan(client, cast, ten, **weekly()).context
    busy(cast, ten + timedelta(weeks=2))
    answer = client.post(page(cast, start=ten), {**dict(seen["typed"]), "confirm": "1"})
    assert answer.status_code == 409
    assert "Meanwhile somebody is no longer free" in text(answer)
    assert [line["is_left_out"] for line in answer.context["lines"]] == [False, False, True, False]
    assert starts() == []


def test_months_without_the_day_are_named(cast: Cast) -> None:
    day = soon(10)
    while day.day != 31 or day.weekday() > 4:
        day += timedelta(days=1)
    seen = plan(signed_in(cast.lead), cast, day, **weekly(repeats="monthly_date"))
    assert "These months have no such day" in text(seen)


def test_a_pattern_that_makes_no_sense_is_refused_beside_its_field(cast: Cast, ten: datetime) -> None:
    answer = plan(signed_in(cast.lead), cast, ten, **weekly(times="500"))
    assert answer.status_code == 422
    assert "times" in answer.context["form"].errors


def test_going_back_from_the_dates_keeps_what_was_typed(cast: Cast, ten: datetime) -> None:
    answer = plan(signed_in(cast.lead), cast, ten, **weekly(), back="1")
    assert 'value="Weekly"' in answer.content.decode()
    assert starts() == []


def series_page(week: int = 1) -> str:
    booking = Booking.objects.filter(is_internal=True).order_by("series_start")[week]
    return f"/workspace/bookings/{booking.name}/series/"


def test_a_booking_of_no_series_has_no_such_page(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    plan(client, cast, ten)
    booking = Booking.objects.get()
    assert "One of a series" not in text(client.get(f"/workspace/bookings/{booking.name}/"))
    assert client.get(series_page(0)).headers["Location"] == f"/workspace/bookings/{booking.name}/"


def test_hosts_see_their_series_and_others_do_not(cast: Cast, ten: datetime) -> None:
    confirm(signed_in(cast.lead), cast, ten)
    assert len(signed_in(cast.sarah).get(series_page()).context["part"].meetings) == 4
    assert signed_in(cast.jane).get(series_page()).status_code == 404
    assert signed_in(cast.jane).post(f"{series_page()}cancel/", {"reach": "all"}).status_code == 404


def test_those_that_follow_are_cancelled_together(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    confirm(client, cast, ten)
    answer = client.post(f"{series_page()}cancel/", {"reach": "following", "cancellation_reason": "Over"}, follow=True)
    assert "3 meetings are cancelled." in text(answer)
    assert starts() == [ten]


def test_all_are_moved_but_those_that_meet_something_can_stay(cast: Cast, ten: datetime) -> None:
    client, later = signed_in(cast.lead), ten + timedelta(hours=3)
    confirm(client, cast, ten)
    busy(cast, later + timedelta(weeks=2))
    said = {"reach": "all", "start_datetime": f"{later + timedelta(weeks=1):%Y-%m-%dT%H:%M}", "minutes": "60"}
    refused = client.post(f"{series_page()}move/", said)
    assert refused.status_code == 409
    assert "Nothing has changed yet" in text(refused)
    ((stuck, why),) = refused.context["stuck"]
    assert "already booked" in why
    assert starts() == [ten + timedelta(weeks=week) for week in range(4)]
    client.post(f"{series_page()}move/", {**said, "leave": stuck.name})
    assert starts() == [
        later, later + timedelta(weeks=1), ten + timedelta(weeks=2), later + timedelta(weeks=3),
    ]  # fmt: skip


def test_a_series_outside_the_rules_needs_a_reason_and_is_then_booked_whole(cast: Cast, ten: datetime) -> None:
    client, night = signed_in(cast.lead), ten.replace(hour=22)
    refused = plan(client, cast, night, **weekly())
    assert refused.context["remaining"] == 0
    assert 'name="confirm"' not in refused.content.decode()
    confirm(client, cast, night, force_reason="Maintenance")
    assert starts() == [night + timedelta(weeks=week) for week in range(4)]
