"""What a review of the booking pages found wrong, and what has to stay right."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.ledger.running import run_due
from meeting_manager.web.models import IdempotencyKey
from tests.cast import Cast
from tests.public.visits import CALL, DETAILS, link, send, text, title

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Muster", "email": "ada@customer.example"}


def confirm_link(client: Client, cast: Cast, start: datetime, **headers: str) -> str:
    """The path in the mail of a request for a call that is to be confirmed."""
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    client.defaults |= headers
    assert send(client, start).status_code == 202
    run_due(timezone.now())
    found = re.search(r"/confirm/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


@pytest.mark.parametrize("path", ["/book", "/book/support", "/book/sales", "/book/nowhere", CALL, DETAILS])
def test_a_deep_link_to_any_step_leaves_no_personal_data_in_the_address(client: Client, cast: Cast, path: str) -> None:
    response = client.get(path, {**ADA, "timezone": "Asia/Tokyo"})
    assert (response.status_code, response["Location"]) == (303, f"{path}?timezone=Asia%2FTokyo")
    assert "prefill" in response.cookies


def test_a_deep_link_into_a_frame_loses_its_personal_data(client: Client, cast: Cast, settings: Settings) -> None:
    settings.EMBED_ORIGINS = ("https://www.example.com",)
    assert client.get("/embed/support", ADA)["Location"] == "/embed/support"


def test_a_form_sent_again_after_its_link_expired_promises_no_mail_and_can_be_sent_anew(
    client: Client, cast: Cast, start: datetime
) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    assert send(client, start, key="abc").status_code == 202
    IdempotencyKey.objects.update(response={"expires_at": (timezone.now() - timedelta(seconds=1)).isoformat()})
    page = send(client, start, key="abc")
    assert page.status_code == 422
    assert "This form was sent before." in text(page)
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    assert send(client, start, key=found[1]).status_code == 202
    assert BookingRequest.objects.count() == 2


def test_the_page_of_a_mail_speaks_the_language_of_the_mail(client: Client, cast: Cast, start: datetime) -> None:
    path = confirm_link(client, cast, start, HTTP_ACCEPT_LANGUAGE="de")
    elsewhere = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert elsewhere.get(path)["Content-Language"] == "de"
    elsewhere.post(path)
    assert elsewhere.get(path)["Content-Language"] == "de"


def test_who_confirmed_loses_the_booking_when_it_gets_another_address(
    client: Client, cast: Cast, start: datetime
) -> None:
    path = confirm_link(client, cast, start)
    client.post(path)
    booking = Booking.objects.get()
    assert link(booking) in client.get(path).content.decode()
    changes = {"customer_email": "bea@customer.example"}
    services.edit(booking=booking, changes=changes, actor=cast.admin, now=timezone.now())
    for page in (client.get(path), client.post(path)):
        assert page.status_code == 200
        assert title(page).startswith("You have confirmed already")
        assert "token=" not in page.content.decode()


def test_who_confirmed_loses_the_booking_also_when_it_was_moved_before(
    client: Client, cast: Cast, start: datetime
) -> None:
    path = confirm_link(client, cast, start)
    client.post(path)
    moved = services.reschedule(
        booking=Booking.objects.get(), start=start + timedelta(hours=1), actor=cast.admin, now=timezone.now()
    ).booking
    assert link(moved) in client.get(path).content.decode()
    changes = {"customer_email": "bea@customer.example"}
    services.edit(booking=moved, changes=changes, actor=cast.admin, now=timezone.now())
    assert "token=" not in client.get(path).content.decode()


def test_browsers_tell_a_picker_from_the_page_that_back_asks_for(client: Client, cast: Cast) -> None:
    vary = client.get(CALL, headers={"HX-Request": "true"})["Vary"]
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(vary.split(", "))
