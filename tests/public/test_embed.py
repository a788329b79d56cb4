"""Booking inside pages of other sites: only where the site allows it, and never beyond what is booked there."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import MeetingType
from meeting_manager.public import starts
from tests.api.test_access import PART, routes
from tests.cast import Cast
from tests.public.visits import CALL, TYPED, Book, link, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

PARENT = "https://www.example.com"
OTHER = "https://intranet.example.com:8443"
STRANGER = "https://evil.example"
EMBED = "/embed/support/30-min-call"
DETAILS = f"{EMBED}/details"
OURS = "http://testserver"
ANCESTORS = re.compile(r"frame-ancestors ([^;]+)")


@pytest.fixture(autouse=True)
def _allowed() -> Iterator[None]:
    with override_settings(EMBED_ORIGINS=(PARENT, OTHER)):
        yield


def ancestors(response: "Response") -> str:
    found = ANCESTORS.search(response["Content-Security-Policy"])
    assert found
    return found[1]


def send(client: Client, start: datetime, query: str = "", **headers: str) -> "Response":
    """Send the form of details inside a frame, as browsers do from our own page."""
    sent = {"origin": OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post(
        f"{DETAILS}?{query}", {**TYPED, "start": starts.write(start)}, headers={k: v for k, v in sent.items() if v}
    )


def test_only_pages_to_embed_may_be_framed_and_only_by_allowed_sites(client: Client, cast: Cast) -> None:
    seen = set()
    for route in routes():
        path = "/" + PART.sub("1", re.sub(r"\(\?P<\w+>.*$", "x/", route.replace("^", "")))
        answer = client.get(path)
        if route.startswith("embed/"):
            seen.add(route)
            assert ancestors(answer) == f"{PARENT} {OTHER}", route
            assert "X-Frame-Options" not in answer
        else:
            assert ancestors(answer) == "'none'", route
            assert answer["X-Frame-Options"] == "DENY"
    assert len(seen) == 4


def test_every_step_may_be_framed(client: Client, cast: Cast, start: datetime, book: Book) -> None:
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_public=True)
    booking = book()
    token = link(booking).partition("?")[2]
    for path in (
        "/embed/support",
        EMBED,
        f"{EMBED}?timezone=Europe/Nowhere",
        f"{DETAILS}?start={starts.write(start).replace('+', '%2B')}",
        f"{EMBED}/booked/{booking.booking_reference}?{token}",
        f"{EMBED}/booked/{booking.booking_reference}?token=none",
        "/embed/nowhere",
    ):
        answer = client.get(path)
        assert answer.status_code in {200, 404, 409, 422}
        assert ancestors(answer) == f"{PARENT} {OTHER}", path
        assert "X-Frame-Options" not in answer
        page = answer.content.decode()
        assert "site-header" not in page
        assert "site-footer" not in page


@override_settings(EMBED_ORIGINS=())
def test_where_no_site_is_allowed_there_is_nothing_to_embed(client: Client, cast: Cast, start: datetime) -> None:
    for path in ("/embed.js", "/embed/support", EMBED, DETAILS, f"{EMBED}/booked/BK-AAAAAAAA"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert ancestors(answer) == "'none'"
        assert answer["X-Frame-Options"] == "DENY"
    assert send(client, start).status_code == 404
    assert not Booking.objects.exists()


def test_a_frame_has_the_same_content_as_the_page(client: Client, cast: Cast) -> None:
    inside, outside = (re.sub(r"\s+", " ", text(client.get(path))) for path in (EMBED, CALL))
    assert "30 Min Call" in inside
    assert "Find my booking" in outside
    assert "Find my booking" not in inside
    assert len(re.findall(r"<time ", client.get(EMBED).content.decode())) == len(
        re.findall(r"<time ", client.get(CALL).content.decode())
    )


def test_a_department_with_one_type_leads_straight_to_its_times_inside_the_frame(client: Client, cast: Cast) -> None:
    answer = client.get("/embed/support", {"origin": PARENT, "timezone": "Asia/Tokyo", "name": "Ada"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{EMBED}?origin=https%3A%2F%2Fwww.example.com&timezone=Asia%2FTokyo"


ADDRESSES = re.compile(r'(?:href|action)="((?:/embed/|\?)[^"#]*)')


@pytest.mark.parametrize("path", ["/embed/support", EMBED, DETAILS])
def test_every_step_carries_parent_and_language_on_and_leaves_the_frame_nowhere(
    client: Client, cast: Cast, start: datetime, path: str
) -> None:
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_public=True)
    query = {"origin": PARENT, "language": "de", "clock": "12", "start": starts.write(start)}
    page = client.get(path, query).content.decode()
    found = ADDRESSES.findall(page)
    assert found
    for address in found:
        assert "origin=https%3A%2F%2Fwww.example.com&amp;language=de&amp;clock=12" in address
    assert 'href="/book' not in page.replace('href="/book/support/look', "")
    assert '<html lang="de"' in page


def test_the_form_of_the_zone_carries_them_too(client: Client, cast: Cast) -> None:
    page = client.get(EMBED, {"origin": PARENT}).content.decode()
    assert f'<input type="hidden" name="origin" value="{PARENT}">' in page


@pytest.mark.parametrize("origin", ["", STRANGER, PARENT + "/", PARENT.upper(), "*", "null", "https://example.com"])
def test_a_parent_that_is_not_allowed_is_neither_told_nor_carried_on(client: Client, cast: Cast, origin: str) -> None:
    page = client.get(EMBED, {"origin": origin}).content.decode()
    assert 'data-parent=""' in page
    assert "origin=" not in page


@pytest.mark.parametrize("language", ["", "xx", "../de", "x" * 999])
def test_a_language_that_is_none_is_not_carried_on(client: Client, cast: Cast, language: str) -> None:
    page = client.get(EMBED, {"language": language}).content.decode()
    assert "language=" not in page
    assert '<html lang="en"' in page


def test_times_are_written_by_the_clock_of_the_address(client: Client, cast: Cast) -> None:
    assert re.search(r"\d\s(am|pm)</time>", client.get(EMBED, {"clock": "12"}).content.decode())
    for clock in ("24", "", "13"):
        assert not re.search(r"(am|pm)</time>", client.get(EMBED, {"clock": clock}).content.decode())


def test_the_booking_keeps_the_language_of_the_frame(client: Client, cast: Cast, start: datetime) -> None:
    send(client, start, "language=da")
    assert Booking.objects.get().customer_language == "da"


def test_the_language_of_one_frame_is_not_the_next_requests(client: Client, cast: Cast) -> None:
    client.get(EMBED, {"language": "de"})
    assert '<html lang="en"' in client.get(EMBED).content.decode()


def test_a_booking_inside_a_frame_ends_on_a_page_that_tells_the_parent(
    client: Client, cast: Cast, start: datetime
) -> None:
    answer = send(client, start, f"origin={PARENT}")
    booking = Booking.objects.get()
    assert answer.status_code == 303
    address = answer["Location"]
    assert address.startswith(f"{EMBED}/booked/{booking.booking_reference}?origin=https%3A%2F%2Fwww.example.com&token=")
    page = client.get(address).content.decode()
    script = re.search(r"<script src=\"[^\"]*frame[^\"]*\"[^>]*>", page)
    assert script
    told = dict(re.findall(r'data-([a-z-]+)="([^"]*)"', script[0]))
    assert told == {
        "parent": PARENT,
        "start": booking.start_datetime.isoformat(),
        "end": booking.end_datetime.isoformat(),
        "department": "support",
        "meeting-type": "30-min-call",
    }
    assert "Your meeting is booked" in text(client.get(address))


def test_only_the_page_after_booking_tells_that_something_was_booked(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    for path in (EMBED, f"{DETAILS}?start={starts.write(start)}", link(book())):
        assert "data-start" not in client.get(path).content.decode()


def test_a_booking_opens_inside_a_frame_by_its_token_only(client: Client, cast: Cast, book: Book) -> None:
    booking = book()
    for query in ("", "?token=none", "?email=ada@customer.example"):
        answer = client.get(f"{EMBED}/booked/{booking.booking_reference}{query}")
        assert answer.status_code == 404
        assert "Ada Muster" not in text(answer)


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        (OURS, "same-origin", 303),
        (OURS, "", 303),
        ("http://127.0.0.1:8000", "", 303),
        ("", "same-origin", 303),
        ("", "", 403),
        ("", "cross-site", 403),
        ("", "same-site", 403),
        ("", "none", 403),
        (PARENT, "", 403),
        (PARENT, "same-origin", 403),
        (STRANGER, "", 403),
        ("null", "same-origin", 403),
        (OURS + ".evil.example", "", 403),
    ],
)
def test_a_form_books_only_if_it_is_our_own(cast: Cast, start: datetime, origin: str, site: str, status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = send(client, start, origin=origin, sec_fetch_site=site)
    assert answer.status_code == status
    assert Booking.objects.exists() == (status == 303)


def test_outside_frames_forms_need_their_token_as_ever(cast: Cast, start: datetime) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        f"{CALL}/details",
        {**TYPED, "start": starts.write(start)},
        headers={"origin": OURS, "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 403
    assert not Booking.objects.exists()


def test_what_is_wrong_is_told_inside_the_frame(client: Client, cast: Cast, start: datetime) -> None:
    answer = client.post(DETAILS, {"start": starts.write(start)}, headers={"origin": OURS})
    assert answer.status_code == 422
    assert ancestors(answer) == f"{PARENT} {OTHER}"
    assert "There is a problem" in text(answer)


def test_the_script_is_small_and_kept_for_minutes(client: Client) -> None:
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=600"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(answer.content) <= 2048
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_no_personal_data_can_get_from_a_host_page_into_addresses(client: Client) -> None:
    script = client.get("/embed.js").content.decode()
    assert re.findall(r"const query = \{ (.*?) \};", script) == ["origin: location.origin, timezone, language, clock"]
