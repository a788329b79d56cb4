"""The queue of requests: who sees it, what it says about each, and how it is decided."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, block, executive
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

ADDRESS = "/workspace/approvals/"
HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(cast: Cast, book: Book) -> Booking:
    """A request with Sarah that awaits Support's leader."""
    return book(meeting_type=executive(cast))


def test_the_queue_is_for_those_who_decide(cast: Cast, waiting: Booking, book: Book) -> None:
    of_sales = book(meeting_type=cast.consultation)
    seen = {who: signed_in(getattr(cast, who)).get(ADDRESS) for who in ("admin", "lead", "sarah")}
    assert {who: answer.status_code for who, answer in seen.items()} == {"admin": 200, "lead": 200, "sarah": 403}
    assert of_sales.booking_reference in seen["admin"].content.decode()
    assert waiting.booking_reference in seen["lead"].content.decode()
    assert of_sales.booking_reference not in seen["lead"].content.decode()


def test_only_what_waits_is_there_and_the_longest_first(cast: Cast, waiting: Booking, book: Book) -> None:
    later = book(meeting_type=executive(cast), start=TUESDAY_TEN - HOUR, now=NOW + HOUR / 60)
    decided = book(meeting_type=executive(cast), start=TUESDAY_TEN + HOUR)
    services.approve(booking=decided, actor=cast.lead, now=NOW)
    book(start=TUESDAY_TEN + 2 * HOUR)
    page = signed_in(cast.lead).get(ADDRESS).content.decode()
    found = re.findall(r'name="pick" value="([^"]+)"', page)
    assert found == [waiting.booking_reference, later.booking_reference]


def test_a_request_shows_customer_time_age_and_who_is_free(cast: Cast, waiting: Booking) -> None:
    block(cast.mike, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    Booking.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=3))
    page = signed_in(cast.lead).get(ADDRESS)
    seen = text(page)
    for told in ("John Doe", "8 December 2026, 10:00", "3 days ago", "Sarah", "Still free", "Also free: Jane, Lead"):
        assert told in seen
    assert f'href="/workspace/bookings/{waiting.name}/reassign/?next=' in page.content.decode()


def test_a_host_who_is_no_longer_free_is_told_with_the_reason(cast: Cast, waiting: Booking) -> None:
    for who in (cast.sarah, cast.mike, cast.jane, cast.lead):
        block(who, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    seen = text(signed_in(cast.lead).get(ADDRESS))
    assert "Not possible" in seen
    assert "User 'sarah@bestsecurity.example' is not available at the selected time: " in seen
    assert "No colleague is free then." in seen


def test_a_rule_that_may_be_passed_over_is_a_remark(cast: Cast, waiting: Booking) -> None:
    at_night = waiting.start_datetime.replace(hour=22)
    Booking.objects.filter(pk=waiting.pk).update(start_datetime=at_night, end_datetime=at_night + HOUR / 2)
    seen = text(signed_in(cast.lead).get(ADDRESS))
    assert "Still free" in seen
    assert "outside working hours" in seen


def test_several_are_decided_at_once_and_lead_back_to_the_queue(cast: Cast, waiting: Booking, book: Book) -> None:
    other = book(meeting_type=executive(cast), start=TUESDAY_TEN + HOUR)
    client = signed_in(cast.lead)
    there = f"/workspace/bulk/approve/?next={ADDRESS}&pick={waiting.booking_reference}&pick={other.booking_reference}"
    page = client.get(there)
    assert "Approve 2 bookings?" in text(page)
    sent = {name: re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())[0] for name in ("chosen", "key")}
    answer = client.post(there, sent, follow=True)
    assert "2 bookings approved" in text(answer)
    assert f'href="{ADDRESS}"' in answer.content.decode()
    assert "Nobody waits for your decision." in text(client.get(ADDRESS))
    assert set(Booking.objects.values_list("booking_status", "approved_by")) == {("Confirmed", cast.lead.pk)}


def test_opening_the_queue_decides_nothing(cast: Cast, waiting: Booking) -> None:
    client = signed_in(cast.lead)
    assert client.post(ADDRESS).status_code == 405
    client.get(ADDRESS)
    waiting.refresh_from_db()
    assert waiting.booking_status == "Pending"


def test_each_request_costs_a_handful_of_queries(cast: Cast, waiting: Booking, book: Book) -> None:
    client = signed_in(cast.lead)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        return len(queries)

    one = cost()
    for hours in (1, 2):
        book(meeting_type=executive(cast), start=TUESDAY_TEN + hours * HOUR)
    three = cost()
    assert (three - one) / 2 <= 9
