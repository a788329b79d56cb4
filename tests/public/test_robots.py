"""What keeps robots away from the form of details: too quick, or too often from one place."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.public import starts
from meeting_manager.public.robots import stamped
from tests.cast import Cast
from tests.hours import stay_within_the_hour
from tests.public.visits import DETAILS, Book, send, text, title
from tests.web.test_proof import solve

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

QUICK = "That was very quick. Please check what you typed and send it again."
OPEN_FOR_LONG = "This page was open for a long time. Please check what you typed and send it again."


def field(response: "Response", name: str) -> str:
    """The value of a hidden field; empty where there is none."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def form(client: Client, start: datetime) -> "Response":
    return client.get(DETAILS, {"start": starts.write(start)})


@pytest.fixture
def trap(settings: Settings) -> None:
    settings.GUEST_FORM_SECONDS = 2


def ago(**span: float) -> str:
    return stamped(timezone.now() - timedelta(**span))


@pytest.mark.usefixtures("trap")
def test_a_form_sent_at_once_is_asked_again_with_all_that_was_typed(
    client: Client, cast: Cast, start: datetime
) -> None:
    response = send(client, start, stamp=field(form(client, start), "stamp"))
    assert response.status_code == 422
    assert QUICK in text(response)
    assert title(response).startswith("Error:")
    assert 'value="Ada Muster"' in response.content.decode()
    assert "About the alarm" in response.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.usefixtures("trap")
def test_the_next_try_passes(client: Client, cast: Cast, start: datetime) -> None:
    first = send(client, start, stamp=field(form(client, start), "stamp"))
    assert send(client, start, stamp=field(first, "stamp")).status_code == 303


@pytest.mark.usefixtures("trap")
def test_who_took_the_time_to_type_is_not_asked(client: Client, cast: Cast, start: datetime) -> None:
    assert send(client, start, stamp=ago(seconds=3)).status_code == 303


@pytest.mark.usefixtures("trap")
@pytest.mark.parametrize("stamp", ["", "x", "1:1", "1764547200", "1764547200:AAAA", "é:é", "\x00"])
def test_without_a_stamp_of_ours_it_is_asked_again(client: Client, cast: Cast, start: datetime, stamp: str) -> None:
    response = send(client, start, stamp=stamp)
    assert response.status_code == 422
    assert QUICK in text(response)
    assert send(client, start, stamp=field(response, "stamp")).status_code == 303


@pytest.mark.usefixtures("trap")
def test_a_stamp_from_the_future_is_none(client: Client, cast: Cast, start: datetime) -> None:
    assert send(client, start, stamp=ago(hours=-1)).status_code == 422


@pytest.mark.usefixtures("trap")
def test_a_form_of_yesterday_is_asked_again_and_then_passes(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, stamp=ago(days=1, seconds=5))
    assert response.status_code == 422
    assert OPEN_FOR_LONG in text(response)
    assert send(client, start, stamp=field(response, "stamp")).status_code == 303


@pytest.mark.usefixtures("trap")
def test_a_form_that_comes_back_keeps_its_first_stamp(client: Client, cast: Cast, start: datetime, book: Book) -> None:
    stamp = ago(minutes=5)
    wrong = send(client, start, stamp=stamp, customer_email="ada@")
    assert (wrong.status_code, field(wrong, "stamp")) == (422, stamp)
    for _ in range(4):
        book()
    taken = send(client, start, stamp=stamp)
    assert (taken.status_code, field(taken, "stamp")) == (409, stamp)


@pytest.mark.usefixtures("trap")
def test_what_else_is_wrong_is_said_too(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, website="https://spam.example")
    assert QUICK in text(response)
    assert "robots" in text(response)


def test_with_the_trap_off_nobody_needs_a_stamp(client: Client, cast: Cast, start: datetime) -> None:
    assert send(client, start).status_code == 303


@pytest.fixture
def near(client: Client, cast: Cast, start: datetime, settings: Settings) -> None:
    """Two of three bookings of this hour are made: that is half, rounded up."""
    stay_within_the_hour(20)
    settings.GUEST_PROOF_OF_WORK, settings.GUEST_BOOKINGS_PER_HOUR = 8, 3
    for n in (1, 2):
        assert send(client, start + timedelta(minutes=30 * n)).status_code == 303


def test_as_long_as_few_bookings_came_nothing_is_asked(
    client: Client, cast: Cast, start: datetime, settings: Settings
) -> None:
    stay_within_the_hour(20)
    settings.GUEST_BOOKINGS_PER_HOUR = 3
    assert send(client, start).status_code == 303
    page = form(client, start)
    assert b"challenge" not in page.content
    assert b"proof.js" not in page.content
    assert send(client, start).status_code == 303


@pytest.mark.usefixtures("near")
def test_near_the_limit_the_form_has_a_puzzle_and_the_script_for_it(
    client: Client, cast: Cast, start: datetime
) -> None:
    page = form(client, start).content.decode()
    assert 'data-proof="8"' in page
    assert re.search(r'<script src="/static/web/proof[^"]*\.js" defer nonce="[^"]+"></script>', page)
    assert "<noscript>" in page


@pytest.mark.usefixtures("near")
def test_who_solved_it_books_at_once(client: Client, cast: Cast, start: datetime) -> None:
    challenge = field(form(client, start), "challenge")
    response = send(client, start, challenge=challenge, solution=solve(challenge))
    assert response.status_code == 303
    assert Booking.objects.count() == 3


@pytest.mark.usefixtures("near")
def test_without_a_solution_it_is_confirmed_by_mail(client: Client, cast: Cast, start: datetime) -> None:
    response = send(client, start, challenge=field(form(client, start), "challenge"), solution="")
    assert response.status_code == 202
    assert "We have sent a mail to ada@customer.example" in text(response)
    assert (Booking.objects.count(), BookingRequest.objects.count()) == (2, 1)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("solution", ["0", "x", "99999999999999999999"])
def test_a_wrong_solution_is_as_none(client: Client, cast: Cast, start: datetime, solution: str) -> None:
    challenge = field(form(client, start), "challenge")
    if solution == solve(challenge):
        solution = "1"
    assert send(client, start, challenge=challenge, solution=solution).status_code == 202


@pytest.mark.usefixtures("near")
def test_a_solution_serves_once(client: Client, cast: Cast, start: datetime, settings: Settings) -> None:
    settings.GUEST_BOOKINGS_PER_HOUR = 4
    challenge = field(form(client, start), "challenge")
    solved = {"challenge": challenge, "solution": solve(challenge)}
    assert send(client, start, **solved).status_code == 303
    assert send(client, start, **solved).status_code == 202


@pytest.mark.usefixtures("near")
def test_a_repeat_of_the_same_form_leads_to_the_same_booking(client: Client, cast: Cast, start: datetime) -> None:
    challenge = field(form(client, start), "challenge")
    solved = {"challenge": challenge, "solution": solve(challenge), "key": "abc"}
    first, second = (send(client, start, **solved) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert not BookingRequest.objects.exists()


@pytest.mark.usefixtures("near")
def test_a_solution_is_not_used_up_by_a_form_that_comes_back(client: Client, cast: Cast, start: datetime) -> None:
    challenge = field(form(client, start), "challenge")
    solved = {"challenge": challenge, "solution": solve(challenge)}
    assert send(client, start, customer_email="ada@", **solved).status_code == 422
    assert send(client, start, **solved).status_code == 303


@pytest.mark.usefixtures("near")
def test_a_form_that_comes_back_has_a_new_puzzle(client: Client, cast: Cast, start: datetime) -> None:
    challenge = field(form(client, start), "challenge")
    again = send(client, start, challenge=challenge, customer_email="ada@")
    assert field(again, "challenge") not in {"", challenge}


@pytest.mark.usefixtures("near")
def test_at_the_limit_nothing_helps(client: Client, cast: Cast, start: datetime) -> None:
    assert send(client, start).status_code == 202
    challenge = field(form(client, start), "challenge")
    assert send(client, start, challenge=challenge, solution=solve(challenge)).status_code == 429


@pytest.mark.usefixtures("near")
def test_with_puzzles_off_only_the_limit_counts(
    client: Client, cast: Cast, start: datetime, settings: Settings
) -> None:
    settings.GUEST_PROOF_OF_WORK = 0
    assert b"challenge" not in form(client, start).content
    assert [send(client, start).status_code for _ in range(2)] == [303, 429]


@pytest.mark.usefixtures("near")
def test_without_a_limit_nothing_is_near_it(client: Client, cast: Cast, start: datetime, settings: Settings) -> None:
    settings.GUEST_BOOKINGS_PER_HOUR = 0
    assert b"challenge" not in form(client, start).content
    assert send(client, start).status_code == 303
