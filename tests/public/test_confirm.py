"""Confirming by mail first: the way of a guest from the form over the mail to the booking."""

import re
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments.services import edit_meeting_type, set_questions
from meeting_manager.ledger.running import run_due
from meeting_manager.public import starts
from tests.cast import Cast
from tests.hours import stay_within_the_hour
from tests.public.visits import DETAILS, TYPED, Book, free_starts, link, send, text, title
from tests.together import together

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://127\.0\.0\.1:8000(/confirm/\S+)")
OPTION = re.compile(r'name="start"\s+value="([^"]+)"')


@pytest.fixture(autouse=True)
def _by_mail(cast: Cast) -> None:
    """Calls in Support are confirmed by mail."""
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})


def mailed_link() -> str:
    """The path in the last mail, after everything owed was sent."""
    run_due(timezone.now())
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return found[1]


def ask(client: Client, start: datetime, **changes: str) -> str:
    """Send the form, and take the link from the mail."""
    assert send(client, start, **changes).status_code == 202
    return mailed_link()


def expire() -> None:
    BookingRequest.objects.update(expires_at=timezone.now())


def test_the_form_says_before_that_a_mail_comes(client: Client, cast: Cast, start: datetime) -> None:
    assert "We send you a mail first" in text(client.get(DETAILS, {"start": starts.write(start)}))


def test_a_guest_is_told_to_look_into_the_mailbox_and_nothing_is_booked(
    client: Client, cast: Cast, start: datetime
) -> None:
    response = send(client, start)
    told = text(response)
    assert response.status_code == 202
    assert title(response).startswith("Please confirm")
    assert "We have sent a mail to ada@customer.example" in told
    assert "The link works until" in told
    assert "Europe/Berlin" in told
    assert "If no mail arrives" in told
    assert "no-store" in response["Cache-Control"]
    assert not Booking.objects.exists()


def test_following_the_link_and_pressing_the_button_books(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    page = client.get(path)
    assert page.status_code == 200
    for shown in ("30 Min Call", "Ada Muster", "ada@customer.example", "About the alarm", "Yes, book this meeting"):
        assert shown in text(page)
    assert not Booking.objects.exists()
    response = client.post(path)
    booking = Booking.objects.get()
    assert (response.status_code, response["Location"]) == (303, link(booking))
    assert (booking.start_datetime, booking.customer_timezone) == (start, "Europe/Berlin")


def test_the_page_is_kept_out_of_caches_and_search_engines(client: Client, cast: Cast, start: datetime) -> None:
    page = client.get(ask(client, start))
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "same-origin"


def test_pressing_twice_leads_to_the_one_booking(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    first, second = client.post(path), client.post(path)
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_booking(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    clicks = together([partial(Client().post, path) for _ in range(4)])
    assert {response["Location"] for response in clicks if not isinstance(response, Exception)} == {
        link(Booking.objects.get())
    }


def test_the_button_works_for_forms_of_this_site_only(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert not Booking.objects.exists()


def test_the_form_sent_twice_sends_one_mail(client: Client, cast: Cast, start: datetime) -> None:
    for _ in range(2):
        assert send(client, start, key="abc").status_code == 202
    run_due(timezone.now())
    assert len(mail.outbox) == 1


def test_what_is_wrong_is_said_at_once(client: Client, cast: Cast, start: datetime, book: Book) -> None:
    assert send(client, start, customer_email="ada@").status_code == 422
    for _ in range(4):
        book()
    assert send(client, start).status_code == 409
    assert not BookingRequest.objects.exists()


def test_a_time_taken_meanwhile_offers_the_nearest_and_books_the_chosen_one(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    path = ask(client, start)
    for _ in range(4):
        book()
    for response in (client.post(path), client.get(path)):
        assert response.status_code == 409
        assert title(response).startswith("Error:")
        assert "Ada Muster" in text(response)
    options = OPTION.findall(client.get(path).content.decode())
    assert len(options) == 3
    assert client.post(path, {"asked": starts.write(start)}).status_code == 409
    response = client.post(path, {"start": options[0], "asked": starts.write(start)})
    assert response.status_code == 303
    assert Booking.objects.filter(start_datetime=starts.read(options[0])).count() == 1


def test_a_start_that_is_none_stands_for_the_one_asked_for(client: Client, cast: Cast, start: datetime) -> None:
    assert client.post(ask(client, start), {"start": "tomorrow"}).status_code == 303
    assert Booking.objects.get().start_datetime == start


def test_a_link_that_was_used_says_so_and_leads_to_the_booking(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    client.post(path)
    page = client.get(path)
    assert page.status_code == 200
    assert title(page).startswith("You have confirmed already")
    assert link(Booking.objects.get()) in page.content.decode()


def test_a_used_link_opens_nothing_once_its_time_is_over(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    client.post(path)
    expire()
    for page in (client.get(path), client.post(path)):
        assert page.status_code == 200
        assert "token=" not in page.content.decode()
        assert 'href="/booking"' in page.content.decode()


def test_an_expired_link_is_gone_and_leads_to_the_times(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    expire()
    for page in (client.get(path), client.post(path)):
        assert page.status_code == 410
        assert title(page).startswith("This link has expired")
        assert "Ada" not in page.content.decode()
        assert 'href="/book/support/30-min-call"' in page.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize("token", ["x", "%F0%9F%92%A9", "%00", "a" * 500])
def test_a_link_that_nobody_sent_has_a_page_that_explains(client: Client, cast: Cast, token: str) -> None:
    for page in (client.get(f"/confirm/{token}"), client.post(f"/confirm/{token}")):
        assert page.status_code == 404
        assert title(page).startswith("This link opens nothing")


def test_a_type_closed_meanwhile_is_said_on_the_page(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"is_active": False})
    response = client.post(path)
    assert response.status_code == 422
    assert "is not active" in text(response)


def test_what_a_guest_typed_is_text_and_never_markup(client: Client, cast: Cast, start: datetime) -> None:
    page = client.get(ask(client, start, customer_notes="<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_limit_counts_requests_and_not_what_becomes_of_them(
    client: Client, cast: Cast, start: datetime, settings: Settings
) -> None:
    stay_within_the_hour(20)
    settings.GUEST_PROOF_OF_WORK, settings.GUEST_BOOKINGS_PER_HOUR = 0, 2
    paths = [ask(client, start + timedelta(minutes=30 * n)) for n in range(2)]
    assert send(client, start).status_code == 429
    assert [client.post(path).status_code for path in paths] == [303, 303]


def test_a_meeting_that_needs_approval_is_asked_for_after_the_mail(client: Client, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.consultation, changes={"confirm_email": True})
    at = free_starts(cast.consultation)[5]
    client.post("/book/sales/executive-consultation/details", {**TYPED, "start": starts.write(at)})
    path = mailed_link()
    assert "Yes, ask for this meeting" in text(client.get(path))
    client.post(path)
    assert Booking.objects.get().booking_status == "Pending"


def test_other_types_are_booked_at_once(client: Client, cast: Cast, start: datetime) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": False})
    assert send(client, start).status_code == 303


def test_the_page_shows_what_was_answered_and_the_booking_has_it(client: Client, cast: Cast, start: datetime) -> None:
    set_questions(actor=cast.admin, meeting_type=cast.call, questions=[{"label": "Which alarm?"}])
    key = cast.call.questions.get().key
    path = ask(client, start, **{f"answers.{key}": "The red one"})
    assert "Which alarm? The red one" in text(client.get(path))
    client.post(path)
    assert Booking.objects.get().answers[0]["value"] == "The red one"


def test_where_the_type_asks_for_more_by_now_there_is_a_way_on(client: Client, cast: Cast, start: datetime) -> None:
    path = ask(client, start)
    set_questions(actor=cast.admin, meeting_type=cast.call, questions=[{"label": "Which alarm?", "is_required": True}])
    response = client.post(path)
    assert response.status_code == 422
    assert "Which alarm?" in text(response)
    assert "Or choose a time anew" in text(response)
