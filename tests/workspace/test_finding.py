"""Finding bookings, people and pages: only what is there for whoever looks."""

import pytest
from pytest_django import DjangoAssertNumQueries

from meeting_manager.people.models import User
from tests.bookings.desk import Book
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db


def _found(user: User, words: str) -> str:
    return text(signed_in(user).get("/workspace/find/", {"q": words, "part": "1"}))


def test_a_booking_is_found_by_customer_and_by_reference(cast: Cast, book: Book) -> None:
    booking = book(host=cast.sarah, actor=cast.lead)
    for words in ("john doe", "john@customer", booking.booking_reference.lower()[:9]):
        assert booking.booking_reference in _found(cast.sarah, words)


def test_nobody_finds_bookings_of_others(cast: Cast, book: Book) -> None:
    book(host=cast.sarah, actor=cast.lead)
    assert "Nothing fits “john doe”" in _found(cast.mike, "john doe")


def test_colleagues_are_found_and_strangers_are_not(cast: Cast) -> None:
    assert "mike@bestsecurity.example" in _found(cast.sarah, "mike")
    assert "mike@bestsecurity.example" not in _found(cast.outsider, "mike")


def test_pages_are_found_that_are_open_to_their_reader(cast: Cast) -> None:
    assert "Deliveries" in _found(cast.lead, "deliv")
    assert "Deliveries" not in _found(cast.sarah, "deliv")


@pytest.mark.parametrize("words", ["", " ", "x" * 300, "\x00", "%_\\", "<script>alert(1)</script>"])
def test_whatever_is_typed_gets_an_answer(cast: Cast, words: str) -> None:
    assert signed_in(cast.admin).get("/workspace/find/", {"q": words}).status_code == 200


def test_finding_takes_few_queries(
    cast: Cast, book: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        book()
    client = signed_in(cast.lead)
    with django_assert_max_num_queries(13):
        client.get("/workspace/find/", {"q": "john", "part": "1"})
