"""The page about personal data, which System Managers have."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import JOHN, Book
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

PAGE = "/workspace/privacy/"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return signed_in(cast.admin)


@pytest.fixture
def upcoming(cast: Cast, book: Book) -> Booking:
    """A meeting of John's that is still to come, whenever the test runs."""
    booking = book()
    later = timezone.now().replace(microsecond=0) + timedelta(days=5)
    Booking.objects.filter(pk=booking.pk).update(start_datetime=later, end_datetime=later + timedelta(minutes=30))
    return booking


def erase(client: Client, email: str = JOHN.email, **more: str) -> str:
    answer = client.post(f"{PAGE}erase/", {"email": email, "confirm": email, **more}, follow=True)
    return text(answer)


@pytest.mark.parametrize("path", ["", "export/", "erase/"])
def test_only_system_managers_come_in(cast: Cast, path: str) -> None:
    for user in (cast.lead, cast.sarah):
        assert signed_in(user).post(PAGE + path, {"email": JOHN.email}).status_code == 403
    assert "/accounts/login" in signed_in(None).post(PAGE + path)["Location"]
    assert "Personal data" not in text(signed_in(cast.lead).get("/workspace/deliveries/"))


def test_the_page_counts_what_is_known(admin: Client, upcoming: Booking) -> None:
    seen = text(admin.post(PAGE, {"email": " JOHN@customer.example "}))
    assert "john@customer.example" in seen
    assert "1 booking" in seen
    page = admin.post(PAGE, {"email": JOHN.email}).content.decode()
    assert f'href="/workspace/bookings/{upcoming.name}/"' in page
    assert "Nothing is known of this address." in text(admin.post(PAGE, {"email": "x@customer.example"}))


def test_what_is_no_address_is_said_beside_the_field(admin: Client) -> None:
    answer = admin.post(PAGE, {"email": "john"})
    assert (answer.status_code, "Please enter an e-mail address." in text(answer)) == (422, True)
    assert admin.post(f"{PAGE}export/", {"email": ""}).status_code == 422
    assert admin.post(f"{PAGE}erase/", {"email": "\x00"}).status_code == 422


def test_everything_is_downloaded_as_one_file(admin: Client, upcoming: Booking) -> None:
    answer = admin.post(f"{PAGE}export/", {"email": JOHN.email})
    assert answer["Content-Disposition"].startswith('attachment; filename="personal-data-')
    assert "no-store" in answer["Cache-Control"]
    assert json.loads(answer.content)["bookings"][0]["booking"] == upcoming.name


def test_the_address_has_to_be_typed_once_more(admin: Client, cast: Cast, upcoming: Booking) -> None:
    services.cancel(booking=upcoming, actor=cast.lead, now=timezone.now())
    for typed in ("", "jon@customer.example"):
        answer = admin.post(f"{PAGE}erase/", {"email": JOHN.email, "confirm": typed})
        assert answer.status_code == 422
    assert Booking.objects.get().customer_email == JOHN.email
    seen = erase(admin, confirm="John@customer.example ")
    assert "Erased: 1 booking" in seen
    assert Booking.objects.get().customer_name == "Erased person"


def test_meetings_to_come_stand_in_the_way_unless_they_are_cancelled(admin: Client, upcoming: Booking) -> None:
    seen = erase(admin)
    assert "There are meetings to come" in seen
    assert upcoming.name in seen
    assert Booking.objects.get().customer_email == JOHN.email
    seen = erase(admin, also_cancel="on")
    assert "1 meeting was cancelled." in seen
    assert Booking.objects.get().booking_status == "Cancelled"


def test_an_account_is_told_and_not_erased(admin: Client, cast: Cast) -> None:
    seen = text(admin.post(PAGE, {"email": cast.sarah.email}))
    assert "An account is not erased: disable it" in seen
    assert "Erase for ever" not in seen
    assert "disable it" in erase(admin, cast.sarah.email)
    cast.sarah.refresh_from_db()
    assert cast.sarah.full_name == "Sarah"


def test_forms_of_other_sites_are_refused(cast: Cast, upcoming: Booking) -> None:
    client = signed_in(cast.admin, checks_csrf=True)
    assert client.post(f"{PAGE}erase/", {"email": JOHN.email, "confirm": JOHN.email}).status_code == 403
    assert Booking.objects.get().customer_email == JOHN.email
