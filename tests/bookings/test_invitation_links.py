"""Links into calendars on the web."""

from urllib.parse import parse_qs, urlsplit

import pytest

from meeting_manager.bookings.inputs import Details
from meeting_manager.bookings.invitation import calendar_links
from meeting_manager.bookings.links import manage_url
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import Book

pytestmark = pytest.mark.django_db

TITLE = "A&B=c+d 100% #1?\U0001f692 שלום"


def filled(booking: Booking) -> dict[str, dict[str, str]]:
    """Calendar → what its form is filled with."""
    return {
        name: {field: values[0] for field, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}
        for name, url in calendar_links(booking)
    }


def test_each_calendar_gets_the_instant_in_utc(book: Book) -> None:
    forms = filled(book())
    assert list(forms) == ["Google", "Outlook.com", "Microsoft 365", "Yahoo"]
    assert forms["Google"]["dates"] == "20261208T100000Z/20261208T103000Z"
    assert (forms["Yahoo"]["st"], forms["Yahoo"]["et"]) == ("20261208T100000Z", "20261208T103000Z")
    for name in ("Outlook.com", "Microsoft 365"):
        assert (forms[name]["startdt"], forms[name]["enddt"]) == ("2026-12-08T10:00:00Z", "2026-12-08T10:30:00Z")


def test_each_calendar_gets_title_place_and_the_customers_link(book: Book) -> None:
    booking = book(details=Details(title=TITLE, location="Main St 1, #2"))
    for form, (title, place, details) in zip(
        filled(booking).values(),
        [("text", "location", "details"), *[("subject", "location", "body")] * 2, ("title", "in_loc", "desc")],
        strict=True,
    ):
        assert form[title] == TITLE
        assert form[place] == "Main St 1, #2, https://meet.example/a"
        assert form[details].endswith(manage_url(booking))


def test_blanks_are_written_so_that_no_calendar_shows_a_plus(book: Book) -> None:
    for _, url in calendar_links(book()):
        assert "+" not in url
        assert "30%20Min%20Call%20with%20Support" in url


def test_a_long_description_leaves_the_address_short_enough_and_keeps_the_link(book: Book) -> None:
    booking = book(details=Details(description="many words " * 900))
    for name, url in calendar_links(booking):
        assert len(url) < 4_000, name
    assert manage_url(booking) in filled(booking)["Google"]["details"]
