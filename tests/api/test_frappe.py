"""The founding document's methods, asked as Frappe's clients ask."""

import json
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.http.response import HttpResponseBase
from django.test import Client, override_settings

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.people.models import User
from tests.api.caller import Api, Reply, moment
from tests.cast import Cast
from tests.hours import stay_within_the_hour

METHOD = "/api/method/meeting_manager.api."


def call(api: Api, name: str, given: object = None, by: User | None = None) -> Reply:
    headers = {"Authorization": f"Bearer {api.token(by)}"} if by else {}
    body = json.dumps(given or {})
    return answered(Client().post(METHOD + name, body, "application/json", headers=headers))


def answered(response: HttpResponseBase) -> Reply:
    return Reply(response.status_code, json.loads(b"".join(response)), dict(response.items()))


def told(answer: Reply) -> list[str]:
    """The messages that a Frappe client would show."""
    shown = json.loads(answer.body["_server_messages"])
    return [json.loads(one)["message"] for one in shown]


def naive(text: str) -> str:
    return moment(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def arguments(api: Api, slot: int = 0) -> dict[str, object]:
    offered = api.slots()[slot]
    return {
        "meeting_type": "MM-MT-support-30-min-call",
        "start_datetime": naive(offered["start"]),
        "end_datetime": naive(offered["end"]),
        "customer_details": {"name": "John Doe", "email": "john@customer.example", "notes": "by post"},
    }


def consultation(api: Api) -> Booking:
    slot = api.slots("executive-consultation", "sales")[0]
    given = arguments(api) | {
        "meeting_type": "MM-MT-sales-executive-consultation",
        "start_datetime": naive(slot["start"]),
        "end_datetime": naive(slot["end"]),
    }
    return Booking.objects.get(name=call(api, "create_customer_booking", given).body["message"]["booking_name"])


def test_a_guest_books_with_json(api: Api) -> None:
    given = arguments(api)
    answer = call(api, "create_customer_booking", given)
    assert answer.status == 200
    made = Booking.objects.get()
    assert answer.body["message"] == {
        "booking_name": made.name,
        "booking_reference": made.booking_reference,
        "status": "Confirmed",
    }
    assert made.booking_source == "Public Booking Page"
    assert made.start_datetime == datetime.fromisoformat(f"{given['start_datetime']}+00:00")


def test_a_guest_books_with_a_form_whose_customer_is_json_text(api: Api) -> None:
    given = arguments(api)
    form = {**given, "customer_details": json.dumps(given["customer_details"])}
    response = Client().post(METHOD + "create_customer_booking", urlencode(form), "application/x-www-form-urlencoded")
    answer = answered(response)
    assert answer.status == 200
    assert Booking.objects.get().customer_notes == "by post"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"meeting_type": ""}, "Meeting Type is required."),
        ({"start_datetime": None}, "Start DateTime is required."),
        ({"end_datetime": ""}, "End DateTime is required."),
        ({"start_datetime": "soon"}, "Invalid datetime format for Start or End DateTime."),
        ({"customer_details": {}}, "Customer Email is required for external bookings."),
        ({"customer_details": "{"}, "Argument 'customer_details' must be an object."),
        ({"start_datetime": 5}, "Argument 'start_datetime' must be text."),
    ],
)
def test_bad_arguments_are_417_in_frappes_form(api: Api, change: dict[str, object], message: str) -> None:
    answer = call(api, "create_customer_booking", arguments(api) | change)
    body = answer.body
    assert answer.status == 417
    assert body["exc_type"] == "ValidationError"
    assert body["exception"].startswith("frappe.exceptions.ValidationError: ")
    assert json.loads(body["exc"])
    assert message in told(answer)


def test_a_taken_time_is_417_and_an_unknown_type_404(api: Api) -> None:
    taken = arguments(api)
    for _ in range(4):
        assert call(api, "create_customer_booking", taken).status == 200
    refused = call(api, "create_customer_booking", taken)
    assert (refused.status, told(refused)) == (
        417,
        ["The selected time is no longer available. Please choose another time."],
    )
    unknown = call(api, "create_customer_booking", taken | {"meeting_type": "MM-MT-x"})
    assert (unknown.status, unknown.body["exc_type"]) == (404, "DoesNotExistError")


def test_guests_cancel_by_the_bare_reference(api: Api) -> None:
    call(api, "create_customer_booking", arguments(api))
    made = Booking.objects.get()
    given = {"booking_reference": made.booking_reference}
    done = call(api, "cancel_booking", given)
    assert done.body["message"]["status"] == "cancelled"
    assert told(done) == ["Cancellation Reason is recommended when cancelling a booking."]
    again = call(api, "cancel_booking", given)
    assert (again.status, told(again)) == (
        417,
        ["Cannot change booking status from 'Cancelled' to 'Cancelled'."],
    )
    assert call(api, "cancel_booking", {"booking_reference": "BK-NOTTHERE"}).status == 404


def test_guessing_references_is_limited(api: Api) -> None:
    stay_within_the_hour()
    with override_settings(GUEST_MISSES_PER_HOUR=1):
        call(api, "cancel_booking", {"booking_reference": "BK-NOTTHERE"})
        limited = call(api, "cancel_booking", {"booking_reference": "BK-NOTTHERE"})
    assert limited.status == 429
    assert limited.headers["Retry-After"]


def test_a_leader_reassigns(api: Api, cast: Cast) -> None:
    call(api, "create_customer_booking", arguments(api))
    made = Booking.objects.get()
    given = {"booking_name": made.name, "new_user": "mike@bestsecurity.example", "reassignment_reason": "Ill"}
    assert call(api, "reassign_booking", given).status == 403
    assert call(api, "reassign_booking", given, by=cast.sarah).status == 403
    assert call(api, "reassign_booking", given, by=cast.outsider).status == 404
    done = call(api, "reassign_booking", given, by=cast.lead)
    assert done.body["message"] == {"status": "success", "new_assigned_user": "mike@bestsecurity.example"}
    assert made.assigned_users.get().user == cast.mike


def test_approving_and_rejecting(api: Api, cast: Cast) -> None:
    first, second = consultation(api), consultation(api)
    approve = {"booking_name": first.name, "action": "approve"}
    done = call(api, "approve_reject_booking", approve, by=cast.admin)
    assert done.body["message"] == {"status": "approved", "booking_status": "Confirmed"}
    assert told(call(api, "approve_reject_booking", approve, by=cast.admin)) == ["Booking already Approved."]
    reject = {"booking_name": second.name, "action": "reject"}
    refused = call(api, "approve_reject_booking", reject, by=cast.admin)
    assert (refused.status, told(refused)) == (417, ["Rejection Reason is required when rejecting a booking."])
    done = call(api, "approve_reject_booking", reject | {"reason": "Full"}, by=cast.admin)
    assert done.body["message"] == {"status": "rejected", "booking_status": "Cancelled"}


def test_bookings_of_a_user_come_with_naive_times(api: Api, cast: Cast) -> None:
    given = arguments(api)
    call(api, "create_customer_booking", given)
    day = str(given["start_datetime"])[:10]
    query = urlencode({"start_date": day, "end_date": day, "status": "Confirmed"})
    headers = {"Authorization": f"Bearer {api.token(cast.sarah)}"}
    answer = answered(Client().get(f"{METHOD}get_user_bookings?{query}", headers=headers))
    (shown,) = answer.body["message"]
    assert shown["start_datetime"] == given["start_datetime"]
    assert shown["is_internal"] == 0
    assert shown["assigned_users"][0]["user"] == "sarah@bestsecurity.example"
    assert call(api, "get_user_bookings", {}, by=cast.mike).body["message"] == []
    assert call(api, "get_user_bookings", {"user": "sarah@bestsecurity.example"}, by=cast.outsider).status == 404
    assert (
        len(call(api, "get_user_bookings", {"user": "sarah@bestsecurity.example"}, by=cast.lead).body["message"]) == 1
    )


def test_a_changing_method_by_get_is_403_and_no_account_is_403(api: Api) -> None:
    given = arguments(api)
    given["customer_details"] = json.dumps(given["customer_details"])
    assert Client().get(f"{METHOD}create_customer_booking?{urlencode(given)}").status_code == 403
    assert not Booking.objects.exists()
    assert Client().get(f"{METHOD}get_user_bookings").status_code == 403
    assert Client().get(f"{METHOD}get_user_bookings", headers={"Authorization": "token a:b"}).status_code == 401


def test_unknown_methods_and_malformed_bodies_are_answered_in_form(api: Api) -> None:
    assert call(api, "drop_tables").body["exc_type"] == "DoesNotExistError"
    for body in ("{", "[1]", '{"meeting_type": "\\u0000"}', '{"meeting_type": {"a": 1}}'):
        answer = Client().post(METHOD + "create_customer_booking", body, "application/json")
        assert answer.status_code == 417
    broken = Client().post(METHOD + "cancel_booking", b"x", "multipart/form-data; boundary=")
    assert broken.status_code == 417


def test_where_guests_confirm_by_mail_the_method_says_so(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    answer = call(api, "create_customer_booking", arguments(api))
    assert answer.status == 202
    told_of = answer.body["message"]
    assert (told_of["status"], told_of["booking_name"], told_of["booking_reference"]) == (
        "Confirmation Sent",
        None,
        None,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", told_of["expires_at"])
    assert not Booking.objects.exists()


def test_who_has_a_token_needs_no_confirmation(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    answer = call(api, "create_customer_booking", arguments(api), by=cast.sarah)
    assert (answer.status, answer.body["message"]["status"]) == (200, "Confirmed")
