"""The customer's language through the API: given, checked, shown, changed."""

import json

import pytest
from django.test import Client

from meeting_manager.bookings.models import Booking
from tests.api.caller import Api, guest_body
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada Muster", "email": "ada@customer.example"}


def test_a_guests_language_is_kept_and_shown_to_staff(api: Api, cast: Cast) -> None:
    made = api.book(customer={**ADA, "language": "EN-us"})
    assert made.status == 201
    assert "customer_language" not in made.body or made.body["customer_language"] == "en-us"
    shown = api.get(f"/bookings/{made.body['name']}", by=cast.sarah)
    assert shown.body["customer_language"] == "en-us"


def test_without_a_language_none_is_kept(api: Api) -> None:
    api("POST", "/bookings", {**guest_body(api.slots()[0]["start"])}, Accept_Language="de")
    assert Booking.objects.get().customer_language == ""


def test_a_language_that_the_site_does_not_speak_is_refused_by_field(api: Api) -> None:
    refused = api.book(customer={**ADA, "language": "tlh"})
    assert refused.status == 422
    assert refused.fields == {
        "customer.language": "Customer Language 'tlh' is not a language of this site. "
        "Please use one of: en, de, fr, es, da."
    }


def test_staff_change_it_like_the_other_fields_of_the_customer(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}"
    assert api.patch(path, {"customer_language": "da"}, by=cast.sarah).body["customer_language"] == "da"
    assert set(api.patch(path, {"customer_language": "xx"}, by=cast.sarah).fields) == {"customer_language"}


def test_frappes_clients_send_it_among_the_customers_details(api: Api) -> None:
    slot = api.slots()[0]
    given = {
        "meeting_type": "MM-MT-support-30-min-call",
        "start_datetime": slot["start"],
        "end_datetime": slot["end"],
        "customer_details": {**ADA, "language": "fr"},
    }
    address = "/api/method/meeting_manager.api.create_customer_booking"
    assert Client().post(address, json.dumps(given), "application/json").status_code == 200
    assert Booking.objects.get().customer_language == "fr"
