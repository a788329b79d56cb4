"""The records around the booking over REST: departments, types, users, settings, availability, calendars, tokens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import record_event
from tests.api.caller import Api
from tests.cast import Cast

ICAL = {
    "integration_type": "iCal",
    "integration_name": "Home",
    "ical_url": "https://calendar.example/secret.ics",
    "credentials": {"password": "geheim"},
}


def test_a_department_is_made_edited_and_deleted_by_system_managers(api: Api, cast: Cast) -> None:
    body = {"department_name": "Help Desk", "members": [{"member": "jane@bestsecurity.example"}]}
    assert api.post("/departments", body, by=cast.lead).status == 403
    made = api.post("/departments", body, by=cast.admin)
    assert made.status == 201
    assert made.body["name"] == "MM-DEPT-help-desk"
    edited = api.patch("/departments/help-desk", {"timezone": "Europe/Berlin"}, by=cast.admin).body
    assert edited["timezone"] == "Europe/Berlin"
    assert "name" in api.patch("/departments/help-desk", {"name": "x"}, by=cast.admin).fields
    assert "members" in api.post("/departments", {**body, "members": "x"}, by=cast.admin).fields
    assert api.delete("/departments/help-desk", by=cast.admin).status == 204
    assert api.get("/departments/help-desk").status == 404


def test_members_are_added_edited_ordered_and_removed_by_the_leader(api: Api, cast: Cast) -> None:
    path = "/departments/support/members"
    added = api.post(path, {"member": "outsider@bestsecurity.example", "assignment_priority": 3}, by=cast.lead)
    assert (added.status, added.body["assignment_priority"]) == (201, 3)
    assert "total_assignments" in api.post(path, {"member": "x", "total_assignments": 1}, by=cast.lead).fields
    one = f"{path}/outsider@bestsecurity.example"
    assert api.patch(one, {"assignment_priority": 11}, by=cast.lead).status == 422
    assert api.patch(one, {"is_active": False}, by=cast.lead).body["is_active"] is False
    order = [row["member"] for row in api.get(path, by=cast.mike).body["results"]][::-1]
    reordered = api.put(path, {"order": order}, by=cast.lead).body["results"]
    assert [row["member"] for row in reordered] == order
    assert api.put(path, {"order": "x"}, by=cast.lead).fields == {"order": "Order must be a list of e-mail addresses."}
    assert api.delete(one, by=cast.lead).status == 204
    assert api.get(path, by=cast.outsider).status == 403


def test_a_meeting_type_is_made_edited_and_deleted_by_the_leader(api: Api, cast: Cast) -> None:
    body = {
        "meeting_name": "Demo",
        "video_platform": "Zoom",
        "reminders": [{"hours_before_meeting": 0.25}, {"hours_before_meeting": 24}],
    }
    made = api.post("/departments/support/meeting-types", body, by=cast.lead)
    assert made.status == 201
    assert [row["hours_before_meeting"] for row in made.body["reminders"]] == [24.0, 0.25]
    path = f"/meeting-types/{made.body['name']}"
    assert api.get(path).body["meeting_name"] == "Demo"
    assert api.patch(path, {"duration": 481}, by=cast.lead).status == 422
    assert api.patch(path, {"duration": 10**40}, by=cast.lead).status == 422
    assert api.patch(path, {"duration": 45}, by=cast.lead).body["duration"] == 45
    reminders = {"reminders": [{"hours_before_meeting": 1}]}
    assert len(api.put(f"{path}/reminders", reminders, by=cast.lead).body["reminders"]) == 1
    assert api.put(f"{path}/reminders", {}, by=cast.lead).status == 422
    by_sms = {"reminders": [{"hours_before_meeting": 1, "notification_type": "SMS"}]}
    assert "SMS_URL" in api.put(f"{path}/reminders", by_sms, by=cast.lead).fields["reminders"]
    words = {"feedback_url": "https://forms.example/1", "next_steps": "We write.\nYou answer."}
    assert words.items() <= api.patch(path, words, by=cast.lead).body.items()
    assert words.items() <= api.get(path, by=cast.mike).body.items()
    assert not words.keys() & api.get(path).body.keys()
    assert api.delete(path, by=cast.lead).status == 204


def test_accounts_are_made_edited_closed_and_opened(api: Api, cast: Cast) -> None:
    body = {"email": "New@bestsecurity.example", "full_name": "New", "password": "seven wet umbrellas"}
    made = api.post("/users", body, by=cast.admin)
    assert (made.status, made.body["email"]) == (201, "new@bestsecurity.example")
    assert "email" in api.post("/users", body, by=cast.admin).fields
    path = "/users/new@bestsecurity.example"
    assert api.patch(path, {"full_name": "Newer"}, by=cast.admin).body["full_name"] == "Newer"
    assert api.post(f"{path}/disable", by=cast.admin).body["is_active"] is False
    assert api.post(f"{path}/enable", by=cast.admin).body["is_active"] is True
    assert api.get("/users/me", by=cast.sarah).body["email"] == "sarah@bestsecurity.example"
    assert api.patch("/users/me", {"is_system_manager": True}, by=cast.sarah).status == 403


def test_colleagues_are_seen_and_strangers_are_not(api: Api, cast: Cast) -> None:
    seen = {one["email"].partition("@")[0] for one in api.get("/users", by=cast.mike).body["results"]}
    assert seen == {"lead", "sarah", "mike", "jane"}
    assert api.get("/users/outsider@bestsecurity.example", by=cast.mike).status == 404


def test_the_reserved_user_is_nobody_to_anybody(api: Api, cast: Cast) -> None:
    assert all("localhost" not in one["email"] for one in api.get("/users", by=cast.admin).body["results"])
    assert api.get("/users/system@localhost", by=cast.admin).status == 404
    assert api.post("/users/system@localhost/enable", by=cast.admin).status == 404


def test_settings_are_ones_own(api: Api, cast: Cast) -> None:
    changed = api.patch(
        "/users/me/settings", {"timezone": "Europe/Berlin", "bio": "<b>x</b><script>y</script>"}, by=cast.mike
    )
    assert changed.body["timezone"] == "Europe/Berlin"
    assert "script" not in changed.body["bio"]
    assert "working_hours_json" in api.patch("/users/me/settings", {"working_hours_json": {}}, by=cast.mike).fields
    assert api.get("/users/mike@bestsecurity.example/settings", by=cast.sarah).status == 403


def test_availability_rules_with_their_overrides(api: Api, cast: Cast) -> None:
    body = {"rule_name": "Mine", "is_default": True, "date_overrides": [{"date": "2030-01-01", "reason": "New Year"}]}
    made = api.post("/availability-rules", body, by=cast.mike)
    assert made.status == 201
    assert made.body["date_overrides"][0]["available"] is False
    path = f"/availability-rules/{made.body['name']}"
    assert api.patch(path, {"min_notice_hours": 721}, by=cast.mike).status == 422
    assert api.patch(path, {"min_notice_hours": 3}, by=cast.mike).body["min_notice_hours"] == 3
    day = {"date": "2030-01-02", "available": True, "reason": "Fair"}
    added = api.post(f"{path}/date-overrides", day, by=cast.mike)
    assert (added.status, added.body["date"]) == (201, "2030-01-02")
    again = api.post(f"{path}/date-overrides", {**day, "available": False}, by=cast.mike)
    assert (again.status, list(again.fields)) == (422, ["date"])
    assert api.delete(f"{path}/date-overrides/2030-01-01", by=cast.mike).status == 204
    assert api.delete(f"{path}/date-overrides/2030-01-01", by=cast.mike).status == 404
    assert api.delete(f"{path}/date-overrides/2030-13-01", by=cast.mike).status == 422
    replaced = api.put(f"{path}/date-overrides", {"date_overrides": []}, by=cast.mike)
    assert replaced.body["date_overrides"] == []
    for_another = {"rule_name": "Yours", "user": "mike@bestsecurity.example"}
    assert api.post("/availability-rules", for_another, by=cast.lead).status == 403
    assert len(api.get("/availability-rules", by=cast.lead).body["results"]) == 1
    assert api.delete(path, by=cast.mike).status == 204


def test_what_is_in_a_calendar_is_its_owners(api: Api, cast: Cast) -> None:
    made = api.post("/calendars", ICAL, by=cast.mike)
    assert made.status == 201
    assert "geheim" not in str(made.body)
    now = timezone.now()
    event = ExternalEvent("e1", now, now + timedelta(hours=1), title="Dentist")
    record_event(integration=CalendarIntegration.objects.get(), event=event, now=now)
    path = f"/calendars/{made.body['name']}"
    assert api.get(f"{path}/events", by=cast.mike).body["results"][0]["event_title"] == "Dentist"
    seen = api.get(f"{path}/events", by=cast.admin).body["results"]
    assert "Dentist" not in str(seen)
    assert len(seen) == 1
    assert api.get(path, by=cast.admin).body["ical_url"] == ""
    assert api.get(f"{path}/events?from=2030-01-01T00:00", by=cast.mike).body["results"] == []
    assert api.get(f"{path}/events?from=2030-01-01T00:00&to=2029-01-01T00:00", by=cast.mike).status == 422
    assert api.get(path, by=cast.sarah).status == 404
    assert api.patch(path, {"sync_interval_minutes": 4}, by=cast.mike).status == 422
    assert api.patch(path, {"is_active": False}, by=cast.mike).body["is_active"] is False
    assert api.delete(path, by=cast.mike).status == 204


def test_a_token_is_shown_once_and_revoked_by_its_user(api: Api, cast: Cast) -> None:
    made = api.post("/tokens", {"label": "Laptop"}, by=cast.mike).body
    assert api.get("/users/me", Authorization=f"Bearer {made['token']}").status == 200
    listed = api.get("/tokens", by=cast.mike).body["results"]
    assert made["token"] not in str(listed)
    assert api.delete(f"/tokens/{made['id']}", by=cast.sarah).status == 404
    assert api.delete(f"/tokens/{made['id']}", by=cast.mike).status == 204
    assert api.get("/users/me", Authorization=f"Bearer {made['token']}").status == 401


@pytest.mark.parametrize("key", ["0", "-1", "9" * 30, "x", "%00", "1.5"])
def test_tokens_that_are_none_are_not_found(api: Api, cast: Cast, key: str) -> None:
    assert api.delete(f"/tokens/{key}", by=cast.mike).status == 404
