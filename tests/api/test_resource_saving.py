"""Documents made, saved and deleted in Frappe's form, each role with its own rights."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.departments.services import edit_department
from meeting_manager.people.models import User
from tests.api.caller import Api, Reply
from tests.api.documents import resource, told
from tests.cast import Cast

BOOKING = "MM Meeting Booking"


def naive(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def wish(api: Api, slot: int = 0) -> dict[str, Any]:
    offered = api.slots()[slot]
    return {
        "doctype": BOOKING,
        "meeting_type": "MM-MT-support-30-min-call",
        "start_datetime": naive(offered["start"]),
        "end_datetime": naive(offered["end"]),
        "customer_name": "John Doe",
        "customer_email": "john@customer.example",
        "assigned_users": [{"user": "sarah@bestsecurity.example", "is_primary_host": 1}],
    }


def saved(answer: Reply) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    document: dict[str, Any] = answer.body["data"]
    return document


def make(api: Api, by: User) -> dict[str, Any]:
    return saved(resource(api, "POST", BOOKING, wish(api), by=by))


def put(api: Api, document: dict[str, Any], by: User, **changes: object) -> Reply:
    """The whole document sent back with changes, as clients do."""
    return resource(api, "PUT", f"{document['doctype']}/{document['name']}", {**document, **changes}, by=by)


def test_a_leader_books_for_a_customer_with_a_host_of_their_choice(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    assert made["booking_status"] == "Confirmed"
    assert [row["user"] for row in made["assigned_users"]] == [cast.sarah.email]
    assert made["assigned_users"][0]["doctype"] == "MM Meeting Booking Assigned User"
    assert made["booking_history"][0]["event_type"] == "Created"
    assert made["owner"] == cast.lead.email


def test_members_book_only_where_their_department_lets_them(api: Api, cast: Cast) -> None:
    assert resource(api, "POST", BOOKING, wish(api), by=cast.sarah).status == 403
    edit_department(actor=cast.admin, department=cast.support, changes={"members_may_book": True})
    assert resource(api, "POST", BOOKING, wish(api), by=cast.sarah).status == 200


def test_an_internal_meeting_is_made_with_its_participants(api: Api, cast: Cast) -> None:
    start = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)
    given = {
        "meeting_type": "MM-MT-support-internal-planning",
        "is_internal": 1,
        "meeting_title": "Plans",
        "start_datetime": start.strftime("%Y-%m-%d %H:%M:%S"),
        "end_datetime": (start + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"),
        "assigned_users": [{"user": cast.sarah.email, "is_primary_host": 1}],
        "participants": [{"participant_type": "Internal", "user": cast.mike.email}],
        "force_reason": "a test at any hour",
    }
    made = saved(resource(api, "POST", BOOKING, given, by=cast.lead))
    assert made["meeting_title"] == "Plans"
    assert cast.mike.email in [row["email"] for row in made["participants"]]


def test_what_is_wrong_with_a_new_booking_is_said_in_the_services_words(api: Api, cast: Cast) -> None:
    for change, message in (
        ({"customer_email": ""}, "Customer Email is required for external bookings."),
        ({"meeting_type": ""}, "Meeting Type is required."),
        ({"start_datetime": ""}, "Start DateTime is required."),
        ({"booking_reference": "BK-12345678"}, "Field 'booking_reference' cannot be set here. Please leave it out."),
    ):
        answer = resource(api, "POST", BOOKING, wish(api) | change, by=cast.lead)
        assert (answer.status, answer.body["exc_type"]) == (417, "ValidationError")
        assert message in told(answer)
    unknown = resource(api, "POST", BOOKING, wish(api) | {"meeting_type": "MM-MT-none"}, by=cast.lead)
    assert unknown.status == 404


def test_a_document_sent_back_as_it_was_changes_nothing(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    assert saved(put(api, made, cast.lead)) == made


def test_a_document_that_others_changed_meanwhile_is_not_overwritten(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    old = {**made, "modified": "2020-01-01 00:00:00"}
    assert told(put(api, old, cast.lead, customer_notes="late"))[0].endswith("Please read it again.")
    assert Booking.objects.get().customer_notes == ""


def test_texts_answers_and_participants_are_edited(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    people = [*made["participants"], {"name1": "Eve", "email": "eve@customer.example"}]
    changed = saved(put(api, made, cast.sarah, customer_notes="by post", participants=people))
    assert changed["customer_notes"] == "by post"
    assert "eve@customer.example" in [row["email"] for row in changed["participants"]]
    left = [row for row in changed["participants"] if row["email"] != "eve@customer.example"]
    again = saved(put(api, changed, cast.sarah, participants=left))
    assert "eve@customer.example" not in [row["email"] for row in again["participants"]]


def test_another_host_in_the_table_is_a_reassignment(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    table = [{"user": cast.mike.email, "is_primary_host": 1}]
    assert put(api, made, cast.sarah, assigned_users=table).status == 403
    changed = saved(put(api, made, cast.lead, assigned_users=table))
    assert [row["user"] for row in changed["assigned_users"]] == [cast.mike.email]
    assert [row["action_type"] for row in changed["assignment_history"]][-1] == "Primary Changed"
    both = [*table, {"user": cast.jane.email}, {"user": cast.lead.email}]
    assert told(put(api, changed, cast.lead, assigned_users=both)) == [
        "One host can be replaced by one other at a time."
    ]


def test_another_time_is_a_move_to_a_new_booking(api: Api, cast: Cast) -> None:
    made, other = make(api, cast.lead), api.slots()[4]
    moved = saved(put(api, made, cast.lead, start_datetime=naive(other["start"]), end_datetime=naive(other["end"])))
    assert moved["rescheduled_from"] == made["name"]
    assert moved["start_datetime"] == naive(other["start"])


def test_a_new_status_cancels_decides_or_concludes(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    early = put(api, made, cast.lead, booking_status="Completed")
    assert (early.status, early.body["exc_type"]) == (417, "ValidationError")
    nonsense = put(api, made, cast.lead, booking_status="Lost")
    assert "cannot be set to 'Lost'" in told(nonsense)[0]
    cancelled = saved(put(api, made, cast.sarah, booking_status="Cancelled", cancellation_reason="ill"))
    assert (cancelled["booking_status"], cancelled["cancellation_reason"]) == ("Cancelled", "ill")
    assert put(api, cancelled, cast.sarah, booking_status="Confirmed").status == 403
    assert put(api, cancelled, cast.lead, booking_status="Confirmed").status == 417


def test_a_booking_that_awaits_approval_is_approved_by_its_status(api: Api, cast: Cast) -> None:
    slot = api.slots("executive-consultation", "sales")[0]
    reference = api.post(
        "/bookings",
        {
            "department": "sales",
            "meeting_type": "executive-consultation",
            "start": slot["start"],
            "customer": {"name": "Ada", "email": "ada@customer.example", "phone": "+49 30 901820"},
        },
    ).body["booking_reference"]
    name = Booking.objects.get(booking_reference=reference).name
    document = saved(resource(api, "GET", f"{BOOKING}/{name}", by=cast.admin))
    assert put(api, document, cast.outsider, approval_status="Approved").status == 403
    approved = saved(put(api, document, cast.admin, approval_status="Approved"))
    assert (approved["booking_status"], approved["approved_by"]) == ("Confirmed", cast.admin.email)


def test_what_the_system_keeps_of_a_booking_is_refused_and_all_is_undone(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    for field in ("booking_reference", "created_by", "duration", "link_version", "history_head", "manage_url"):
        answer = put(api, made, cast.lead, customer_notes="new", **{field: "99"})
        assert (answer.status, told(answer)[0].startswith(f"Field '{field}' of a booking")) == (417, True)
    half = put(api, made, cast.lead, customer_notes="new", booking_status="Completed")
    assert half.status == 417
    assert Booking.objects.get().customer_notes == ""


def test_only_system_managers_delete_bookings(api: Api, cast: Cast) -> None:
    made = make(api, cast.lead)
    path = f"{BOOKING}/{made['name']}"
    statuses = [resource(api, "DELETE", path, by=user).status for user in (cast.outsider, cast.sarah, cast.lead)]
    assert statuses == [404, 403, 403]
    gone = resource(api, "DELETE", path, by=cast.admin)
    assert (gone.status, gone.body) == (202, {"data": "ok"})
    assert not Booking.objects.exists()


def test_departments_are_set_up_with_their_members_in_the_table(api: Api, cast: Cast) -> None:
    given = {"department_name": "Care", "members": [{"member": cast.mike.email}, {"member": cast.jane.email}]}
    assert resource(api, "POST", "MM Department", given, by=cast.lead).status == 403
    made = saved(resource(api, "POST", "MM Department", given, by=cast.admin))
    assert made["name"] == "MM-DEPT-care"
    rows = [{**made["members"][1], "assignment_priority": 5}, {"member": cast.sarah.email}]
    changed = saved(put(api, made, cast.admin, members=rows, department_leader=cast.sarah.email))
    shown = [(row["member"], row["assignment_priority"]) for row in changed["members"]]
    assert shown == [(cast.jane.email, 5), (cast.sarah.email, 1)]
    assert changed["department_leader"] == cast.sarah.email
    assert put(api, changed, cast.sarah, description="new").status == 403
    assert put(api, changed, cast.sarah, members=changed["members"][::-1]).status == 200
    last = put(api, changed, cast.admin, members=[])
    assert last.status == 417
    assert resource(api, "DELETE", "MM Department/MM-DEPT-care", by=cast.admin).status == 202
    assert resource(api, "DELETE", "MM Department/MM-DEPT-support", by=cast.admin).status == 417
    assert Department.objects.filter(name="MM-DEPT-support").exists()


def test_meeting_types_are_set_up_with_reminders_and_questions(api: Api, cast: Cast) -> None:
    given = {
        "department": "MM-DEPT-support",
        "meeting_name": "Tour",
        "location_type": "Phone Call",
        "reminders": [{"hours_before_meeting": 24}],
        "questions": [{"label": "How many come?", "is_required": 1}],
    }
    assert resource(api, "POST", "MM Meeting Type", given, by=cast.mike).status == 403
    made = saved(resource(api, "POST", "MM Meeting Type", given, by=cast.lead))
    assert [row["label"] for row in made["questions"]] == ["How many come?"]
    assert put(api, made, cast.mike, duration=45).status == 403
    changed = saved(put(api, made, cast.lead, duration=45, reminders=[]))
    assert (changed["duration"], changed["reminders"], len(changed["questions"])) == (45, [], 1)
    refused = put(api, changed, cast.lead, duration=9999)
    assert refused.status == 417
    assert resource(api, "DELETE", f"MM Meeting Type/{made['name']}", by=cast.lead).status == 202


def test_availability_is_its_owners_to_change_and_its_leaders_to_read(api: Api, cast: Cast) -> None:
    doctype = "MM User Availability Rule"
    given = {"rule_name": "Mine", "date_overrides": [{"date": "2030-01-01", "reason": "Holiday"}]}
    made = saved(resource(api, "POST", doctype, given, by=cast.sarah))
    more = [*made["date_overrides"], {"date": "2030-01-02", "available": 1, "reason": "Open"}]
    assert put(api, made, cast.lead, rule_name="Hers").status == 403
    assert put(api, made, cast.mike, rule_name="His").status == 404
    changed = saved(put(api, made, cast.sarah, date_overrides=more, buffer_time_after=15))
    assert [row["date"] for row in changed["date_overrides"]] == ["2030-01-01", "2030-01-02"]
    assert changed["buffer_time_after"] == 15
    others = {"rule_name": "Theirs", "user": cast.mike.email}
    assert resource(api, "POST", doctype, others, by=cast.sarah).status == 403
    assert resource(api, "DELETE", f"{doctype}/{made['name']}", by=cast.sarah).status == 202


def test_settings_are_saved_but_neither_made_nor_deleted(api: Api, cast: Cast) -> None:
    from meeting_manager.people.services import edit_settings

    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": "Europe/Berlin"})
    doctype, name = "MM User Settings", f"MM-USER-{cast.sarah.email}"
    found = saved(resource(api, "GET", f"{doctype}/{name}", by=cast.lead))
    assert put(api, found, cast.lead, bio="x").status == 403
    assert saved(put(api, found, cast.sarah, timezone="Europe/Paris"))["timezone"] == "Europe/Paris"
    assert put(api, found, cast.sarah, user=cast.mike.email).status == 417
    assert resource(api, "POST", doctype, {"user": cast.sarah.email}, by=cast.sarah).status == 403
    assert resource(api, "DELETE", f"{doctype}/{name}", by=cast.sarah).status == 403


def test_calendars_are_connected_and_their_events_are_only_read(api: Api, cast: Cast) -> None:
    doctype = "MM Calendar Integration"
    given = {"integration_type": "iCal", "integration_name": "Mine", "ical_url": "https://calendar.example/a.ics"}
    made = saved(resource(api, "POST", doctype, given, by=cast.sarah))
    assert saved(put(api, made, cast.sarah, is_active=0))["is_active"] == 0
    assert put(api, made, cast.sarah, sync_status="Failed").status == 417
    events = resource(api, "POST", "MM Calendar Event Sync", {"event_title": "x"}, by=cast.sarah)
    assert (events.status, told(events)[0].startswith("Documents of MM Calendar Event Sync are kept")) == (403, True)
    assert resource(api, "DELETE", f"{doctype}/{made['name']}", by=cast.mike).status == 404
    assert resource(api, "DELETE", f"{doctype}/{made['name']}", by=cast.sarah).status == 202
