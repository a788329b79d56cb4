"""A customer books on the pages: which time, who, and what if the time has gone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

from meeting_manager.bookings.errors import TAKEN
from meeting_manager.bookings.models import Booking
from meeting_manager.public import starts
from tests.cast import Cast
from tests.hours import stay_within_the_hour
from tests.public.visits import CALL, DETAILS, TYPED, Book, free_starts, link, send, text, title

pytestmark = pytest.mark.django_db


def test_a_customer_books_and_is_led_to_the_bookings_own_page(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start)
    booking = Booking.objects.get()
    assert (response.status_code, response["Location"]) == (303, link(booking))
    assert booking.start_datetime == start
    assert booking.customer_name == "Ada Muster"
    assert booking.customer_timezone == "Europe/Berlin"
    assert booking.booking_source == "Public Booking Page"
    page = client.get(response["Location"])
    assert title(page).startswith("Your meeting is booked")


def test_the_form_says_what_and_when_in_the_chosen_zone(client: Client, cast: Cast, start: datetime) -> None:
    page = client.get(DETAILS, {"start": starts.write(start), "timezone": "Asia/Kolkata"})
    assert page.status_code == 200
    local = start + timedelta(hours=5, minutes=30)
    assert f"{local:%H:%M}–{local + timedelta(minutes=30):%H:%M}" in text(page)
    assert "Asia/Kolkata (UTC+5:30)" in text(page)


def test_looking_at_the_form_changes_nothing(client: Client, cast: Cast, start: datetime) -> None:
    client.get(DETAILS, {"start": starts.write(start), **TYPED})
    assert not Booking.objects.exists()


def test_a_time_that_was_taken_meanwhile_keeps_what_was_typed_and_offers_the_nearest(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    for _ in range(4):
        book()
    response = send(client, start)
    assert response.status_code == 409
    assert f'<a href="#start">{TAKEN}</a>' in response.content.decode()
    assert title(response).startswith("Error:")
    page = response.content.decode()
    assert 'value="Ada Muster"' in page
    assert "About the alarm" in page
    options = re.findall(r'name="start"\s+value="([^"]+)"', page)
    assert 1 <= len(options) <= 3
    again = send(client, starts.read(options[0]))
    assert again.status_code == 303


def test_who_chooses_none_of_the_alternatives_is_asked_again(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    for _ in range(4):
        book()
    response = client.post(DETAILS, {**TYPED, "asked": starts.write(start)})
    assert response.status_code == 409
    assert response.content.count(b'type="radio"') == 3


def test_a_link_to_a_time_that_is_gone_offers_others_before_anything_is_typed(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    for _ in range(4):
        book()
    response = client.get(DETAILS, {"start": starts.write(start)})
    assert response.status_code == 409
    assert response.content.count(b'type="radio"') == 3


def test_problems_stand_on_top_with_links_and_beside_their_fields(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, customer_name="", customer_email="ada@", customer_phone="12")
    page = response.content.decode()
    assert response.status_code == 422
    assert title(response).startswith("Error:")
    for field, message in (
        ("customer_name", "Customer Name is required for external bookings."),
        ("customer_email", "Invalid email format for Customer Email: &#x27;ada@&#x27;"),
        ("customer_phone", "Invalid phone number format. Please provide a valid phone number."),
    ):
        assert f'<a href="#id_{field}">{message}</a>' in page
        assert f'<ul class="errorlist" id="id_{field}_error"><li>{message}</li>' in page
        assert re.search(rf'aria-invalid="true" aria-describedby="id_{field}_error" id="id_{field}"', page)
    assert "About the alarm" in page
    assert not Booking.objects.exists()


def test_the_past_is_refused_with_other_times(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start - timedelta(days=30))
    assert response.status_code == 422
    assert "Cannot create a booking in the past. Please select a future date and time." in text(response)


@pytest.mark.parametrize("given", ["", "tomorrow", "2026-13-01T09:00", "0001-01-01T00:00+23:59", "9999-12-31T23:59Z"])
def test_a_start_that_is_none_leads_back_to_the_times(client: Client, cast: Cast, given: str) -> None:
    assert client.get(DETAILS, {"start": given})["Location"] == "/book/support/30-min-call"
    assert client.post(DETAILS, {**TYPED, "start": given})["Location"] == "/book/support/30-min-call"


def test_a_form_sent_twice_books_once(client: Client, cast: Cast, start: datetime) -> None:
    first = send(client, start, key="abc")
    second = send(client, start, key="abc")
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


def test_a_sent_form_that_was_changed_has_to_be_sent_knowingly(client: Client, cast: Cast, start: datetime) -> None:
    send(client, start, key="abc")
    changed = send(client, start, key="abc", customer_notes="Something else")
    assert changed.status_code == 422
    assert "This form was sent before." in text(changed)
    key = re.search(r'name="key" value="([^"]+)"', changed.content.decode())
    assert key
    assert send(client, start, key=key[1], customer_notes="Something else").status_code == 303
    assert Booking.objects.count() == 2


def test_a_robot_that_fills_in_everything_books_nothing(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, website="https://spam.example")
    assert response.status_code == 422
    assert "robots" in text(response)
    assert "spam.example" not in response.content.decode()
    assert not Booking.objects.exists()


def test_a_form_from_another_site_is_refused_with_a_page_that_explains(cast: Cast, start: datetime) -> None:
    response = send(Client(enforce_csrf_checks=True), start)
    assert response.status_code == 403
    assert "This form is no longer valid" in text(response)
    assert not Booking.objects.exists()


def test_more_bookings_than_the_limit_wait_for_the_next_hour(
    client: Client, cast: Cast, start: datetime, settings: Settings
) -> None:
    stay_within_the_hour()
    settings.GUEST_BOOKINGS_PER_HOUR, settings.GUEST_PROOF_OF_WORK = 2, 0
    statuses = [send(client, start + timedelta(minutes=30 * n)).status_code for n in range(3)]
    assert statuses == [303, 303, 429]
    last = send(client, start)
    assert 1 <= int(last["Retry-After"]) <= 3600
    assert "Please try again in" in text(last)
    assert client.get(DETAILS, {"start": starts.write(start)}).status_code == 429  # before anything is typed
    assert Booking.objects.count() == 2


def test_what_a_customer_types_is_text_and_never_markup(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, customer_name="<b>Ada</b>", customer_notes="<script>alert(1)</script>")
    page = client.get(response["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page


@pytest.mark.parametrize("field", ["customer_name", "customer_email", "customer_notes", "timezone", "key"])
def test_characters_that_no_text_has_are_refused_and_break_nothing(
    client: Client, cast: Cast, start: datetime, field: str
) -> None:
    response = send(client, start, **{field: "a\x00b\ud800".encode("utf-8", "replace").decode()})
    assert response.status_code in {302, 422}
    assert not Booking.objects.exists()


def test_an_internal_meeting_type_does_not_exist_for_guests(client: Client, cast: Cast, start: datetime) -> None:
    url = "/book/support/internal-planning/details"
    assert client.get(url, {"start": starts.write(start)}).status_code == 404
    assert client.post(url, {**TYPED, "start": starts.write(start)}).status_code == 404


def test_a_meeting_that_needs_approval_is_asked_for(client: Client, cast: Cast) -> None:
    at = free_starts(cast.consultation)[5]
    url = "/book/sales/executive-consultation/details"
    assert "Ask for this meeting" in text(client.get(url, {"start": starts.write(at)}))
    response = client.post(url, {**TYPED, "start": starts.write(at)})
    page = client.get(response["Location"])
    assert "Your request is with the team" in text(page)
    assert "Awaits approval" in text(page)


def test_the_way_back_leads_to_the_day_one_came_from(client: Client, cast: Cast, start: datetime) -> None:
    page = client.get(DETAILS, {"start": starts.write(start), "timezone": "Asia/Tokyo"}).content.decode()
    local = start.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f'href="/book/support/30-min-call?date={local:%Y-%m-%d}&amp;timezone=Asia%2FTokyo"' in page


@pytest.mark.parametrize("button", [{"rezone": "1"}, {}], ids=["by its button", "by Enter in its field"])
def test_changing_the_zone_keeps_the_moment_and_what_was_typed_and_says_the_new_time(
    client: Client, cast: Cast, start: datetime, button: dict[str, str]
) -> None:
    page = send(client, start, timezone="tokyo", shown_zone="Europe/Berlin", customer_name="Ada M", **button)
    said = text(page)
    berlin, tokyo = (start.astimezone(ZoneInfo(zone)) for zone in ("Europe/Berlin", "Asia/Tokyo"))
    assert page.status_code == 200
    assert f"The time you chose stays: {berlin:%H:%M} in Europe/Berlin (UTC+1) is {tokyo:%H:%M} in Asia/Tokyo" in said
    assert 'value="Ada M"' in page.content.decode()
    assert f'value="{starts.write(start)}"' in page.content.decode()
    assert page.cookies["timezone"].value == "Asia/Tokyo"
    assert not Booking.objects.exists()


def test_a_zone_that_is_none_books_nothing_and_is_said_beside_its_field(
    client: Client, cast: Cast, start: datetime
) -> None:
    for more in ({}, {"rezone": "1"}):
        page = send(client, start, timezone="Atlantis", **more)
        assert page.status_code == 422
        assert '<a href="#timezone">Timezone &#x27;Atlantis&#x27; is not a known time zone.' in page.content.decode()
        assert 'value="Ada Muster"' in page.content.decode()
    assert not Booking.objects.exists()


def test_a_deep_link_fills_in_name_and_address_and_leaves_neither_in_the_address(
    client: Client, cast: Cast, start: datetime
) -> None:
    given = {"name": "Ada <b>Muster</b>", "email": "ada@customer.example"}
    cleaned = client.get(CALL, {**given, "timezone": "Asia/Tokyo"})
    assert (cleaned.status_code, cleaned["Location"]) == (303, f"{CALL}?timezone=Asia%2FTokyo")
    assert "ada@" not in cleaned.cookies["prefill"].value
    assert cleaned.cookies["prefill"]["httponly"]
    page = client.get(DETAILS, {"start": starts.write(start)}).content.decode()
    assert 'value="Ada &lt;b&gt;Muster&lt;/b&gt;"' in page
    assert 'value="ada@customer.example"' in page
    assert send(client, start).cookies["prefill"].value == ""
    assert 'value="ada@customer.example"' not in client.get(DETAILS, {"start": starts.write(start)}).content.decode()


def test_a_deep_link_to_a_time_fills_in_the_details_at_once(client: Client, cast: Cast, start: datetime) -> None:
    page = client.get(DETAILS, {"start": starts.write(start), "email": "ada@customer.example"}, follow=True)
    assert page.redirect_chain[0][1] == 303
    assert 'value="ada@customer.example"' in page.content.decode()


@pytest.mark.parametrize("stored", ["", "nonsense", "gAAAAA==", "\xff"])
def test_a_cookie_of_somebody_elses_making_fills_in_nothing(
    client: Client, cast: Cast, start: datetime, stored: str
) -> None:
    client.cookies["prefill"] = stored
    assert client.get(DETAILS, {"start": starts.write(start)}).status_code == 200
