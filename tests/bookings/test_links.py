"""References and the links that carry a right."""

import re

import pytest

from meeting_manager.bookings import links
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import Book

pytestmark = pytest.mark.django_db


def test_references_are_random_and_look_as_the_founding_document_says() -> None:
    made = {links.new_reference() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(re.fullmatch(r"BK-[A-Z0-9]{8}", reference) for reference in made)


def test_a_token_opens_its_own_booking_only(book: Book) -> None:
    one, other = book(), book()
    token = links.link_token(one)
    assert len(token) >= 22
    assert links.opens(one, token)
    assert not links.opens(other, token)
    assert not links.opens(one, "")
    assert not links.opens(one, "é" * 43)


def test_raising_the_version_revokes_every_link(book: Book) -> None:
    booking = book()
    token = links.link_token(booking)
    Booking.objects.filter(pk=booking.pk).update(link_version=2)
    booking.refresh_from_db()
    assert not links.opens(booking, token)


def test_the_link_names_no_person(book: Book) -> None:
    booking = book()
    url = links.manage_url(booking)
    assert url.endswith(f"/booking/{booking.booking_reference}?token={links.link_token(booking)}")
    assert "john" not in url.lower()
