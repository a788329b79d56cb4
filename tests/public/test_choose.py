"""A customer finds what to book: departments and their meeting types."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services.meeting_types import edit_meeting_type
from tests.cast import Cast
from tests.public.visits import CALL, Book, text

pytestmark = pytest.mark.django_db


def test_the_front_door_leads_to_booking(client: Client, cast: Cast) -> None:
    assert client.get("/")["Location"] == "/book"


def test_guests_see_the_departments_that_can_be_booked(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(department_name="Sales & more")
    page = text(client.get("/book"))
    assert "Support" in page
    assert "Sales &amp; more" in page
    assert "2 kinds of meetings" in page or "1 kind of meeting" in page
    assert "Internal Planning" not in page


def test_a_single_department_needs_no_choice(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(is_active=False)
    assert client.get("/book")["Location"] == "/book/support"
    assert client.get("/book/sales").status_code == 404


def test_a_single_meeting_type_needs_no_choice(client: Client, cast: Cast) -> None:
    assert client.get("/book/sales")["Location"] == "/book/sales/executive-consultation"


def test_a_department_shows_its_public_types_only(client: Client, cast: Cast) -> None:
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_public=True)
    assert "Internal Planning" in text(client.get("/book/support"))
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_active=False)
    assert client.get("/book/support")["Location"] == CALL


def test_a_site_without_departments_says_so(client: Client, db: None) -> None:
    assert "There is nothing to book here yet." in text(client.get("/book"))


@pytest.mark.parametrize(
    ("path", "headline"),
    [
        ("/book/nowhere", "There is no such department"),
        ("/book/nowhere/30-min-call", "There is no such department"),
        ("/book/support/nothing", "There is no such meeting"),
        ("/book/support/internal-planning", "There is no such meeting"),
        ("/book/support/internal-planning/details?start=2026-12-07", "There is no such meeting"),
        ("/book/a\x00b/c", "There is no such department"),
    ],
)
def test_what_is_not_there_for_guests_is_not_found_with_a_way_on(
    client: Client, cast: Cast, path: str, headline: str
) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert headline in text(page)
    assert "All departments" in text(page)
    assert "Internal" not in text(page)


def test_what_is_closed_for_now_says_so_and_whom_to_ask(client: Client, cast: Cast) -> None:
    Department.objects.update(contact="+49 30 901820")
    MeetingType.objects.filter(pk=cast.call.pk).update(is_active=False)
    page = client.get(CALL)
    assert page.status_code == 404
    assert "“30 Min Call” cannot be booked at the moment" in text(page)
    assert "Meetings of Support" in text(page)
    assert "+49 30 901820" in text(page)
    Department.objects.filter(pk=cast.support.pk).update(is_active=False)
    page = client.get(CALL)
    assert page.status_code == 404
    assert "Support takes no bookings at the moment" in text(page)
    assert "+49 30 901820" in text(page)


def test_a_slash_at_the_end_is_forgiven(client: Client, cast: Cast) -> None:
    assert client.get("/book/support/?timezone=UTC")["Location"] == "/book/support?timezone=UTC"
    assert client.get("/booking/")["Location"] == "/booking"
    assert client.get("/book/no/such/address/at/all").status_code == 404


def test_no_page_says_who_is_free(client: Client, cast: Cast) -> None:
    page = client.get(CALL).content.decode().lower()
    assert not [name for name in ("sarah", "mike", "jane", "lead@", "bestsecurity") if name in page]


def test_times_cost_few_queries_whatever_is_booked(client: Client, cast: Cast, book: Book) -> None:
    client.get(CALL)
    with CaptureQueriesContext(connection) as before:
        client.get(CALL)
    for _ in range(4):
        book()
    with CaptureQueriesContext(connection) as after:
        client.get(CALL)
    assert len(after) == len(before) <= 8


def test_a_description_shows_its_clean_markup(client: Client, cast: Cast) -> None:
    description = "<p>We <b>help</b>.</p><script>alert(1)</script>"
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"description": description})
    page = client.get(CALL).content.decode()
    assert "<b>help</b>" in page
    assert "alert(1)" not in page
