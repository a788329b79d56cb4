"""Answering an invitation by its link."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.inputs import Details, Host, Invitee
from meeting_manager.bookings.links import answer_url, link_token, participant_token
from meeting_manager.bookings.models import Booking
from meeting_manager.people.models import UserSettings
from meeting_manager.people.queries import system_user
from meeting_manager.public.guests import Invited
from meeting_manager.public.views import answer as page_to_answer
from tests.cast import Cast
from tests.hours import stay_within_the_hour
from tests.public.visits import Book, text, title

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

ADA = "ada@customer.example"
EVE = Invitee("eve@partner.example", "Eve Partner")


@pytest.fixture
def booking(book: Book) -> Booking:
    return book()


@pytest.fixture
def meeting(cast: Cast, start: datetime) -> Booking:
    """An internal one: Sarah and Mike host, Jane and Eve are invited."""
    return services.book_internal(
        meeting_type=cast.planning,
        start=start,
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        participants=[Invitee(user=cast.jane, participant_type="Internal"), EVE],
        actor=cast.lead,
        now=start - timedelta(days=1),
    ).booking


def link(booking: Booking, email: str = ADA) -> str:
    parts = urlsplit(answer_url(booking, email))
    return f"{parts.path}?{parts.query}"


def answer(client: Client, booking: Booking, response: str, email: str = ADA) -> "Response":
    return client.post(link(booking, email), {"response": response})


def status(booking: Booking, email: str = ADA) -> str:
    return booking.participants.get(email=email).response_status


def test_the_page_says_what_when_where_who_and_asks(client: Client, booking: Booking) -> None:
    page = client.get(link(booking))
    host = booking.assigned_users.get().user
    assert page.status_code == 200
    seen = text(page)
    for expected in (
        "Will you be there?",
        "30 Min Call with Support",
        "Europe/Berlin (UTC+",
        f"{host.display_name}, Support",
        f"For them it is {booking.start_datetime:%A}",
        "https://meet.example/a",
        ADA,
        "Accept",
        "Maybe",
        "Decline",
    ):
        assert expected in seen
    assert page.content.decode().count('id="answers"') == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client: Client, booking: Booking, method: str) -> None:
    before = booking.history_length
    assert getattr(client, method)(f"{link(booking)}&response=Declined").status_code == 200
    booking.refresh_from_db()
    assert (status(booking), booking.history_length) == ("Pending", before)


@pytest.mark.parametrize(
    ("response", "headline"),
    [("Accepted", "You have accepted"), ("Tentative", "You may come"), ("Declined", "You have declined")],
)
def test_a_button_answers_and_the_page_says_what_was_noted(
    client: Client, booking: Booking, response: str, headline: str
) -> None:
    answered = answer(client, booking, response)
    assert (answered.status_code, answered["Location"]) == (303, link(booking))
    assert status(booking) == response
    assert booking.booking_history.get(event_type="Participant Responded").event_by == system_user()
    page = client.get(link(booking))
    assert headline in title(page)
    assert f"The answer of {ADA} is noted." in text(page)
    assert f'value="{response}"' not in page.content.decode()


def test_people_may_change_their_mind(client: Client, booking: Booking) -> None:
    for response in ("Accepted", "Declined", "Declined", "Tentative"):
        answer(client, booking, response)
        assert status(booking) == response
    assert booking.booking_history.filter(event_type="Participant Responded").count() == 3


@pytest.mark.parametrize("response", ["", "Pending", "accepted", "x"])
def test_only_the_three_answers_are_answers(client: Client, booking: Booking, response: str) -> None:
    page = answer(client, booking, response)
    assert page.status_code == 422
    assert title(page).startswith("Error:")
    assert "Choose one of the answers." in text(page)
    assert status(booking) == "Pending"


def test_other_sites_cannot_answer_for_people(booking: Booking) -> None:
    assert answer(Client(enforce_csrf_checks=True), booking, "Declined").status_code == 403
    assert status(booking) == "Pending"


def test_who_is_invited_to_an_internal_meeting_answers_too(client: Client, cast: Cast, meeting: Booking) -> None:
    for email in (cast.jane.email, EVE.email):
        assert answer(client, meeting, "Accepted", email).status_code == 303
        assert status(meeting, email) == "Accepted"
    seen = text(client.get(link(meeting, EVE.email)))
    for expected in ("Internal Planning", "Sarah and Mike, Support", "Also invited Jane", "Room 1"):
        assert expected in seen


def test_times_are_in_the_zone_of_the_one_who_is_invited(client: Client, cast: Cast, meeting: Booking) -> None:
    UserSettings.objects.filter(user=cast.jane).update(timezone="Asia/Tokyo")
    for email, zone in ((cast.jane.email, "Asia/Tokyo (UTC+9)"), (EVE.email, "UTC")):
        seen = text(client.get(link(meeting, email)))
        assert zone in seen
        assert ("For them it is" in seen) == (zone != "UTC")


def test_whoever_is_invited_to_a_customers_meeting_sees_nothing_of_the_others(
    client: Client, cast: Cast, booking: Booking
) -> None:
    services.invite(booking=booking, invitees=[EVE], actor=cast.lead, now=booking.created_at)
    page = client.get(link(booking, EVE.email)).content.decode()
    for secret in (ADA, "901820", "Alarm", "Ada Muster", link_token(booking), participant_token(booking, ADA)):
        assert secret not in page
    assert EVE.name not in client.get(link(booking)).content.decode()


def test_what_people_typed_is_shown_and_not_run(client: Client, book: Book) -> None:
    booking = book(details=Details(title="<script>x</script>", description="<p>First<br>second &lt;b&gt;</p>"))
    page = client.get(link(booking)).content.decode()
    assert "<script>" not in page
    assert "First<br>second &lt;b&gt;" in page


def test_a_wrong_token_opens_nothing_and_explains_itself(client: Client, cast: Cast, booking: Booking) -> None:
    services.invite(booking=booking, invitees=[EVE], actor=cast.lead, now=booking.created_at)
    gone = link(booking, EVE.email)
    services.uninvite(booking=booking, email=EVE.email, actor=cast.lead, now=booking.created_at)
    path = f"/booking/{booking.booking_reference}/answer"
    for wrong in (
        gone,
        path,
        f"{path}?token=",
        f"{path}?token={link_token(booking)}",
        f"{path}?token={participant_token(booking, 'somebody@x.example')}",
        f"{path}?token=%00%C3%BC",
        link(booking).replace(booking.booking_reference, "BK-AAAAAAAA"),
    ):
        for page in (client.get(wrong), client.post(wrong, {"response": "Accepted"})):
            assert page.status_code == 404
            assert "This invitation is not valid" in title(page)
            assert ADA not in page.content.decode()
    assert status(booking) == "Pending"


def test_the_token_to_answer_opens_nothing_else(client: Client, booking: Booking) -> None:
    token = participant_token(booking, ADA)
    for page in ("", "/cancel", "/reschedule", ".ics"):
        assert client.get(f"/booking/{booking.booking_reference}{page}?token={token}").status_code == 404


def test_guessing_tokens_is_limited_and_links_go_on_working(
    client: Client, booking: Booking, settings: Settings
) -> None:
    stay_within_the_hour()
    settings.GUEST_LOOKUPS_PER_HOUR = 2
    wrong = f"/booking/{booking.booking_reference}/answer?token=guess"
    assert [client.get(wrong).status_code for _ in range(3)] == [404, 404, 429]
    assert client.post(wrong, {"response": "Accepted"}).status_code == 429
    assert client.get(link(booking)).status_code == 200
    assert answer(client, booking, "Accepted").status_code == 303


def test_wrong_tokens_count_as_misses_of_all(client: Client, booking: Booking, settings: Settings) -> None:
    stay_within_the_hour()
    settings.GUEST_MISSES_PER_HOUR = 2
    for _ in range(2):
        client.get(f"/booking/{booking.booking_reference}/answer?token=guess")
    assert client.get(f"/booking/{booking.booking_reference}").status_code == 429


def move(booking: Booking, hours: int) -> Booking:
    start = booking.start_datetime + timedelta(hours=hours)
    return services.reschedule(booking=booking, start=start, actor=system_user(), now=booking.created_at).booking


def test_an_old_link_leads_to_where_the_meeting_is_now_and_answers_nothing_on_its_way(
    client: Client, booking: Booking
) -> None:
    current = move(move(booking, 2), 2)
    for response in (client.get(link(booking)), answer(client, booking, "Accepted")):
        assert (response.status_code, response["Location"]) == (303, link(current))
    assert status(current) == "Pending", "they saw another time"
    assert answer(client, current, "Accepted").status_code == 303
    assert status(current) == "Accepted"


def test_a_reference_is_read_in_any_case(client: Client, booking: Booking) -> None:
    assert client.get(link(booking).replace("BK-", "bk-")).status_code == 200


def test_a_cancelled_meeting_says_so_and_why(client: Client, booking: Booking) -> None:
    services.cancel(booking=booking, actor=system_user(), now=booking.created_at, reason="The train is late")
    page = client.get(link(booking))
    assert page.status_code == 200
    assert "This meeting is cancelled" in title(page)
    assert "The train is late" in text(page)
    assert 'id="answers"' not in page.content.decode()
    assert answer(client, booking, "Accepted").status_code == 409
    assert status(booking) == "Pending"


def test_a_meeting_that_is_cancelled_at_this_very_moment_is_explained_by_its_page(
    rf: RequestFactory, booking: Booking
) -> None:
    seen = Invited(queries.whole(Booking.objects.filter(pk=booking.pk)).get(), booking.participants.get())
    services.cancel(booking=booking, actor=system_user(), now=booking.created_at)
    answered = page_to_answer._answer(rf.post("/", {"response": "Accepted"}), seen, booking.created_at)
    assert (answered.status_code, answered["Location"]) == (303, link(booking))
    assert status(booking) == "Pending"


def test_a_meeting_that_has_begun_takes_no_answers(client: Client, booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(start_datetime=booking.created_at - timedelta(minutes=1))
    page = client.get(link(booking))
    assert "This invitation can no longer be answered" in title(page)
    assert 'id="answers"' not in page.content.decode()
    assert answer(client, booking, "Accepted").status_code == 409
    assert status(booking) == "Pending"


def test_the_page_is_kept_out_of_caches_and_search_engines(client: Client, booking: Booking) -> None:
    for page in (client.get(link(booking)), client.get(f"{link(booking)}x")):
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"


def test_the_page_costs_few_queries_however_many_are_invited(
    client: Client, cast: Cast, meeting: Booking, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    guests = [Invitee(f"guest{number}@x.example", "Guest") for number in range(5)]
    services.invite(booking=meeting, invitees=guests, actor=cast.lead, now=meeting.created_at)
    client.get(link(meeting, cast.jane.email))
    with django_assert_max_num_queries(7):
        client.get(link(meeting, cast.jane.email))
