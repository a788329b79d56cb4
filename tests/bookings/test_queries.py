"""What each reader sees, and what a list costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.queries import Filters
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sarahs(cast: Cast) -> Booking:
    return try_to_book(cast, actor=cast.lead, host=cast.sarah).booking


@pytest.fixture
def of_sales(cast: Cast) -> Booking:
    return try_to_book(cast, meeting_type=cast.consultation, start=after(hours=1)).booking


def seen(user: User, **given: object) -> set[int]:
    filters: dict[str, Any] = given
    return set(queries.listing(user, Filters(**filters)).values_list("pk", flat=True))


def test_everybody_sees_theirs_and_no_more(cast: Cast, sarahs: Booking, of_sales: Booking) -> None:
    assert seen(cast.admin) == {sarahs.pk, of_sales.pk}
    assert seen(cast.lead) == {sarahs.pk}
    assert seen(cast.sarah) == {sarahs.pk}
    assert seen(cast.mike) == set()
    assert seen(cast.outsider) == {of_sales.pk}
    assert seen(system_user()) == set()


def test_what_one_may_not_see_does_not_exist(cast: Cast, sarahs: Booking) -> None:
    assert queries.get_for(cast.sarah, sarahs.name) == sarahs
    for who, name in ((cast.mike, sarahs.name), (cast.sarah, "MM-MB-none-0001"), (cast.sarah, "a\x00b")):
        with pytest.raises(Booking.DoesNotExist):
            queries.get_for(who, name)


def test_a_disabled_account_sees_nothing(cast: Cast, sarahs: Booking) -> None:
    cast.sarah.is_active = False
    assert seen(cast.sarah) == set()


def test_filters_narrow_and_combine(cast: Cast, sarahs: Booking, of_sales: Booking) -> None:
    assert seen(cast.admin, department="sales") == {of_sales.pk}
    assert seen(cast.admin, department="MM-DEPT-support") == {sarahs.pk}
    assert seen(cast.admin, meeting_type="MM-MT-support-30-min-call") == {sarahs.pk}
    assert seen(cast.admin, member="sarah@bestsecurity.example") == {sarahs.pk}
    assert seen(cast.admin, member="nobody@bestsecurity.example") == set()
    assert seen(cast.admin, statuses=["Pending"]) == {of_sales.pk}
    assert seen(cast.admin, since=after(minutes=1)) == {of_sales.pk}
    assert seen(cast.admin, until=after(hours=1)) == {sarahs.pk}
    assert seen(cast.admin, customer="John@Customer.example") == {sarahs.pk, of_sales.pk}
    assert seen(cast.admin, search=sarahs.booking_reference[3:].lower()) == {sarahs.pk}
    assert seen(cast.admin, search="mfa", statuses=["Confirmed"]) == {sarahs.pk}
    assert seen(cast.admin, search="100%") == set()
    assert seen(cast.admin, is_internal=True) == set()
    assert seen(cast.admin, approval_status="Pending") == {of_sales.pk}


def test_a_longer_list_costs_no_more_queries(cast: Cast, book: Book) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            for booking in queries.listing(cast.lead, Filters(department="support")):
                assert booking.meeting_type.department.department_slug == "support"
                assert [host.user.email for host in booking.assigned_users.all()]
        return len(made)

    book()
    one = cost()
    for day in range(3):
        book(start=TUESDAY_TEN + timedelta(days=day, hours=1))
    assert cost() == one <= 5


def test_a_reference_is_found_whatever_its_case(sarahs: Booking) -> None:
    assert queries.by_reference(f" {sarahs.booking_reference.lower()} ") == sarahs
    with pytest.raises(Booking.DoesNotExist):
        queries.by_reference("BK-00000000")


def test_the_newest_of_a_chain_of_moves_is_found(cast: Cast, book: Book) -> None:
    first = book(customer=JOHN)
    second = services.reschedule(booking=first, start=after(hours=1), actor=system_user(), now=NOW).booking
    third = services.reschedule(booking=second, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert queries.latest(queries.by_reference(first.booking_reference)) == third
