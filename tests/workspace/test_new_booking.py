"""A new booking for a customer: types, times with who is free, the form, and what is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.departments.services import set_questions
from tests.bookings.desk import JOHN, hosts
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

NEW = "/workspace/new/"
PAGE = "/workspace/new/booking/"
ADA = {"customer_name": "Ada Muster", "customer_email": "ada@customer.example", "location_type": "Video Call"}


@pytest.fixture
def ten() -> datetime:
    """Ten o'clock (UTC) of a weekday a week or more from now."""
    return soon(10)


def soon(hour: int) -> datetime:
    first = timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=7)
    while first.weekday() > 4:
        first += timedelta(days=1)
    return first


def page(cast: Cast, start: datetime | None = None, **query: str) -> str:
    at = {"start": start.isoformat()} if start else {}
    return f"{PAGE}?{urlencode({'type': cast.call.name, **at, **query})}"


def send(client: Client, cast: Cast, start: datetime, **typed: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    data: Mapping[str, str] = {
        "start": start.isoformat(),
        **ADA,
        "video_meeting_url": "https://meet.example/a",
        **typed,
    }
    return client.post(page(cast, start), data)


def taken(cast: Cast, start: datetime, *users: str) -> None:
    for name in users:
        services.book(
            meeting_type=cast.call, start=start, customer=JOHN, host=getattr(cast, name), actor=cast.lead,
            now=timezone.now(),
        )  # fmt: skip


def let_members_book(cast: Cast) -> None:
    Department.objects.filter(pk=cast.support.pk).update(members_may_book=True)


def test_a_leader_sees_the_types_of_their_departments_and_no_others(cast: Cast) -> None:
    seen = text(signed_in(cast.lead).get(NEW))
    assert "30 Min Call" in seen
    assert "Internal Planning" in seen
    assert "Executive Consultation" not in seen
    assert "Executive Consultation" in text(signed_in(cast.admin).get(NEW))


def test_members_get_in_only_where_they_may_book_for_themselves(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    assert client.get(NEW).status_code == client.get(PAGE).status_code == 403
    assert f'href="{NEW}"' not in client.get("/accounts/").content.decode()
    let_members_book(cast)
    assert f'href="{NEW}"' in client.get("/accounts/").content.decode()
    seen = text(client.get(NEW))
    assert "30 Min Call" in seen
    assert "Internal Planning" not in seen
    assert client.get("/workspace/new/meeting/").status_code == 403


def test_each_time_of_a_day_says_who_is_free(cast: Cast, ten: datetime) -> None:
    taken(cast, ten, "sarah", "mike", "jane")
    choices = signed_in(cast.lead).get(page(cast, day=str(ten.date()))).context["choices"]
    at_ten = next(one for one in choices if one.start == ten)
    assert [one.user for one in at_ten.free] == [cast.lead]
    assert [len(one.free) for one in choices if one.start == ten + timedelta(hours=1)] == [4]


def test_a_day_costs_as_many_queries_whatever_is_free(cast: Cast, ten: datetime) -> None:
    client, counts = signed_in(cast.lead), []
    for day in (ten.date(), ten.date() + timedelta(days=(5 - ten.weekday()) % 7)):
        with CaptureQueriesContext(connection) as caught:
            client.get(page(cast, day=str(day)))
        counts.append(len(caught))
    assert max(counts) <= 40
    assert counts[1] <= counts[0] + 2


def test_a_day_without_times_leads_to_the_nearest(cast: Cast, ten: datetime) -> None:
    saturday = ten.date() + timedelta(days=(5 - ten.weekday()) % 7)
    answer = signed_in(cast.lead).get(page(cast, day=str(saturday)))
    assert "Nobody is free on this day" in text(answer)
    assert len(answer.context["nearest"]) == 3


def test_the_assignment_finds_a_host_where_none_is_named(cast: Cast, ten: datetime) -> None:
    answer = send(signed_in(cast.lead), cast, ten, customer_notes="Bring the plan", meeting_title="First talk")
    booking = Booking.objects.get()
    assert answer.url == f"/workspace/bookings/{booking.name}/"
    assert hosts(booking) == ["sarah"]
    assert (booking.booking_source, booking.customer_name, booking.customer_notes, booking.meeting_title) == (
        "Manual Entry", "Ada Muster", "Bring the plan", "First talk",
    )  # fmt: skip
    assert booking.video_meeting_url == "https://meet.example/a"


def test_a_host_is_named_and_why_others_are_not_free_is_said(cast: Cast, ten: datetime) -> None:
    taken(cast, ten, "sarah")
    client = signed_in(cast.lead)
    seen = text(client.get(page(cast, ten)))
    assert "already booked from 10:00 to 10:30" in seen
    send(client, cast, ten, assigned_users=cast.jane.email)
    assert hosts(Booking.objects.get(customer_email="ada@customer.example")) == ["jane"]


def test_a_refusal_keeps_what_was_typed_and_names_three_other_times(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    taken(cast, ten, "jane")
    answer = send(client, cast, ten, assigned_users=cast.jane.email, customer_phone="+49 30 901820")
    assert answer.status_code == 409
    assert "is not available at the selected time" in text(answer)
    page_text = answer.content.decode()
    assert 'value="+49 30 901820"' in page_text
    assert len(answer.context["alternatives"]) == 3
    other = answer.context["alternatives"][0]
    again = send(client, cast, ten, customer_phone="+49 30 901820", take=other.isoformat())
    assert 'value="+49 30 901820"' in again.content.decode()
    assert again.context["start"] == other
    assert not Booking.objects.filter(customer_email="ada@customer.example").exists()


def test_what_is_missing_is_said_beside_its_field(cast: Cast, ten: datetime) -> None:
    answer = send(signed_in(cast.lead), cast, ten, customer_name="", customer_email="ada@")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"customer_name", "customer_email"}


def test_the_questions_of_the_type_are_asked_and_answered(cast: Cast, ten: datetime) -> None:
    questions = [{"key": "topic", "label": "Topic?", "question_type": "Text", "is_required": True}]
    set_questions(actor=cast.admin, meeting_type=cast.call, questions=questions)
    client = signed_in(cast.lead)
    assert "Topic?" in text(client.get(page(cast, ten)))
    send(client, cast, ten, **{"answers.topic": "Phishing"})
    assert Booking.objects.get().answers[0]["value"] == "Phishing"


def test_a_leader_forces_a_time_outside_the_rules_with_a_reason_but_never_an_overlap(cast: Cast, ten: datetime) -> None:
    client, night = signed_in(cast.lead), ten.replace(hour=22)
    refused = send(client, cast, night, assigned_users=cast.sarah.email)
    assert refused.status_code == 409
    assert refused.context["opens_force"]
    assert send(client, cast, night, assigned_users=cast.sarah.email, force_reason="Asked for it").status_code == 302
    assert hosts(Booking.objects.get(start_datetime=night)) == ["sarah"]
    again = send(client, cast, night, assigned_users=cast.sarah.email, force_reason="Again")
    assert again.status_code == 409
    assert Booking.objects.filter(start_datetime=night).count() == 1


def test_a_member_books_themselves_and_nobody_else(cast: Cast, ten: datetime) -> None:
    let_members_book(cast)
    client = signed_in(cast.mike)
    seen = client.get(page(cast, ten))
    assert [one.user for one in seen.context["people"]] == [cast.mike]
    assert "outside the rules" not in text(seen)
    assert send(client, cast, ten, assigned_users=cast.jane.email).status_code == 422
    assert send(client, cast, ten, assigned_users=cast.mike.email, force_reason="Mine").status_code == 403
    assert send(client, cast, ten, assigned_users=cast.mike.email).status_code == 302
    assert hosts(Booking.objects.get()) == ["mike"]


def test_a_form_that_is_sent_twice_books_once(cast: Cast, ten: datetime) -> None:
    client = signed_in(cast.lead)
    first = send(client, cast, ten, key="abc")
    second = send(client, cast, ten, key="abc")
    assert first.url == second.url
    changed = send(client, cast, ten, key="abc", customer_name="Somebody else")
    assert "This form was used already" in text(changed)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["start=0001-01-01T00:00:00Z", "start=9999-12-31", "start=x", "day=x", "day=9999-12-31"]
)
def test_addresses_that_nobody_wrote_are_no_trouble(cast: Cast, query: str) -> None:
    assert signed_in(cast.lead).get(f"{PAGE}?type={cast.call.name}&{query}").status_code == 200


@pytest.mark.parametrize("name", ["MM-MT-none", "%00"])
def test_types_of_others_are_not_there(cast: Cast, name: str) -> None:
    client = signed_in(cast.lead)
    assert client.get(f"{PAGE}?type={name}").status_code == 404
    assert client.get(f"{PAGE}?type={cast.consultation.name}").status_code == 404
