"""A booking of one's own: who may open it, and what it shows to whom."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Details, Host
from meeting_manager.bookings.links import link_token
from meeting_manager.bookings.models import Booking
from meeting_manager.people.queries import system_user
from tests.cast import Cast
from tests.hours import stay_within_the_hour
from tests.public.visits import Book, book_as_guest, free_starts, link, text, title

pytestmark = pytest.mark.django_db

PERSONAL = ("Ada Muster", "ada@customer.example", "901820", "Alarm", "Europe/Berlin")


def sent(booking: Booking, **changes: str) -> dict[str, str]:
    return {"reference": booking.booking_reference, "email": "ada@customer.example", **changes}


def test_the_link_shows_everything_the_customer_needs(client: Client, book: Book) -> None:
    booking = book()
    host = booking.assigned_users.get().user
    page = client.get(link(booking))
    seen = text(page)
    berlin = booking.start_datetime.astimezone(ZoneInfo("Europe/Berlin"))
    assert page.status_code == 200
    for expected in (
        "Your meeting is booked",
        "Confirmed",
        booking.booking_reference,
        f"{berlin:%H:%M}–",
        "Europe/Berlin (UTC+",
        f"{host.display_name}, Support",
        f"{booking.start_datetime:%H:%M}, UTC",
        "https://meet.example/a",
        "What happens next",
        "Ada Muster",
        "+49 30 901820",
        "Alarm",
    ):
        assert expected in seen
    for there in ("/reschedule?token=", "/cancel?token=", ".ics?token="):
        assert there in page.content.decode()


def test_a_booking_page_is_kept_out_of_caches_and_search_engines(client: Client, book: Book) -> None:
    page = client.get(link(book()))
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


def test_a_bare_reference_shows_status_time_type_and_department_and_nothing_of_anybody(
    client: Client, book: Book
) -> None:
    booking = book()
    page = client.get(f"/booking/{booking.booking_reference}")
    assert page.status_code == 200
    seen = page.content.decode()
    for expected in ("Confirmed", "30 Min Call", "Support", f"{booking.start_datetime:%H:%M}–"):
        assert expected in seen
    host = booking.assigned_users.get().user
    for secret in (*PERSONAL, host.full_name, host.email, "meet.example", link_token(booking)):
        assert secret not in seen


def test_a_reference_is_read_in_any_case(client: Client, book: Book) -> None:
    assert client.get(f"/booking/{book().booking_reference.lower()}").status_code == 200


@pytest.mark.parametrize("page", ["", "/cancel", "/reschedule", ".ics"])
def test_a_wrong_or_missing_token_opens_nothing_and_explains_itself(client: Client, book: Book, page: str) -> None:
    booking = book()
    other = book(start=booking.start_datetime + timedelta(hours=1))
    for token in ("wrong", link_token(other), "ü", "\x00"):
        for response in (
            client.get(f"/booking/{booking.booking_reference}{page}", {"token": token}),
            client.get(f"/booking/BK-AAAAAAAA{page}", {"token": token}),
        ):
            assert response.status_code == 404
            assert "This link opens no booking" in title(response)
            assert 'name="email"' in response.content.decode()
            assert not any(secret in response.content.decode() for secret in PERSONAL)
    if page:
        assert client.get(f"/booking/{booking.booking_reference}{page}").status_code == 404


def test_a_revoked_link_no_longer_opens_the_booking(client: Client, book: Book) -> None:
    booking = book()
    old = link(booking)
    Booking.objects.update(link_version=2)
    assert client.get(old).status_code == 404


def test_reference_and_address_together_open_the_booking(client: Client, book: Book) -> None:
    booking = book()
    answer = client.post("/booking", sent(booking, email=" ADA@customer.example "))
    assert (answer.status_code, answer["Location"]) == (303, link(booking))


@pytest.mark.parametrize("wrong", [{"email": "eve@customer.example"}, {"reference": "BK-AAAAAAAA"}, {"email": "ü@ü"}])
def test_reference_and_address_that_do_not_belong_together_open_nothing(
    client: Client, book: Book, wrong: dict[str, str]
) -> None:
    given = sent(book(), **wrong)
    answer = client.post("/booking", given)
    assert answer.status_code == 404
    assert "No booking has this reference together with this e-mail address. Please check both." in text(answer)
    assert title(answer).startswith("Error:")
    assert f'value="{given["reference"]}"' in answer.content.decode()


def test_a_look_up_without_anything_says_what_is_missing(client: Client, cast: Cast) -> None:
    answer = client.post("/booking", {})
    assert answer.status_code == 422
    assert title(answer).startswith("Error:")
    assert '<a href="#id_reference">Enter the booking reference.</a>' in answer.content.decode()
    assert client.get("/booking").status_code == 200


def test_an_internal_meeting_does_not_exist_for_guests(client: Client, cast: Cast, start: datetime) -> None:
    booking = services.book_internal(
        meeting_type=cast.planning,
        start=start,
        hosts=[Host(cast.sarah, True)],
        actor=cast.lead,
        now=start - timedelta(1),
    ).booking
    assert client.get(f"/booking/{booking.booking_reference}").status_code == 404
    assert client.get(link(booking)).status_code == 404


def test_too_many_look_ups_have_to_wait_but_links_go_on_working(client: Client, book: Book, settings: Settings) -> None:
    stay_within_the_hour()
    settings.GUEST_LOOKUPS_PER_HOUR = 2
    booking = book()
    bare = f"/booking/{booking.booking_reference}"
    assert [client.get(bare).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.post("/booking", sent(booking))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert client.get(link(booking)).status_code == 200


def test_too_many_misses_of_all_close_bare_references_only(client: Client, book: Book, settings: Settings) -> None:
    stay_within_the_hour()
    settings.GUEST_MISSES_PER_HOUR = 2
    booking = book()
    for _ in range(2):
        client.get("/booking/BK-AAAAAAAA")
    assert client.get(f"/booking/{booking.booking_reference}").status_code == 429
    assert client.get(link(booking)).status_code == 200


def test_an_old_link_leads_to_where_the_booking_is_now(client: Client, book: Book) -> None:
    first = book()
    second = move(first, 2)
    third = move(second, 4)
    for old in (first, second):
        answer = client.get(link(old))
        assert (answer.status_code, answer["Location"]) == (303, link(third))


def test_an_old_bare_reference_says_that_the_meeting_was_moved(client: Client, book: Book) -> None:
    first = book()
    second = move(first, 2)
    page = client.get(f"/booking/{first.booking_reference}")
    assert "This meeting was moved to another time." in text(page)
    assert second.booking_reference not in page.content.decode()


def move(booking: Booking, hours: int) -> Booking:
    start = booking.start_datetime + timedelta(hours=hours)
    return services.reschedule(
        booking=booking, start=start, actor=system_user(), now=booking.created_at + timedelta(minutes=1)
    ).booking


def calendar(client: Client, booking: Booking) -> Any:  # noqa: ANN401 - icalendar types every value as all it could be
    answer = client.get(link(booking, ".ics"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="meeting-{booking.booking_reference}.ics"'
    return Calendar.from_ical(answer.content)


def test_the_calendar_file_has_the_meeting_in_utc(client: Client, book: Book) -> None:
    booking = book()
    file = calendar(client, booking)
    (event,) = file.events
    assert "METHOD" not in file
    assert event["DTSTART"].dt == booking.start_datetime
    assert event["DTEND"].dt == booking.end_datetime
    assert event["DTSTART"].to_ical().endswith(b"Z")
    assert event["SUMMARY"] == "30 Min Call with Support"
    assert event["LOCATION"] == "https://meet.example/a"
    assert event["URL"].endswith(link(booking))
    assert event["STATUS"] == "CONFIRMED"


def test_a_moved_meeting_stays_the_same_entry_of_a_calendar(client: Client, book: Book) -> None:
    first = book()
    before = calendar(client, first).events[0]
    second = move(first, 2)
    moved = calendar(client, second).events[0]
    services.cancel(booking=second, actor=system_user(), now=second.created_at)
    cancelled = calendar(client, second).events[0]
    assert before["UID"] == moved["UID"] == cancelled["UID"]
    assert before["UID"] == first.ical_uid
    assert before["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]
    assert (moved["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_text_from_people_cannot_add_lines_to_a_calendar_file(client: Client, book: Book) -> None:
    booking = book(details=Details(title="Fire;X,Y"))
    assert "SUMMARY:Fire\\;X\\,Y\r\n" in client.get(link(booking, ".ics")).content.decode()


def test_a_request_that_awaits_approval_says_so(client: Client, cast: Cast) -> None:
    booking = book_as_guest(meeting_type=cast.consultation, start=free_starts(cast.consultation)[5])
    seen = text(client.get(link(booking)))
    assert "Your request is with the team" in seen
    assert "The team decides about your request." in seen
    assert "we call you at +49 30 901820" in seen


def test_a_booking_page_costs_few_queries(
    client: Client, book: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    booking = book()
    client.get(link(booking))
    with django_assert_max_num_queries(4):
        client.get(link(booking))


def test_a_booked_meeting_can_be_added_to_calendars_on_the_web(client: Client, book: Book) -> None:
    page = client.get(link(book())).content.decode()
    for start in (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=30%20Min%20Call%20with%20Support",
        "https://outlook.live.com/calendar/0/deeplink/compose?",
        "https://outlook.office.com/calendar/0/deeplink/compose?",
        "https://calendar.yahoo.com/?v=60",
    ):
        assert f'href="{start}' in page


def test_a_request_that_may_still_be_rejected_is_not_copied_into_calendars(client: Client, cast: Cast) -> None:
    booking = book_as_guest(meeting_type=cast.consultation, start=free_starts(cast.consultation)[5])
    page = client.get(link(booking)).content.decode()
    assert ".ics?token=" in page
    assert "calendar.google.com" not in page
