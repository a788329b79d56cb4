"""What guests do over REST: look, book, see, cancel, move."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import cancel
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments.services import edit_department, edit_meeting_type
from meeting_manager.people.services import edit_settings
from tests.api.caller import Api, guest_body, moment
from tests.cast import Cast
from tests.hours import stay_within_the_hour


def test_guests_see_active_departments_in_public(api: Api, cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.sales, changes={"is_active": False})
    found = api.get("/departments").body
    assert [one["department_slug"] for one in found["results"]] == ["support"]
    assert "department_leader" not in found["results"][0]
    assert api.get("/departments/sales").status == 404


def test_guests_see_public_types_without_their_meeting_room(api: Api) -> None:
    found = api.get("/departments/support/meeting-types").body["results"]
    assert [one["name"] for one in found] == ["MM-MT-support-30-min-call"]
    assert "video_meeting_url" not in found[0]


def test_slots_count_free_members_and_name_nobody(api: Api) -> None:
    first = api.slots()[0]
    assert first["available_members"] == 4
    assert set(first) == {"start", "end", "available_members"}
    assert moment(first["end"]) - moment(first["start"]) == timedelta(minutes=30)


def test_slots_are_told_in_the_zone_asked_for(api: Api) -> None:
    day = timezone.now().date() + timedelta(days=3)
    query = f"department=support&meeting_type=30-min-call&from={day}&to={day + timedelta(days=6)}"
    found = api.get(f"/slots?{query}&timezone=Asia/Kathmandu").body
    assert found["timezone"] == "Asia/Kathmandu"
    assert found["slots"][0]["start"].endswith("+05:45")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("from=&to=2026-12-01", "from"),
        ("from=2026-12-01&to=2027-03-03", "to"),
        ("from=2026-12-02&to=2026-12-01", "to"),
        ("from=2026-13-01&to=2026-12-01", "from"),
        ("from=9999-12-30&to=9999-12-31", "from"),
        ("from=2026-12-01&to=2026-12-02&timezone=Mars/Base", "timezone"),
    ],
)
def test_slots_of_a_senseless_range_are_refused_by_field(api: Api, change: str, field: str) -> None:
    answer = api.get(f"/slots?department=support&meeting_type=30-min-call&{change}")
    assert answer.status == 422
    assert field in answer.fields


def test_slots_of_what_guests_cannot_see_are_not_found(api: Api) -> None:
    query = "from=2026-12-01&to=2026-12-02"
    assert api.get(f"/slots?department=support&meeting_type=internal-planning&{query}").status == 404
    assert api.get(f"/slots?department=nowhere&meeting_type=30-min-call&{query}").status == 404
    assert api.get(f"/slots?{query}").fields.keys() == {"department", "meeting_type"}


def test_slots_cost_the_same_few_queries_for_one_member_and_for_four(
    api: Api, cast: Cast, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        api.slots()
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        api.slots("executive-consultation", "sales")


def test_a_guest_books_and_sees_the_founding_fields_with_a_link(api: Api) -> None:
    start = api.slots()[0]["start"]
    answer = api.book(start)
    assert answer.status == 201
    made = answer.body
    assert made["booking_status"] == "Confirmed"
    assert made["booking_reference"].startswith("BK-")
    assert made["name"] == "MM-MB-MM-MT-support-30-min-call-0001"
    assert made["meeting_title"] == "30 Min Call - Ada Muster"
    assert moment(made["start_datetime"]) == moment(start)
    assert made["start_datetime"].endswith("+00:00")
    assert made["assigned_users"] == [
        {"user": "sarah@bestsecurity.example", "full_name": "Sarah", "is_primary_host": True}
    ]
    assert f"/booking/{made['booking_reference']}?token=" in made["manage_url"]
    assert answer.headers["Location"] == f"/api/v1/bookings/{made['booking_reference']}"
    others = {"lead@", "mike@", "jane@"}
    assert not any(name in str(made) for name in others)


def test_a_naive_start_is_utc(api: Api) -> None:
    start = api.slots()[0]["start"]
    assert api.book(start.removesuffix("+00:00")).body["start_datetime"] == start


def test_meeting_type_may_be_given_by_document_name_alone(api: Api) -> None:
    body = guest_body(api.slots()[0]["start"], meeting_type="MM-MT-support-30-min-call")
    del body["department"]
    assert api.post("/bookings", body).status == 201


def test_a_taken_time_is_409_with_alternatives(api: Api, cast: Cast) -> None:
    slot = api.slots("executive-consultation", "sales")[0]
    body = guest_body(slot["start"], department="sales", meeting_type="executive-consultation")
    assert api.post("/bookings", body).body["booking_status"] == "Pending"
    refused = api.post("/bookings", body)
    assert refused.status == 409
    assert refused.body["detail"] == "The selected time is no longer available. Please choose another time."
    assert len(refused.body["alternatives"]) == 3
    assert api.post("/bookings", {**body, "start": refused.body["alternatives"][0]["start"]}).status == 201


def test_a_start_that_is_not_offered_is_409(api: Api) -> None:
    start = moment(api.slots()[0]["start"]) + timedelta(minutes=7)
    assert api.book(start.isoformat()).status == 409


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"start": ""}, "start", "Start DateTime is required."),
        ({"start": "tomorrow"}, "start", "Invalid datetime format for Start or End DateTime."),
        ({"start": "9999-12-31T23:59:59Z"}, "start", "Invalid datetime format for Start or End DateTime."),
        ({"start": "0001-01-01T00:00:00+14:00"}, "start", "Invalid datetime format for Start or End DateTime."),
        (
            {"start": "2020-01-01T10:00:00Z"},
            "start",
            "Cannot create a booking in the past. Please select a future date and time.",
        ),
        ({"end": "2020-01-01T10:00:00Z"}, "end", "End DateTime must be after Start DateTime."),
        ({"customer": {}}, "customer.name", "Customer Name is required for external bookings."),
        ({"customer": {}}, "customer.email", "Customer Email is required for external bookings."),
        (
            {"customer": {"name": "A", "email": "no"}},
            "customer.email",
            "Invalid email format for Customer Email: 'no'",
        ),
        (
            {"customer": {"name": "A", "email": "a@b.example", "phone": "123"}},
            "customer.phone",
            "Invalid phone number format. Please provide a valid phone number.",
        ),
        ({"host": "sarah@bestsecurity.example"}, "host", "Field 'host' cannot be set here. Please leave it out."),
        ({"is_internal": True}, "is_internal", "Field 'is_internal' cannot be set here. Please leave it out."),
        ({"meeting_type": ""}, "meeting_type", "Meeting Type is required."),
    ],
)
def test_what_a_guest_sends_wrong_is_422_with_the_founding_messages(
    api: Api, change: dict[str, object], field: str, message: str
) -> None:
    answer = api.post("/bookings", {**guest_body(api.slots()[0]["start"]), **change})
    assert answer.status == 422
    assert answer.fields[field] == message
    assert answer.body["detail"] == answer.body["errors"][0]["message"]
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"start": None}, "start", "Start DateTime is required."),
        ({"start": 5}, "start", "Invalid datetime format for Start or End DateTime."),
        ({"meeting_type": None}, "meeting_type", "Meeting Type is required."),
        ({"customer": None}, "customer.name", "Customer Name is required for external bookings."),
        ({"customer": 5}, "customer", "Field 'customer' is of the wrong type: an object is expected."),
    ],
)
def test_null_is_as_good_as_not_sent(api: Api, change: dict[str, object], field: str, message: str) -> None:
    answer = api.post("/bookings", {**guest_body(api.slots()[0]["start"]), **change})
    assert (answer.status, answer.fields[field]) == (422, message)


def test_optional_fields_may_be_null(api: Api) -> None:
    body = guest_body(api.slots()[0]["start"])
    customer = {"name": "Ada", "email": "ada@customer.example", "phone": None, "notes": None, "timezone": None}
    assert api.post("/bookings", {**body, "end": None, "customer": customer}).status == 201


def test_an_internal_or_inactive_type_is_422_and_an_unknown_one_404(api: Api, cast: Cast) -> None:
    start = api.slots()[0]["start"]
    internal = api.post("/bookings", guest_body(start, meeting_type="internal-planning"))
    assert internal.status == 422
    assert "is not available for public bookings" in internal.body["detail"]
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"is_active": False})
    assert "is not active" in api.book(start).body["detail"]
    assert api.post("/bookings", guest_body(start, meeting_type="nothing")).status == 404


def test_the_same_key_and_body_book_once(api: Api) -> None:
    body = guest_body(api.slots()[0]["start"])
    first = api.post("/bookings", body, Idempotency_Key="k-1")
    again = api.post("/bookings", body, Idempotency_Key="k-1")
    assert first.status == again.status == 201
    assert first.body == again.body
    assert Booking.objects.count() == 1
    other = api.post("/bookings", {**body, "start": api.slots()[3]["start"]}, Idempotency_Key="k-1")
    assert other.status == 422
    assert "Idempotency-Key" in other.fields


def test_a_repeat_gets_its_answer_at_the_limit_too(api: Api) -> None:
    stay_within_the_hour()
    body = guest_body(api.slots()[0]["start"])
    with override_settings(GUEST_BOOKINGS_PER_HOUR=1):
        assert api.post("/bookings", body, Idempotency_Key="k-1").status == 201
        assert api.post("/bookings", body, Idempotency_Key="k-1").status == 201
        assert api.post("/bookings", body, Idempotency_Key="k-2").status == 429


def test_the_link_is_not_stored_with_the_answer(api: Api) -> None:
    from meeting_manager.web.models import IdempotencyKey

    made = api.post("/bookings", guest_body(api.slots()[0]["start"]), Idempotency_Key="k-1")
    token = made.body["manage_url"].partition("token=")[2]
    assert token not in str(IdempotencyKey.objects.get().response)


def test_a_bare_reference_shows_status_time_and_type_only(api: Api) -> None:
    made = api.book().body
    shown = api.get(f"/bookings/{made['booking_reference']}").body
    assert shown["booking_status"] == "Confirmed"
    assert shown["start_datetime"] == made["start_datetime"]
    assert shown["meeting_type"] == "MM-MT-support-30-min-call"
    assert "Ada" not in str(shown)
    assert "Sarah" not in str(shown)


def test_token_or_email_show_the_whole_booking(api: Api) -> None:
    made = api.book().body
    token = made["manage_url"].partition("token=")[2]
    for proof in (f"token={token}", "email=ADA@customer.example"):
        shown = api.get(f"/bookings/{made['booking_reference'].lower()}?{proof}").body
        assert shown["customer_name"] == "Ada Muster"
        assert shown["manage_url"] == made["manage_url"]


@pytest.mark.parametrize("proof", ["token=wrong", "email=ben@customer.example", "email=%F0%9F%98%80", "token=%C3%A4"])
def test_a_wrong_proof_is_not_found(api: Api, proof: str) -> None:
    reference = api.book().body["booking_reference"]
    assert api.get(f"/bookings/{reference}?{proof}").status == 404
    assert api.post(f"/bookings/{reference}/cancel?{proof}").status == 404


def test_cancelling_needs_a_proof(api: Api) -> None:
    made = api.book().body
    assert api.post(f"/bookings/{made['booking_reference']}/cancel", {"reason": "x"}).status == 401
    body = {"reason": "Ill", "email": "ada@customer.example"}
    done = api.post(f"/bookings/{made['booking_reference']}/cancel", body)
    assert done.status == 200
    assert done.body["booking_status"] == "Cancelled"
    assert done.body["cancellation_reason"] == "Ill"
    assert done.body["cancelled_at"]
    again = api.post(f"/bookings/{made['booking_reference']}/cancel", {**body, "nonsense": 1})
    assert again.status == 409
    assert again.body["detail"] == "Cannot change booking status from 'Cancelled' to 'Cancelled'."


def test_cancelling_without_a_reason_warns(api: Api) -> None:
    made = api.book().body
    token = made["manage_url"].partition("token=")[2]
    done = api.post(f"/bookings/{made['booking_reference']}/cancel?token={token}").body
    assert done["warnings"] == ["Cancellation Reason is recommended when cancelling a booking."]


def test_a_move_makes_a_new_booking_to_which_the_old_reference_leads(api: Api) -> None:
    made = api.book().body
    later = api.slots()[5]["start"]
    old = f"/bookings/{made['booking_reference']}"
    moved = api.post(f"{old}/reschedule", {"start": later, "email": "ada@customer.example"})
    assert moved.status == 200
    new = moved.body
    assert new["start_datetime"] == later
    assert new["rescheduled_from"] == made["name"]
    assert new["booking_reference"] != made["booking_reference"]
    shown = api.get(f"{old}?email=ada@customer.example").body
    assert (shown["booking_status"], shown["rescheduled_to"]) == ("Rescheduled", new["name"])
    assert shown["rescheduled_to_reference"] == new["booking_reference"]
    assert shown["manage_url"] == new["manage_url"]
    assert api.get(old).body["rescheduled_to_reference"] == new["booking_reference"]
    assert api.post(f"{old}/reschedule", {"email": "ada@customer.example"}).status == 409


def test_moving_without_a_start_is_422_and_to_a_taken_one_409(api: Api, cast: Cast) -> None:
    slots = api.slots("executive-consultation", "sales")
    bodies = [
        guest_body(slot["start"], department="sales", meeting_type="executive-consultation") for slot in slots[:2]
    ]
    first, _ = (api.post("/bookings", body).body for body in bodies)
    path = f"/bookings/{first['booking_reference']}/reschedule?email=ada@customer.example"
    assert api.post(path).fields == {"start": "Start DateTime is required."}
    taken = api.post(path, {"start": slots[1]["start"]})
    assert taken.status == 409
    assert taken.body["alternatives"]


def test_guests_cannot_move_by_staffs_means(api: Api) -> None:
    made = api.book().body
    path = f"/bookings/{made['booking_reference']}/reschedule?email=ada@customer.example"
    assert "force_reason" in api.post(path, {"start": api.slots()[5]["start"], "force_reason": "please"}).fields


def test_document_names_are_for_staff(api: Api) -> None:
    made = api.book().body
    assert api.get(f"/bookings/{made['name']}").status == 401
    assert api.post(f"/bookings/{made['name']}/cancel").status == 401


def test_unknown_references_count_as_misses_until_look_ups_pause(api: Api) -> None:
    stay_within_the_hour()
    made = api.book().body
    reference, token = made["booking_reference"], made["manage_url"].partition("token=")[2]
    with override_settings(GUEST_MISSES_PER_HOUR=2):
        assert api.get("/bookings/BK-NOTTHERE").status == 404
        assert api.get(f"/bookings/{reference}?token=wrong").status == 404
        paused = api.get(f"/bookings/{reference}")
        assert paused.status == 429
        assert int(paused.headers["Retry-After"]) > 0
        assert api.get(f"/bookings/{reference}?token={token}").status == 200


def test_look_ups_without_a_token_are_limited_by_address(api: Api) -> None:
    stay_within_the_hour()
    made = api.book().body
    reference, token = made["booking_reference"], made["manage_url"].partition("token=")[2]
    with override_settings(GUEST_LOOKUPS_PER_HOUR=1):
        assert api.get(f"/bookings/{reference}").status == 200
        assert api.get(f"/bookings/{reference}?email=ada@customer.example").status == 429
        assert api.get(f"/bookings/{reference}?token={token}").status == 200


def test_bookings_are_limited_by_address_and_refused_ones_do_not_count(api: Api) -> None:
    stay_within_the_hour()
    slots = api.slots()
    with override_settings(GUEST_BOOKINGS_PER_HOUR=1):
        assert api.post("/bookings", guest_body("nonsense")).status == 422
        assert api.book(slots[0]["start"]).status == 201
        limited = api.book(slots[1]["start"])
        assert limited.status == 429
        assert limited.headers["Retry-After"]
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer", "Basic YTpi", "token key:secret", "Bearer ä"])
def test_credentials_that_open_nothing_are_401_everywhere(api: Api, given: str) -> None:
    for path in ("/departments", "/bookings", "/bookings/BK-NOTTHERE", "/slots"):
        answer = api.get(path, Authorization=given)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[1]",
        '"x"',
        "null",
        '{"start": 5}',
        '{"customer": "x"}',
        '{"department": ["x"]}',
        '{"meeting_type": "\\u0000"}',
        '{"customer": {"name": "\\ud800"}}',
        "9" * 5000,
        "[" * 100000,
        '{"a":' * 30 + "1" + "}" * 30,
        b"\xff",
    ],
)
def test_malformed_bodies_are_a_clear_4xx(api: Api, body: str | bytes) -> None:
    assert api("POST", "/bookings", body).status in {400, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/bookings/%00",
        "/bookings/BK-%00",
        "/departments/%00",
        "/slots?department=%00&meeting_type=x",
        "/bookings/" + "9" * 3000,
        "/departments?limit=0",
        "/departments?limit=9999999999999999999",
        "/departments?cursor=%00",
        "/departments?cursor=bnVsbA",
        "/departments?cursor=WyJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTldCg",
    ],
)
def test_strange_addresses_are_a_clear_4xx(api: Api, cast: Cast, path: str) -> None:
    assert api.get(path).status in {404, 422}
    assert api.get(path, by=cast.lead).status in {404, 422}


def test_what_does_not_exist_and_wrong_methods_are_problem_documents(api: Api) -> None:
    assert api.get("/nothing/here").body["status"] == 404
    wrong = api("PUT", "/departments", {})
    assert wrong.status == 405
    assert wrong.body["status"] == 405
    assert "GET" in wrong.headers["Allow"]


def test_reading_changes_nothing(api: Api, cast: Cast) -> None:
    made = api.book().body
    before = Booking.objects.values_list("modified_at", "history_length").get()
    for path in ("/departments", f"/bookings/{made['booking_reference']}?email=ada@customer.example"):
        api.get(path)
    assert Booking.objects.values_list("modified_at", "history_length").get() == before
    cancel(booking=Booking.objects.get(), actor=cast.admin, now=timezone.now())
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"bio": ""})


def test_where_guests_confirm_by_mail_a_request_is_accepted_and_nothing_is_booked(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    answer = api.book(api.slots()[0]["start"])
    assert answer.status == 202
    assert answer.body["status"] == "Confirmation Sent"
    left = moment(answer.body["expires_at"]) - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    assert not Booking.objects.exists()


def test_the_request_comes_once_for_one_key(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    body = guest_body(api.slots()[0]["start"])
    first, second = (api.post("/bookings", body, Idempotency_Key="k") for _ in range(2))
    assert (first.status, second.status) == (202, 202)
    assert first.body == second.body
    assert BookingRequest.objects.count() == 1


def test_what_is_wrong_with_a_request_is_said_before_a_mail_is_sent(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    start = api.slots()[0]["start"]
    refused = api.post("/bookings", {**guest_body(start), "customer": {"name": "Ada", "email": "ada@"}})
    assert (refused.status, set(refused.fields)) == (422, {"customer.email"})
    odd = (moment(start) + timedelta(minutes=7)).isoformat()
    taken = api.post("/bookings", guest_body(odd))
    assert taken.status == 409
    assert len(taken.body["alternatives"]) == 3
    assert not BookingRequest.objects.exists()


def test_requests_count_toward_the_limit(api: Api, cast: Cast) -> None:
    stay_within_the_hour()
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    starts = [slot["start"] for slot in api.slots()[:3]]
    with override_settings(GUEST_BOOKINGS_PER_HOUR=2):
        assert [api.book(start).status for start in starts] == [202, 202, 429]


def test_guests_of_the_api_are_given_no_puzzles(api: Api) -> None:
    stay_within_the_hour()
    starts = [slot["start"] for slot in api.slots()[:3]]
    with override_settings(GUEST_BOOKINGS_PER_HOUR=2, GUEST_PROOF_OF_WORK=16, GUEST_FORM_SECONDS=2):
        assert [api.book(start).status for start in starts] == [201, 201, 429]


def test_staff_book_at_once_though_guests_confirm_by_mail(api: Api, cast: Cast) -> None:
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    assert api.post("/bookings", guest_body(api.slots()[0]["start"]), by=cast.lead).status == 201


def test_guests_see_which_types_they_confirm_by_mail(api: Api, cast: Cast) -> None:
    assert api.get("/departments/support/meeting-types").body["results"][0]["confirm_email"] is False
    path = "/meeting-types/MM-MT-support-30-min-call"
    assert api.patch(path, {"confirm_email": True}, by=cast.lead).body["confirm_email"] is True
    assert api.get("/departments/support/meeting-types").body["results"][0]["confirm_email"] is True
