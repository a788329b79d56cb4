"""Documents in Frappe's form: by the rights, rules and services of REST."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.api.frappe.documents.registry import DOCTYPES
from meeting_manager.availability.services import create_rule
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration, record_event
from meeting_manager.people.models import User
from meeting_manager.people.services import edit_settings
from tests.api.caller import Api, Reply
from tests.api.documents import names, resource, told
from tests.cast import Cast

TYPE = "MM-MT-support-30-min-call"
ICAL = {"integration_type": "iCal", "integration_name": "Mine", "ical_url": "https://calendar.example/secret.ics"}


def booked(api: Api, number: int = 1, **more: object) -> list[Booking]:
    slots = api.slots()
    for place in range(number):
        assert api.book(slots[place * 4]["start"], f"ada{place}@customer.example", **more).status == 201
    return list(Booking.objects.order_by("start_datetime"))


def listed(api: Api, doctype: str, by: User, **query: object) -> Reply:
    answer = resource(api, "GET", doctype, by=by, **query)
    assert answer.status == 200, answer.body
    return answer


def get(api: Api, doctype: str, name: str, by: User) -> dict[str, Any]:
    answer = resource(api, "GET", f"{doctype}/{name}", by=by)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.body["data"]
    return found


def record(user: User) -> None:
    """An event in the calendar of a user."""
    start = timezone.now() + timedelta(days=3)
    event = ExternalEvent("event", start, start + timedelta(hours=1), title="Dentist")
    calendar = CalendarIntegration.objects.get(user=user)
    record_event(integration=calendar, event=event, now=timezone.now())


def furnish(user: User) -> None:
    """One of each record that a user has."""
    overrides = [{"date": "2030-01-01", "reason": "Holiday"}]
    create_rule(actor=user, user=user, fields={"rule_name": "Mine"}, date_overrides=overrides)
    edit_settings(actor=user, user=user, changes={"timezone": "Europe/Berlin"})
    create_integration(actor=user, user=user, fields=ICAL, now=timezone.now())


def test_a_list_has_names_alone_unless_it_is_asked_for_more(api: Api, cast: Cast) -> None:
    first, second = booked(api, 2)
    assert listed(api, "MM Meeting Booking", cast.admin, order_by="start_datetime asc").body == {
        "data": [{"name": first.name}, {"name": second.name}]
    }
    fields = ["name", "customer_email", "start_datetime", "is_internal"]
    row = listed(api, "MM Meeting Booking", cast.admin, fields=fields, order_by="start_datetime").body["data"][0]
    assert row == {
        "name": first.name,
        "customer_email": "ada0@customer.example",
        "start_datetime": first.start_datetime.strftime("%Y-%m-%d %H:%M:%S"),
        "is_internal": 0,
    }
    rows = listed(api, "MM Meeting Booking", cast.admin, fields=["name", "duration"], as_dict="0").body["data"]
    assert rows[0] == [first.name, 30]


def test_a_star_lists_every_field_and_a_document_has_no_other(api: Api, cast: Cast) -> None:
    furnish(cast.lead)
    record(cast.lead)
    booked(api)
    for doctype, kind in DOCTYPES.items():
        row = listed(api, doctype, cast.lead, fields=["*"], order_by="name desc").body["data"][0]
        document = get(api, doctype, row["name"], cast.lead)
        assert document.keys() - {"doctype"} == {*kind.fields, *kind.tables, *kind.only_single}
        assert all(document[field] == value for field, value in row.items())
        assert document["doctype"] == doctype


FOUND_BY: tuple[tuple[object, list[int]], ...] = (
    ([["customer_email", "=", "ada0@customer.example"]], [0]),
    ([["MM Meeting Booking", "customer_email", "=", "ada0@customer.example"]], [0]),
    ([["customer_email", "ada0@customer.example"]], [0]),
    (["customer_email", "=", "ada0@customer.example"], [0]),
    ({"customer_email": "ada1@customer.example"}, [1]),
    ({"customer_email": ["!=", "ada1@customer.example"]}, [0, 2]),
    ({"customer_email": ["like", "%ADA2%"]}, [2]),
    ({"customer_email": ["like", "ada%"]}, [0, 1, 2]),
    ({"customer_email": ["not like", "ada%"]}, []),
    ({"customer_email": ["in", ["ada0@customer.example", "ada2@customer.example"]]}, [0, 2]),
    ({"customer_email": ["in", "ada0@customer.example, ada2@customer.example"]}, [0, 2]),
    ({"customer_email": ["not in", ["ada0@customer.example"]]}, [1, 2]),
    ({"approved_by": ["is", "set"]}, []),
    ({"approved_by": ["is", "not set"], "cancellation_reason": ["is", "not set"]}, [0, 1, 2]),
    ({"duration": [">=", 30], "is_internal": 0}, [0, 1, 2]),
    ({"duration": [">", 30]}, []),
    ({"start_datetime": ["between", ["2020-01-01", "2099-01-01"]]}, [0, 1, 2]),
    ({"start_datetime": ["<", "2020-01-01 00:00:00"]}, []),
    ({"department": "MM-DEPT-support", "booking_status": "Confirmed"}, [0, 1, 2]),
)


def test_filters_of_every_form_and_operator(api: Api, cast: Cast) -> None:
    made = [booking.name for booking in booked(api, 3)]
    for filters, found in FOUND_BY:
        answer = listed(api, "MM Meeting Booking", cast.admin, filters=filters, order_by="start_datetime")
        assert names(answer) == [made[place] for place in found], filters


def test_a_day_given_as_a_date_counts_whole(api: Api, cast: Cast) -> None:
    made = booked(api)[0]
    day = made.start_datetime.date().isoformat()
    for filters in ({"start_datetime": ["between", [day, day]]}, {"start_datetime": ["<=", day]}):
        assert names(listed(api, "MM Meeting Booking", cast.admin, filters=filters)) == [made.name]
    assert names(listed(api, "MM Meeting Booking", cast.admin, filters={"start_datetime": [">", day]})) == []


def test_or_filters_order_and_pages(api: Api, cast: Cast) -> None:
    made = [booking.name for booking in booked(api, 3)]
    either = [["customer_email", "like", "ada0%"], ["customer_email", "like", "ada2%"]]
    found = listed(
        api, "MM Meeting Booking", cast.admin, or_filters=either, order_by="`tabMM Meeting Booking`.`creation` desc"
    )
    assert sorted(names(found)) == sorted([made[0], made[2]])
    page = listed(
        api, "MM Meeting Booking", cast.admin, order_by="start_datetime desc", limit_start="1", limit_page_length="1"
    )
    assert names(page) == [made[1]]


REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"filters": {"answers": "x"}}, "MM Meeting Booking cannot be searched or sorted by 'answers'."),
    ({"filters": {"manage_url": ["like", "%a%"]}}, "cannot be searched or sorted by 'manage_url'"),
    ({"filters": {"meeting_type__created_by__password": "x"}}, "cannot be searched or sorted by"),
    ({"filters": [["User", "email", "=", "x"]]}, "Filters can name no other doctype than MM Meeting Booking."),
    ({"filters": {"name": ["regexp", "x"]}}, "Filters know the operators =, !=,"),
    ({"filters": {"duration": "long"}}, "Filter 'duration' compares with a whole number."),
    ({"filters": {"duration": ["like", "3%"]}}, "Field 'duration' is no text"),
    ({"filters": {"name": ["like", "a%b"]}}, "'like' takes % at the beginning and at the end only."),
    ({"filters": {"start_datetime": "soon"}}, "Invalid datetime format for Start or End DateTime."),
    ({"filters": {"name": None}}, "Filter 'name' compares with text of at most 500 characters."),
    ({"filters": "{"}, "Argument 'filters' must be JSON."),
    ({"fields": ["password"]}, "MM Meeting Booking has no field 'password'."),
    ({"fields": ["count(name) as n"]}, "MM Meeting Booking has no field 'count(name) as n'."),
    ({"fields": ["participants"]}, "Field 'participants' is in single documents only."),
    ({"order_by": "link_version desc"}, "cannot be searched or sorted by 'link_version'"),
    ({"limit_page_length": "501"}, "A list has 500 documents at most."),
    ({"limit_start": "-1"}, "Argument 'limit_start' must be a whole number."),
    ({"group_by": "name"}, "Argument 'group_by' is unknown."),
)


def test_what_cannot_be_asked_is_refused_by_name(api: Api, cast: Cast) -> None:
    for query, message in REFUSED:
        answer = resource(api, "GET", "MM Meeting Booking", by=cast.admin, **query)
        assert (answer.status, answer.body["exc_type"]) == (417, "ValidationError"), query
        assert message in told(answer)[0]


def test_guests_get_in_nowhere(api: Api, cast: Cast) -> None:
    for doctype in DOCTYPES:
        for method in ("GET", "POST"):
            answer = resource(api, method, doctype, {})
            assert (answer.status, answer.body["exc_type"]) == (403, "PermissionError")
        assert resource(api, "GET", f"{doctype}/x").status == 403


def test_unknown_doctypes_documents_and_methods(api: Api, cast: Cast) -> None:
    assert resource(api, "GET", "MM Secret", by=cast.admin).body["exc_type"] == "DoesNotExistError"
    assert resource(api, "GET", "MM Meeting Booking/MM-MB-none", by=cast.admin).status == 404
    assert resource(api, "PATCH", "MM Meeting Booking", {}, by=cast.admin).status == 403
    assert resource(api, "TRACE", "MM Meeting Booking", by=cast.admin).status == 403


def test_one_sees_the_bookings_that_one_sees_elsewhere(api: Api, cast: Cast) -> None:
    made = booked(api)[0]
    host = made.assigned_users.get().user
    other = next(user for user in (cast.sarah, cast.mike, cast.jane) if user != host)
    seen = {
        user.email: names(listed(api, "MM Meeting Booking", user)) for user in (cast.lead, host, other, cast.outsider)
    }
    assert seen == {cast.lead.email: [made.name], host.email: [made.name], other.email: [], cast.outsider.email: []}
    assert resource(api, "GET", f"MM Meeting Booking/{made.name}", by=other).status == 404
    assert get(api, "MM Meeting Booking", made.name, cast.lead)["manage_url"]
    assert get(api, "MM Meeting Booking", made.name, host)["manage_url"] is None


def test_filters_tell_nothing_that_the_reader_may_not_see(api: Api, cast: Cast) -> None:
    hidden = {"max_bookings_per_day": [">=", 0]}
    by_name = listed(api, "MM Department", cast.outsider, order_by="name")
    assert names(by_name) == ["MM-DEPT-sales", "MM-DEPT-support"]
    assert names(listed(api, "MM Department", cast.outsider, filters=hidden)) == ["MM-DEPT-sales"]
    assert names(listed(api, "MM Department", cast.outsider, order_by="department_leader")) == ["MM-DEPT-sales"]
    everywhere = listed(api, "MM Department", cast.admin, filters=hidden, order_by="name")
    assert names(everywhere) == ["MM-DEPT-sales", "MM-DEPT-support"]
    rows = listed(api, "MM Department", cast.outsider, fields=["*"], order_by="name").body["data"]
    assert [row["max_bookings_per_day"] is None for row in rows] == [False, True]
    assert get(api, "MM Department", "MM-DEPT-support", cast.outsider)["members"] == []


def test_secrets_are_told_to_nobody(api: Api, cast: Cast) -> None:
    furnish(cast.sarah)
    name = names(listed(api, "MM Calendar Integration", cast.sarah))[0]
    assert get(api, "MM Calendar Integration", name, cast.sarah)["ical_url"] == ICAL["ical_url"]
    assert get(api, "MM Calendar Integration", name, cast.admin)["ical_url"] == ""
    assert "credentials" not in get(api, "MM Calendar Integration", name, cast.sarah)
    refused = resource(api, "GET", "MM Calendar Integration", by=cast.admin, filters={"ical_url": ["like", "%s%"]})
    assert refused.status == 417
    assert resource(api, "GET", f"MM Calendar Integration/{name}", by=cast.mike).status == 404


def test_lists_ask_the_database_as_often_for_three_as_for_one(api: Api, cast: Cast) -> None:
    doctypes = ("MM Meeting Booking", "MM Department", "MM Meeting Type", "MM User Availability Rule", "User")

    def counts() -> dict[str, int]:
        found = {}
        for doctype in doctypes:
            with CaptureQueriesContext(connection) as queries:
                listed(api, doctype, cast.admin, fields=["*"], limit_page_length="0")
            found[doctype] = len(queries)
        return found

    booked(api, 1)
    furnish(cast.sarah)
    api.token(cast.admin)
    before = counts()
    slots = api.slots()
    for place in (8, 12):
        assert api.book(slots[place]["start"], f"eve{place}@customer.example").status == 201
    for number, user in enumerate((cast.mike, cast.jane)):
        furnish(user)
        fields = {"department_name": f"New {number}", "members": [{"member": user.email}]}
        made = resource(api, "POST", "MM Department", fields, by=cast.admin).body["data"]["name"]
        kind = {
            "department": made,
            "meeting_name": "Call",
            "location_type": "Phone Call",
            "questions": [{"label": "Why?"}],
        }
        assert resource(api, "POST", "MM Meeting Type", kind, by=cast.admin).status == 200
    assert counts() == before


def test_of_a_calendar_of_others_only_busy_time_is_told(api: Api, cast: Cast) -> None:
    furnish(cast.sarah)
    record(cast.sarah)
    doctype = "MM Calendar Event Sync"
    own = listed(api, doctype, cast.sarah, fields=["name", "event_title"], filters={"event_title": "Dentist"})
    name = own.body["data"][0]["name"]
    assert own.body["data"] == [{"name": name, "event_title": "Dentist"}]
    seen = get(api, doctype, name, cast.admin)
    assert (seen["is_blocking_availability"], "event_title" in seen) == (1, False)
    assert names(listed(api, doctype, cast.admin)) == [name]
    assert names(listed(api, doctype, cast.admin, filters={"event_title": ["like", "D%"]})) == []
    assert resource(api, "GET", f"{doctype}/{name}", by=cast.lead).status == 404


def test_a_form_with_json_in_data_is_read_as_older_clients_send_it(api: Api, cast: Cast) -> None:
    form = urlencode({"data": json.dumps({"doctype": "MM User Availability Rule", "rule_name": "Mine"})})
    headers = {"Authorization": f"Bearer {api.token(cast.sarah)}"}
    kind = "application/x-www-form-urlencoded"
    made = Client().post("/api/resource/MM User Availability Rule", form, kind, headers=headers)
    name = json.loads(made.content)["data"]["name"]
    change = urlencode({"data": json.dumps({"name": name, "rule_name": "Ours"})})
    saved = Client().put(f"/api/resource/MM User Availability Rule/{name}", change, kind, headers=headers)
    assert json.loads(saved.content)["data"]["rule_name"] == "Ours"
