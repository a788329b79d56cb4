"""What staff do with bookings over REST."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.services import edit_department
from tests.api.caller import Api, Reply, guest_body, moment
from tests.cast import Cast

Queries = Callable[[int], Any]


def consultation(api: Api, slot: int = 0) -> dict[str, Any]:
    start = api.slots("executive-consultation", "sales")[slot]["start"]
    body = guest_body(start, department="sales", meeting_type="executive-consultation")
    made: dict[str, Any] = api.post("/bookings", body).body
    return made


def past(made: dict[str, Any]) -> str:
    """The address of a booking that began yesterday."""
    day = timedelta(days=1)
    begins = timezone.now().replace(microsecond=0) - day
    Booking.objects.filter(name=made["name"]).update(start_datetime=begins, end_datetime=begins + day / 48)
    return f"/bookings/{made['name']}"


def internal_body(start: str, **more: object) -> dict[str, object]:
    hosts = [{"user": "sarah@bestsecurity.example", "is_primary_host": 1}, {"user": "mike@bestsecurity.example"}]
    body = {"department": "support", "meeting_type": "internal-planning", "start": start, "is_internal": True}
    return {**body, "assigned_users": hosts, **more}


def names(answer: Reply) -> list[str]:
    return [one["name"] for one in answer.body["results"]]


def test_everybody_lists_what_they_may_see(api: Api, cast: Cast) -> None:
    sarahs, mikes, sales = api.book().body, api.book().body, consultation(api)
    assert sorted(names(api.get("/bookings", by=cast.admin))) == sorted([sarahs["name"], mikes["name"], sales["name"]])
    assert sorted(names(api.get("/bookings", by=cast.lead))) == sorted([sarahs["name"], mikes["name"]])
    assert names(api.get("/bookings", by=cast.mike)) == [mikes["name"]]
    assert api.get("/bookings").status == 401


def test_a_list_costs_the_same_for_one_booking_and_for_three(api: Api, cast: Cast) -> None:
    api.token(cast.admin)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            api.book()
        with CaptureQueriesContext(connection) as queries:
            api.get("/bookings", by=cast.admin)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 7


@pytest.mark.parametrize("path", ["/departments", "/departments/support/meeting-types", "/users"])
def test_other_lists_cost_the_same_for_any_length(
    api: Api, cast: Cast, path: str, django_assert_max_num_queries: Queries
) -> None:
    api.token(cast.lead)
    with django_assert_max_num_queries(7):
        api.get(path, by=cast.lead)


def test_pages_go_on_where_the_last_ended_without_gap_or_repeat(api: Api, cast: Cast) -> None:
    slots = api.slots()
    made = [api.book(slots[number // 2]["start"]).body["name"] for number in range(5)]
    found: list[str] = []
    path = "/bookings?limit=2"
    for _ in range(3):
        answer = api.get(path, by=cast.admin)
        found += names(answer)
        path = f"/bookings?limit=2&cursor={answer.body['next_cursor']}"
    assert found == made
    assert answer.body["next_cursor"] is None


def test_filters_narrow_the_list(api: Api, cast: Cast) -> None:
    slots = api.slots()
    first = api.book(slots[0]["start"]).body
    second = api.book(slots[20]["start"], email="ben@customer.example").body
    waiting = consultation(api, 30)
    day = second["start_datetime"][:10]
    expected = {
        "department=sales": [waiting],
        "department=MM-DEPT-support&customer=BEN@customer.example": [second],
        "meeting_type=MM-MT-sales-executive-consultation": [waiting],
        "member=mike@bestsecurity.example": [second],
        "status=Pending": [waiting],
        "status=Pending&status=Confirmed&department=support": [first, second],
        f"from={day}&to={day}&department=support": [second] if day != first["start_datetime"][:10] else [first, second],
        f"q={first['booking_reference'][3:]}": [first],
        "q=executive": [waiting],
        "is_internal=true": [],
        "approval_status=Pending": [waiting],
        "q=%25": [],
    }
    for query, wanted in expected.items():
        assert names(api.get(f"/bookings?{query}", by=cast.admin)) == [one["name"] for one in wanted], query


@pytest.mark.parametrize(
    "query",
    ["status=Maybe", "from=soon", "to=2026-02-30", "is_internal=perhaps", "approval_status=x", "limit=201", "cursor=x"],
)
def test_filters_that_mean_nothing_are_refused_by_name(api: Api, cast: Cast, query: str) -> None:
    answer = api.get(f"/bookings?{query}", by=cast.admin)
    assert answer.status == 422
    assert query.partition("=")[0] in answer.fields


def test_a_leader_books_for_a_customer_with_a_named_host(api: Api, cast: Cast) -> None:
    body = guest_body(api.slots()[0]["start"], host="jane@bestsecurity.example", meeting_title="Set-up")
    body["participants"] = [{"user": "mike@bestsecurity.example"}]
    made = api.post("/bookings", body, by=cast.lead)
    assert made.status == 201
    assert made.body["booking_source"] == "API Integration"
    assert made.body["assigned_users"][0]["user"] == "jane@bestsecurity.example"
    assert made.body["assignment_method"] == "Manual"
    assert [one["email"] for one in made.body["participants"]] == ["ada@customer.example", "mike@bestsecurity.example"]
    assert made.headers["Location"] == f"/api/v1/bookings/{made.body['name']}"


def test_a_busy_host_is_named_to_staff_with_the_reason(api: Api, cast: Cast) -> None:
    start = api.slots()[0]["start"]
    body = guest_body(start, host="jane@bestsecurity.example")
    api.post("/bookings", body, by=cast.lead)
    taken = api.post("/bookings", body, by=cast.lead)
    assert taken.status == 409
    assert "User 'jane@bestsecurity.example' is not available at the selected time:" in taken.body["detail"]
    assert taken.body["alternatives"]


def test_a_leader_may_force_a_time_outside_hours(api: Api, cast: Cast) -> None:
    start = moment(api.slots()[0]["start"]).replace(hour=20)
    body = guest_body(start.isoformat(), host="jane@bestsecurity.example")
    assert api.post("/bookings", body, by=cast.lead).status == 409
    forced = api.post("/bookings", {**body, "force_reason": "The customer is in Japan"}, by=cast.lead)
    assert forced.status == 201


def test_members_book_for_themselves_only_where_the_department_lets_them(api: Api, cast: Cast) -> None:
    body = guest_body(api.slots()[0]["start"])
    assert api.post("/bookings", body, by=cast.mike).status == 403
    edit_department(actor=cast.admin, department=cast.support, changes={"members_may_book": True})
    assert api.post("/bookings", {**body, "host": "sarah@bestsecurity.example"}, by=cast.mike).status == 403
    made = api.post("/bookings", body, by=cast.mike)
    assert made.body["assigned_users"][0]["user"] == "mike@bestsecurity.example"
    assert made.body["manage_url"] is None


def test_internal_meetings_have_all_their_hosts(api: Api, cast: Cast) -> None:
    start = api.slots()[0]["start"]
    made = api.post(
        "/bookings", internal_body(start, participants=[{"user": "jane@bestsecurity.example"}]), by=cast.lead
    )
    assert made.status == 201
    assert made.body["booking_status"] == "Confirmed"
    assert [one["is_primary_host"] for one in made.body["assigned_users"]] == [True, False]
    assert made.body["participants"][0]["participant_type"] == "Internal"
    assert api.post("/bookings", internal_body(start), by=cast.sarah).status == 403


@pytest.mark.parametrize(
    ("hosts", "message"),
    [
        ([], "At least one user must be assigned to this booking."),
        ([{"user": "mike@bestsecurity.example"}], "At least one assigned user must be marked as Primary Host."),
        ([{"user": "no@body.example", "is_primary_host": True}], "User 'no@body.example' does not exist."),
    ],
)
def test_internal_meetings_without_proper_hosts_are_refused(
    api: Api, cast: Cast, hosts: list[object], message: str
) -> None:
    answer = api.post("/bookings", internal_body(api.slots()[0]["start"], assigned_users=hosts), by=cast.lead)
    assert answer.fields == {"assigned_users": message}


def test_the_keys_of_two_users_do_not_meet(api: Api, cast: Cast) -> None:
    body = guest_body(api.slots()[0]["start"])
    first = api.post("/bookings", body, by=cast.lead, Idempotency_Key="k")
    again = api.post("/bookings", body, by=cast.lead, Idempotency_Key="k")
    other = api.post("/bookings", body, by=cast.admin, Idempotency_Key="k")
    assert first.body == again.body
    assert other.body["name"] != first.body["name"]


def test_staff_reach_a_booking_by_name_and_by_reference(api: Api, cast: Cast) -> None:
    made = api.book().body
    by_name = api.get(f"/bookings/{made['name']}", by=cast.sarah).body
    assert by_name == api.get(f"/bookings/{made['booking_reference']}", by=cast.sarah).body
    assert by_name["customer_email"] == "ada@customer.example"
    assert by_name["assignment_receipt"] is None
    assert api.get(f"/bookings/{made['name']}", by=cast.lead).body["assignment_receipt"]
    assert api.get(f"/bookings/{made['booking_reference']}/history", by=cast.sarah).status == 200
    assert api.patch(f"/bookings/{made['booking_reference']}", {"meeting_title": "New"}, by=cast.sarah).status == 200
    for key in (made["name"], made["booking_reference"]):
        assert api.get(f"/bookings/{key}", by=cast.mike).status == 404


def test_editing_takes_the_editable_fields_and_names_the_others(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}"
    edited = api.patch(path, {"meeting_title": "New", "customer_phone": "+1 555 123 4567"}, by=cast.sarah)
    assert edited.body["meeting_title"] == "New"
    refused = api.patch(path, {"booking_status": "Completed", "name": "x", "duration": 5}, by=cast.sarah)
    assert refused.status == 422
    assert set(refused.fields) == {"booking_status", "name", "duration"}
    assert api.patch(path, {"meeting_title": 5}, by=cast.sarah).fields == {
        "meeting_title": "Field 'meeting_title' must be text."
    }
    api.post(f"{path}/cancel", by=cast.sarah)
    assert api.patch(path, {"name": "x"}, by=cast.sarah).status == 409


def test_approving(api: Api, cast: Cast) -> None:
    path = f"/bookings/{consultation(api)['name']}"
    assert api.post(f"{path}/approve", by=cast.outsider).status == 403
    done = api.post(f"{path}/approve", {"comment": "Fine"}, by=cast.admin).body
    assert (done["booking_status"], done["approval_status"]) == ("Confirmed", "Approved")
    assert done["approved_by"] == "admin@bestsecurity.example"
    again = api.post(f"{path}/approve", {"nonsense": 1}, by=cast.admin)
    assert (again.status, again.body["detail"]) == (409, "Booking already Approved.")
    unneeded = api.post(f"/bookings/{api.book().body['name']}/approve", by=cast.lead)
    assert (unneeded.status, unneeded.body["detail"]) == (409, "This booking does not require approval.")


def test_rejecting_needs_a_reason(api: Api, cast: Cast) -> None:
    path = f"/bookings/{consultation(api)['name']}/reject"
    assert api.post(path, by=cast.admin).fields == {"reason": "Rejection Reason is required when rejecting a booking."}
    done = api.post(path, {"reason": "Full"}, by=cast.admin).body
    assert (done["booking_status"], done["rejection_reason"]) == ("Cancelled", "Full")


def test_moving_by_staff_may_name_a_host(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}"
    start = api.slots()[4]["start"]
    assert (
        api.post(f"{path}/reschedule", {"start": start, "host": "mike@bestsecurity.example"}, by=cast.sarah).status
        == 403
    )
    moved = api.post(f"{path}/reschedule", {"start": start, "host": "mike@bestsecurity.example"}, by=cast.lead).body
    assert moved["assigned_users"][0]["user"] == "mike@bestsecurity.example"
    assert f"/bookings/{moved['rescheduled_from']}" == path
    old = api.get(path, by=cast.lead).body
    assert (old["booking_status"], old["rescheduled_to"]) == ("Rescheduled", moved["name"])


def test_reassigning(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}/reassign"
    assert api.post(path, {}, by=cast.lead).fields == {"new_user": "New User is required."}
    assert "new_user" in api.post(path, {"new_user": "no@body.example"}, by=cast.lead).fields
    assert "new_user" in api.post(path, {"new_user": "sarah@bestsecurity.example"}, by=cast.lead).fields
    done = api.post(path, {"new_user": "mike@bestsecurity.example", "reason": "Ill"}, by=cast.lead).body
    assert done["assigned_users"][0]["user"] == "mike@bestsecurity.example"


def test_completed_and_no_show_only_after_the_start(api: Api, cast: Cast) -> None:
    made = api.book().body
    early = api.post(f"/bookings/{made['name']}/complete", by=cast.sarah)
    assert early.status == 422
    assert "Cannot mark a future booking as 'Completed'." in early.body["detail"]
    path = past(made)
    assert api.post(f"{path}/complete", {"notes": "Good"}, by=cast.sarah).body["booking_status"] == "Completed"
    assert api.post(f"{path}/no-show", by=cast.sarah).body["booking_status"] == "No-Show"
    assert api.post(f"{path}/no-show", by=cast.sarah).status == 409


def test_both_histories_tell_what_happened(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}"
    api.post(f"{path}/reassign", {"new_user": "mike@bestsecurity.example"}, by=cast.lead)
    told = api.get(f"{path}/history", by=cast.lead).body
    assert [one["event_type"] for one in told["booking_history"]] == ["Created", "Confirmed", "Assignment Changed"]
    assert [one["action_type"] for one in told["assignment_history"]] == [
        "Assigned",
        "Unassigned",
        "Assigned",
        "Primary Changed",
    ]
    assert told["assignment_history"][1]["action_by"] == "lead@bestsecurity.example"


def test_participants_come_answer_and_go(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}/participants"
    guest = {"participants": [{"name1": "Ben", "email": "Ben@customer.example"}]}
    assert len(api.post(path, guest, by=cast.sarah).body["participants"]) == 2
    assert api.post(path, guest, by=cast.sarah).status == 422
    answered = api.post(f"{path}/ben@customer.example/respond", {"response_status": "Accepted"}, by=cast.sarah).body
    assert answered["response_status"] == "Accepted"
    assert len(api.delete(f"{path}/ben@customer.example", by=cast.sarah).body["participants"]) == 1
    assert api.delete(f"{path}/ben@customer.example", by=cast.sarah).status == 404
    assert api.delete(f"{path}/ada@customer.example", by=cast.sarah).status == 422


def test_only_system_managers_delete(api: Api, cast: Cast) -> None:
    path = f"/bookings/{api.book().body['name']}"
    assert api.delete(path, by=cast.lead).status == 403
    assert api.delete(path, by=cast.admin).status == 204
    assert api.get(path, by=cast.admin).status == 404


def test_availability_is_explained_to_staff(api: Api, cast: Cast) -> None:
    made = api.book().body
    start = made["start_datetime"].replace("+", "%2B")
    path = f"/availability/explain?department=support&meeting_type=30-min-call&start={start}"
    told = {one["user"]: one for one in api.get(path, by=cast.mike).body["results"]}
    assert told["mike@bestsecurity.example"]["is_available"]
    assert [one["code"] for one in told["sarah@bestsecurity.example"]["refusals"]] == ["clash"]
    one = api.get(f"{path}&member=sarah@bestsecurity.example&end=2020-01-01T00:00", by=cast.mike)
    assert one.fields == {"end": "End DateTime must be after Start DateTime."}
    assert api.get(path, by=cast.outsider).status == 403
    assert api.get(path).status == 401
    strange = path.replace(start, "9999-12-31T23:59:59Z")
    assert api.get(strange, by=cast.mike).status == 422


def test_figures_count_what_the_leader_leads(api: Api, cast: Cast) -> None:
    first, second = api.book().body, api.book().body
    consultation(api)
    api.post(f"{past(first)}/no-show", by=cast.lead)
    api.post(f"{past(second)}/complete", by=cast.lead)
    told = api.get("/analytics", by=cast.lead).body
    assert told["total"] == 2
    assert (told["by_status"]["No-Show"], told["by_status"]["Completed"]) == (1, 1)
    assert told["no_show_rate"] == 0.5
    assert told["cancellation_rate"] == 0
    assert told["by_member"] == {"mike@bestsecurity.example": 1, "sarah@bestsecurity.example": 1}
    assert api.get("/analytics", by=cast.admin).body["total"] == 3
    assert api.get("/analytics?from=2030-01-01", by=cast.admin).body["no_show_rate"] is None
    assert api.get("/analytics", by=cast.mike).status == 403
    assert api.get("/analytics?department=support&to=9999-12-31", by=cast.lead).status == 422


def test_anybody_in_the_house_may_be_invited_to_an_internal_meeting(api: Api, cast: Cast) -> None:
    start = api.slots()[0]["start"]
    body = {
        "department": "support",
        "meeting_type": "internal-planning",
        "is_internal": True,
        "start": start,
        "assigned_users": [{"user": cast.sarah.email, "is_primary_host": True}],
        "participants": [{"participant_type": "Internal", "user": cast.outsider.email}],
    }
    made = api.post("/bookings", body, by=cast.lead)
    assert made.status == 201
    path = f"/bookings/{made.body['name']}/participants/{cast.outsider.email}/respond"
    assert api.post(path, {"response_status": "Accepted"}, by=cast.outsider).body["response_status"] == "Accepted"
    nobody = {**body, "participants": [{"participant_type": "Internal", "user": "system@localhost"}]}
    refused = api.post("/bookings", nobody, by=cast.lead)
    assert refused.fields == {"participants": "User 'system@localhost' does not exist."}


def test_staff_book_a_customer_with_the_founding_assigned_users(api: Api, cast: Cast) -> None:
    start = api.slots()[0]["start"]
    body = {
        "department": "support",
        "meeting_type": "30-min-call",
        "start": start,
        "customer": {"name": "Ada", "email": "ada@customer.example"},
        "assigned_users": [{"user": cast.jane.email, "is_primary_host": 1}],
    }
    made = api.post("/bookings", body, by=cast.lead)
    assert [host["user"] for host in made.body["assigned_users"]] == ["jane@bestsecurity.example"]
    taken = api.post("/bookings", body, by=cast.lead)
    assert taken.status == 409
    assert start not in [near["start"] for near in taken.body["alternatives"]]
