"""Settings of a user: time zone, working hours, bio."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.engine.weekly import default_working_hours
from meeting_manager.people.models import UserSettings
from meeting_manager.people.queries import settings_of
from meeting_manager.people.services import edit_settings
from tests.cast import Cast


def test_people_edit_their_own_settings(cast: Cast) -> None:
    hours = default_working_hours() | {"saturday": {"enabled": True, "start": "10:00", "end": "24:00"}}
    changes = {"timezone": "Europe/Berlin", "working_hours_json": hours}
    edit_settings(actor=cast.sarah, user=cast.sarah, changes=changes)
    stored = UserSettings.objects.get(user=cast.sarah)
    assert stored.timezone == "Europe/Berlin"
    assert stored.working_hours_json == hours


def test_working_hours_may_come_as_json_text(cast: Cast) -> None:
    text = json.dumps(default_working_hours())
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"working_hours_json": text})
    assert settings_of(cast.sarah).working_hours_json == default_working_hours()


def test_an_empty_time_zone_is_the_departments(cast: Cast) -> None:
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": "Asia/Tokyo"})
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": ""})
    assert settings_of(cast.sarah).timezone == ""


@pytest.mark.parametrize("who", ["lead", "mike", "outsider"])
def test_nobody_edits_the_settings_of_another_but_system_managers(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        edit_settings(actor=getattr(cast, who), user=cast.sarah, changes={"bio": "x"})
    edit_settings(actor=cast.admin, user=cast.sarah, changes={"bio": "Hello"})
    assert settings_of(cast.sarah).bio == "Hello"


def test_the_bio_is_sanitised(cast: Cast) -> None:
    bio = '<p onclick="x()">Hi <a href="javascript:x()">there</a><script>x()</script></p>'
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"bio": bio})
    assert settings_of(cast.sarah).bio == '<p>Hi <a rel="noopener noreferrer">there</a></p>'


def _without(day: str) -> dict[str, Any]:
    return {name: hours for name, hours in default_working_hours().items() if name != day}


@pytest.mark.parametrize(
    ("hours", "part"),
    [
        ("not json", "Working Hours must be a JSON object"),
        ([], "object with all seven days"),
        (_without("sunday"), "'sunday' is missing"),
        (default_working_hours() | {"monday": {"enabled": True, "start": "17:00", "end": "09:00"}}, "Monday"),
        (default_working_hours() | {"friday": {"enabled": True, "start": "9:00", "end": "17:00"}}, "Friday"),
        (
            {day: {"enabled": False, "start": "09:00", "end": "17:00"} for day in default_working_hours()},
            "at least one day must be enabled",
        ),
    ],
)
def test_malformed_working_hours_are_refused_with_the_day(cast: Cast, hours: object, part: str) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_settings(actor=cast.sarah, user=cast.sarah, changes={"working_hours_json": hours})
    assert part in refused.value.message_dict["working_hours_json"][0]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "europe/berlin", "+02:00", 7, "Europe/Berlin\x00"])
def test_an_unknown_time_zone_is_refused_with_an_example(cast: Cast, zone: object) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": zone})
    assert refused.value.message_dict["timezone"] == [
        f"Timezone '{zone}' is not a known time zone. Please use an IANA name such as 'Europe/Berlin'."
    ]


def test_a_refused_field_leaves_the_others_unchanged(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        edit_settings(actor=cast.sarah, user=cast.sarah, changes={"bio": "new", "timezone": "nowhere"})
    assert settings_of(cast.sarah).bio == ""
