"""References and the links that carry a right."""

import re

import pytest

from meeting_manager.bookings import links, services
from meeting_manager.bookings.models import Booking
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, Book, after

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


def test_a_participants_token_is_theirs_at_this_meeting_through_all_moves(book: Book) -> None:
    booking, other = book(), book()
    token = links.participant_token(booking, JOHN.email)
    assert re.fullmatch("[a-z2-7]{26}", token), "130 bits that fit before the @ of a mail address"
    moved = services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert links.participant_token(moved, JOHN.email.upper()) == token
    assert links.participant_token(moved, "eve@customer.example") != token
    assert links.participant_token(other, JOHN.email) != token


def test_a_participants_token_finds_its_participant_and_nobody_else(book: Book) -> None:
    booking, other = book(), book()
    token = links.participant_token(booking, JOHN.email)
    found = links.participant_of(booking, token.upper())
    assert found is not None
    assert found.email == JOHN.email
    for wrong in ("", "é" * 26, "\ud800", token[:-1], f"{token}a", links.participant_token(other, JOHN.email)):
        assert links.participant_of(booking, wrong) is None
    assert links.participant_of(other, token) is None


def test_somebody_who_is_not_invited_has_no_token_that_counts(book: Book) -> None:
    booking = book()
    assert links.participant_of(booking, links.participant_token(booking, "eve@customer.example")) is None


def test_the_link_to_answer_names_no_person(book: Book) -> None:
    booking = book()
    url = links.answer_url(booking, JOHN.email)
    token = links.participant_token(booking, JOHN.email)
    assert url.endswith(f"/booking/{booking.booking_reference}/answer?token={token}")
    assert "john" not in url.lower()
