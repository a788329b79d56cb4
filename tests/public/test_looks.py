"""The look of a department on its guest pages: its colour and its logo, kept by browsers as long as they are true."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.departments.pictures import read_picture
from meeting_manager.departments.services import edit_department, set_logo
from meeting_manager.public import starts
from meeting_manager.public.looks import stylesheet
from tests.cast import Cast
from tests.departments.pictures import picture
from tests.public.visits import CALL, DETAILS, Book, free_starts, link

pytestmark = pytest.mark.django_db

TEAL = "#0f766e"
FOR_EVER = "public, max-age=31536000, immutable"
SHEET = re.compile(r'<link rel="stylesheet" href="(/book/[^"]+)">')
LOGO = re.compile(r'<img src="(/book/[^"]+)"\s+alt="([^"]*)"\s+width="(\d+)"\s+height="(\d+)">')


def tint(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"accent_color": TEAL})


def give_logo(cast: Cast, size: tuple[int, int] = (960, 320)) -> str:
    logo = set_logo(actor=cast.lead, department=cast.support, content=picture(size=size), content_type="image/png")
    return f"/book/support/logo/{logo.digest}"


def pages(cast: Cast, booking: Booking) -> list[str]:
    """Every guest page that is about Support."""
    start = starts.write(free_starts(cast.call)[-1])
    about_booking = [link(booking, page) for page in ("", "/cancel", "/reschedule")]
    bare = f"/booking/{booking.booking_reference}"
    return ["/book/support", CALL, f"{DETAILS}?start={start}", bare, *about_booking]


@pytest.fixture
def two_types(cast: Cast) -> None:
    cast.support.meeting_types.update(is_public=True)


@pytest.mark.usefixtures("two_types")
def test_every_page_about_a_department_has_its_look_and_no_other_page(client: Client, cast: Cast, book: Book) -> None:
    tint(cast)
    address = give_logo(cast)
    for path in pages(cast, book()):
        page = client.get(path).content.decode()
        assert SHEET.search(page), path
        assert LOGO.findall(page) == [(address, "Support", "120", "40")], path
        assert re.search(r'href="/">Meeting Manager</a>', page), path
    for path in ("/book", "/book/sales/executive-consultation", "/booking", "/nowhere"):
        page = client.get(path).content.decode()
        assert not SHEET.search(page)
        assert not LOGO.search(page)
        assert "<span>Meeting Manager</span>" in page


def test_without_colour_and_logo_nothing_changes(client: Client, cast: Cast) -> None:
    page = client.get(CALL).content.decode()
    assert not SHEET.search(page)
    assert not LOGO.search(page)
    assert client.get("/book/support/look.css").status_code == 404


def test_the_stylesheet_sets_the_tokens_for_light_and_dark(client: Client, cast: Cast) -> None:
    tint(cast)
    found = SHEET.search(client.get(CALL).content.decode())
    assert found
    sheet = client.get(found[1])
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "text/css; charset=utf-8")
    light, dark = sheet.content.decode().split("@media (prefers-color-scheme: dark)")
    for part in (light, dark):
        assert re.findall(r"--([a-z-]+): #[0-9a-f]{6};", part) == [
            "accent",
            "accent-strong",
            "on-accent",
            "accent-soft",
        ]
    assert f"--accent: {TEAL};" in light
    assert f"--accent: {TEAL};" not in dark


def test_the_stylesheet_is_kept_for_ever_under_its_own_address_only(client: Client, cast: Cast) -> None:
    tint(cast)
    found = SHEET.search(client.get(CALL).content.decode())
    assert found
    assert client.get(found[1])["Cache-Control"] == FOR_EVER
    for other in ("/book/support/look.css", "/book/support/look.css?v=0"):
        assert client.get(other)["Cache-Control"] == "no-cache"
    edit_department(actor=cast.admin, department=cast.support, changes={"accent_color": "#7d6800"})
    again = SHEET.search(client.get(CALL).content.decode())
    assert again
    assert again[1] != found[1]
    assert client.get(found[1])["Cache-Control"] == "no-cache"


def test_a_stylesheet_has_colours_and_nothing_else_that_a_person_wrote() -> None:
    assert re.fullmatch(r"[a-z0-9 :;#{}@()\n-]+", stylesheet(TEAL))


def test_the_logo_is_served_as_a_picture_and_as_nothing_else(client: Client, cast: Cast) -> None:
    answer = client.get(give_logo(cast))
    assert answer.status_code == 200
    assert answer.content == read_picture(picture(size=(960, 320)), "image/png").content
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert set(answer["Content-Security-Policy"].split("; ")) == {"default-src 'none'", "frame-ancestors 'none'"}
    assert answer["Cache-Control"] == FOR_EVER
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_a_browser_that_has_the_logo_is_told_so(client: Client, cast: Cast) -> None:
    address = give_logo(cast)
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_logo_that_is_not_the_departments_is_not_found(client: Client, cast: Cast) -> None:
    address = give_logo(cast)
    unknown = "0" * 64
    for path in (
        f"/book/support/logo/{unknown}",
        address.replace("support", "sales"),
        address.replace("support", "nowhere"),
        address.upper(),
        "/book/support/logo/x",
    ):
        assert client.get(path, headers={"if-none-match": f'"{unknown}"'}).status_code == 404
    assert client.post(address).status_code == 405


def test_a_department_that_closed_shows_neither(client: Client, cast: Cast, book: Book) -> None:
    tint(cast)
    address = give_logo(cast)
    booking = book()
    Department.objects.filter(pk=cast.support.pk).update(is_active=False)
    assert client.get(address).status_code == 404
    assert client.get("/book/support/look.css").status_code == 404
    page = client.get(link(booking)).content.decode()
    assert not SHEET.search(page)
    assert not LOGO.search(page)


@pytest.mark.parametrize(
    ("size", "shown"),
    [((480, 160), ("120", "40")), ((480, 20), ("240", "10")), ((16, 16), ("16", "16")), ((4000, 1), ("240", "1"))],
)
def test_a_logo_says_how_large_it_is_shown_so_that_nothing_moves(
    client: Client, cast: Cast, size: tuple[int, int], shown: tuple[str, str]
) -> None:
    give_logo(cast, size)
    ((_, _, width, height),) = LOGO.findall(client.get(CALL).content.decode())
    assert (width, height) == shown


def test_a_meeting_type_may_be_called_logo(client: Client, cast: Cast) -> None:
    cast.support.meeting_types.filter(pk=cast.call.pk).update(meeting_slug="logo")
    start = starts.write(next(at for at in free_starts(cast.call) if at > timezone.now()))
    assert client.get("/book/support/logo").status_code == 200
    assert client.get(f"/book/support/logo/details?start={start}").status_code == 200
