"""A booking's page for staff: who sees it, what it tells, and the decision that is made there and nowhere by itself."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.services import set_questions
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.services import edit_settings
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, block, events, executive
from tests.cast import Cast
from tests.workspace.owed import fail, owe
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db


def address(booking: Booking, page: str = "") -> str:
    return f"/workspace/bookings/{booking.name}/{page}"


@pytest.fixture
def booking(cast: Cast, book: Book) -> Booking:
    """A call with Sarah."""
    return book()


@pytest.fixture
def waiting(cast: Cast, book: Book) -> Booking:
    """A request with Sarah that awaits Support's leader."""
    return book(meeting_type=executive(cast))


def move(booking: Booking, cast: Cast, hours: int) -> Booking:
    start = TUESDAY_TEN + timedelta(hours=hours)
    return services.reschedule(booking=booking, start=start, actor=cast.lead, now=NOW).booking


PAGES = ("", "approve/", "reject/")


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 200), ("lead", 200), ("sarah", 200), ("mike", 404), ("outsider", 404)]
)
def test_the_page_is_there_for_those_who_see_the_booking(cast: Cast, booking: Booking, who: str, status: int) -> None:
    assert signed_in(getattr(cast, who)).get(address(booking)).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_nobody_signed_in_signs_in_and_comes_back(cast: Cast, booking: Booking, client: Client, page: str) -> None:
    there = address(booking, page)
    answer = client.get(there)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={there}")


@pytest.mark.parametrize("name", ["MM-MB-none", "x" * 400, "%00", "ä"])
@pytest.mark.parametrize("page", PAGES)
def test_a_booking_that_is_not_there_is_not_found(cast: Cast, name: str, page: str) -> None:
    assert signed_in(cast.admin).get(f"/workspace/bookings/{name}/{page}").status_code == 404


def test_the_page_tells_everything_about_the_booking(cast: Cast, booking: Booking) -> None:
    invitees = [Invitee("guest@x.example", "Gast Freund")]
    services.invite(booking=booking, invitees=invitees, actor=cast.lead, now=NOW)
    services.respond(booking=booking, email="guest@x.example", response="Declined", actor=cast.lead, now=NOW)
    seen = text(signed_in(cast.lead).get(address(booking)))
    for fact in (
        "Confirmed",
        "Tuesday, 8 December 2026, 10:00–10:30",
        "30 Min Call, Support",
        "https://meet.example/a",
        "John Doe",
        "john@customer.example",
        "555",
        "Needs help with MFA",
        "Sarah",
        "Gast Freund Declined",
        booking.booking_reference,
        booking.name,
        "Created",
        "Assigned: Sarah",
        "Participant Responded",
    ):
        assert fact in seen


def test_times_are_the_readers_and_the_customers_where_they_differ(cast: Cast, booking: Booking) -> None:
    edit_settings(actor=cast.lead, user=cast.lead, changes={"timezone": "Europe/Berlin"})
    abroad, at_home = (signed_in(who).get(address(booking)) for who in (cast.lead, cast.sarah))
    assert "Tuesday, 8 December 2026, 11:00–11:30 Europe/Berlin (UTC+1)" in text(abroad)
    assert "10:00–10:30 UTC" in text(at_home)
    for page in (abroad, at_home):
        assert "For the customer it is Tuesday, 8 December 2026, 05:00, America/New York (UTC−5)" in text(page)
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": "America/Toronto"})
    assert "For the customer" not in text(signed_in(cast.sarah).get(address(booking)))


def test_what_people_typed_is_shown_as_text(cast: Cast, book: Book) -> None:
    made = book(customer=replace(JOHN, name="<script>alert(1)</script>", notes="<b>bold</b>"))
    html = signed_in(cast.admin).get(address(made)).content.decode()
    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html
    assert "<b>bold" not in html


def test_a_moved_booking_leads_to_the_new_one_and_back(cast: Cast, booking: Booking) -> None:
    moved = services.reschedule(
        booking=booking, start=TUESDAY_TEN + timedelta(hours=2), actor=cast.lead, now=NOW
    ).booking
    old, new = (signed_in(cast.lead).get(address(each)).content.decode() for each in (booking, moved))
    assert f'href="{address(moved)}"' in old
    assert f'href="{address(booking)}"' in new


def test_the_timeline_goes_back_through_all_moves_in_order(cast: Cast, booking: Booking) -> None:
    second = services.reschedule(
        booking=booking, start=TUESDAY_TEN + timedelta(hours=1), actor=cast.lead, now=NOW
    ).booking
    third = services.reschedule(
        booking=second, start=TUESDAY_TEN + timedelta(hours=2), actor=cast.lead, now=NOW
    ).booking
    Delivery.objects.all().delete()
    for number, each in enumerate((booking, second, third), start=1):
        owe(number, about=each.name, recipient=f"{number}@x.example")
    owe(9, about="MM-MB-other", recipient="9@x.example")
    seen = text(signed_in(cast.lead).get(address(third)))
    assert seen.index("1@x.example") < seen.index("2@x.example") < seen.index("3@x.example")
    assert "9@x.example" not in seen
    assert "2@x.example" not in text(signed_in(cast.lead).get(address(booking)))


def test_without_deliveries_the_page_says_so(cast: Cast, booking: Booking) -> None:
    Delivery.objects.all().delete()
    assert "Nobody was told anything about this booking." in text(signed_in(cast.lead).get(address(booking)))


def test_a_delivery_shows_its_error_and_attempts_and_is_retried_from_here(cast: Cast, booking: Booking) -> None:
    failed = fail(1, about=booking.name, note="Tried by hand")
    client = signed_in(cast.lead)
    page = client.get(address(booking))
    for told in ("Customer: booking confirmed", "Failed", "451 Try later", "Tried by hand", "48 attempts"):
        assert told in text(page)
    (action,) = re.findall(r'action="([^"]+/retry/[^"]*)"', page.content.decode())
    answer = client.post(action)
    assert answer["Location"] == f"{address(booking)}#deliveries"
    assert Delivery.objects.get(pk=failed.pk).state == DeliveryState.READY


def test_hosts_see_what_failed_but_have_no_buttons(cast: Cast, booking: Booking) -> None:
    fail(1, about=booking.name)
    page = signed_in(cast.sarah).get(address(booking))
    assert "451 Try later" in text(page)
    assert "/retry/" not in page.content.decode()
    assert "/discard/" not in page.content.decode()


def test_hosts_read_what_the_customer_answered(cast: Cast, book: Book) -> None:
    rows = [{"label": "Roof <b>?</b>"}, {"label": "There is a dog", "question_type": "Checkbox"}]
    set_questions(actor=cast.lead, meeting_type=cast.call, questions=rows)
    booking = book(answers={"roof-bb": "Flat\u00a0& old", "there-is-a-dog": False})
    page = signed_in(cast.sarah).get(address(booking))
    assert "Roof &lt;b&gt;?&lt;/b&gt;" in page.content.decode()
    assert "Flat & old There is a dog No" in text(page)


def test_deliveries_and_people_cost_no_queries_each(
    cast: Cast, booking: Booking, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Delivery.objects.all().delete()
    client = signed_in(cast.lead)
    owe(1, about=booking.name)
    with django_assert_max_num_queries(16) as one:
        client.get(address(booking))
    owe(2, about=booking.name)
    owe(3, about=booking.name)
    invitees = [Invitee(f"guest{number}@x.example", "Gast") for number in range(3)]
    services.invite(booking=booking, invitees=invitees, actor=cast.lead, now=NOW)
    Delivery.objects.filter(kind="notify").delete()
    with django_assert_max_num_queries(16) as three:
        client.get(address(booking))
    assert len(one) == len(three)


# The decision


def test_whoever_decides_finds_the_decision_and_others_do_not(cast: Cast, waiting: Booking, booking: Booking) -> None:
    has_form = {
        who: "Your decision" in text(signed_in(getattr(cast, who)).get(address(waiting)))
        for who in ("admin", "lead", "sarah")
    }
    assert has_form == {"admin": True, "lead": True, "sarah": False}
    assert "Your decision" not in text(signed_in(cast.lead).get(address(booking)))


@pytest.mark.parametrize("page", PAGES)
def test_opening_decides_nothing(cast: Cast, waiting: Booking, page: str) -> None:
    client = signed_in(cast.lead)
    answer = client.get(address(waiting, page), follow=True)
    assert answer.status_code == 200
    assert "Awaits approval" in text(answer)
    assert client.head(address(waiting, page)).status_code in {200, 302}
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.approval_status) == ("Pending", "Pending")


def test_approving_confirms_and_says_so(cast: Cast, waiting: Booking) -> None:
    answer = signed_in(cast.lead).post(address(waiting, "approve/"), {"comment": "Good customer"}, follow=True)
    assert answer.redirect_chain == [(address(waiting), 302)]
    assert "The booking is approved." in text(answer)
    assert "Comment: Good customer" in text(answer)
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.approved_by) == ("Confirmed", cast.lead)


def test_rejecting_cancels_with_the_reason(cast: Cast, waiting: Booking) -> None:
    answer = signed_in(cast.admin).post(
        address(waiting, "reject/"), {"rejection_reason": "Nobody is there"}, follow=True
    )
    assert "The booking is rejected" in text(answer)
    assert "Nobody is there" in text(answer)
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.rejection_reason) == ("Cancelled", "Nobody is there")


@pytest.mark.parametrize("reason", ["", "   "])
def test_rejecting_needs_a_reason(cast: Cast, waiting: Booking, reason: str) -> None:
    answer = signed_in(cast.lead).post(address(waiting, "reject/"), {"rejection_reason": reason})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"<title>\s*Error:", html)
    assert '<a href="#id_rejection_reason">Rejection Reason is required when rejecting a booking.</a>' in html
    assert 'aria-invalid="true"' in html
    waiting.refresh_from_db()
    assert waiting.booking_status == "Pending"


def test_what_was_typed_stays_where_it_is_refused(cast: Cast, waiting: Booking) -> None:
    answer = signed_in(cast.lead).post(address(waiting, "approve/"), {"comment": "Long " * 5000})
    assert answer.status_code == 422
    assert "Long Long" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.booking_status == "Pending"


@pytest.mark.parametrize("page", ["approve/", "reject/"])
def test_a_second_decision_is_refused_and_explained(cast: Cast, waiting: Booking, page: str) -> None:
    services.approve(booking=waiting, actor=cast.admin, now=NOW)
    answer = signed_in(cast.lead).post(address(waiting, page), {"rejection_reason": "Too late"})
    assert answer.status_code == 409
    assert "Booking already Approved." in text(answer)
    assert "Approved Admin, 7 December 2026, 07:00" in text(answer)
    assert "Your decision" not in text(answer)
    assert events(waiting).count("Approved") == 1


def test_a_host_who_is_busy_meanwhile_holds_the_approval_up(cast: Cast, waiting: Booking) -> None:
    block(cast.sarah, waiting.start_datetime, waiting.end_datetime)
    answer = signed_in(cast.lead).post(address(waiting, "approve/"))
    assert answer.status_code == 409
    assert "User 'sarah@bestsecurity.example' is not available at the selected time" in text(answer)
    assert "Your decision" in text(answer)


def test_a_request_whose_time_has_come_can_not_be_approved(cast: Cast, waiting: Booking) -> None:
    past = timezone.now() - timedelta(hours=1)
    Booking.objects.filter(pk=waiting.pk).update(start_datetime=past, end_datetime=past + timedelta(minutes=30))
    answer = signed_in(cast.lead).post(address(waiting, "approve/"))
    assert answer.status_code == 422
    assert "Cannot approve a booking that has already started." in text(answer)


@pytest.mark.parametrize(("who", "status"), [("sarah", 403), ("mike", 404), ("outsider", 404), (None, 302)])
@pytest.mark.parametrize("page", ["approve/", "reject/"])
def test_nobody_else_decides(cast: Cast, waiting: Booking, who: str | None, status: int, page: str) -> None:
    client = signed_in(getattr(cast, who) if who else None)
    assert client.get(address(waiting, page)).status_code == status
    assert client.post(address(waiting, page), {"rejection_reason": "No"}).status_code == status
    waiting.refresh_from_db()
    assert waiting.booking_status == "Pending"


@pytest.mark.parametrize("page", ["approve/", "reject/"])
def test_a_form_from_another_site_is_refused(cast: Cast, waiting: Booking, page: str) -> None:
    client = signed_in(cast.lead, checks_csrf=True)
    assert client.post(address(waiting, page), {"rejection_reason": "No"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.booking_status == "Pending"


@pytest.mark.parametrize("page", ["approve/", "reject/"])
def test_other_methods_are_not_for_this(cast: Cast, waiting: Booking, page: str) -> None:
    assert signed_in(cast.lead).delete(address(waiting, page)).status_code == 405
