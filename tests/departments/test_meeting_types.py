"""Meeting types and their reminders."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from meeting_manager.config.sms_url import read_sms_url
from meeting_manager.departments.models import MeetingType, MeetingTypeReminder
from meeting_manager.departments.services import (
    create_department,
    create_meeting_type,
    delete_meeting_type,
    edit_department,
    edit_meeting_type,
    set_reminders,
)
from tests.cast import Cast


@pytest.fixture
def texting(settings: Settings, tmp_path: Path) -> None:
    """The site has a gateway for SMS."""
    settings.SMS = read_sms_url("record:", tmp_path)


def _create(cast: Cast, **fields: object) -> MeetingType:
    given = {"meeting_name": "Remote Help", "location_type": "Phone Call", **fields}
    return create_meeting_type(actor=cast.lead, department=cast.support, fields=given)


def test_a_leader_makes_a_meeting_type_with_the_defaults_of_the_specification(cast: Cast) -> None:
    made = MeetingType.objects.get(pk=_create(cast).pk)
    assert made.name == "MM-MT-support-remote-help"
    assert made.public_booking_url == "http://127.0.0.1:8000/book/support/remote-help"
    assert made.created_by == cast.lead
    assert (made.is_active, made.is_public, made.is_internal) == (True, True, False)
    assert (made.requires_approval, made.no_show_mail, made.thank_you_mail) == (False, False, False)
    assert made.slot_interval is None
    assert made.interval == made.duration == 30


@pytest.mark.parametrize("who", ["sarah", "outsider"])
def test_members_and_outsiders_do_not_edit_meeting_types(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        create_meeting_type(actor=actor, department=cast.support, fields={"meeting_name": "X"})
    with pytest.raises(PermissionDenied):
        edit_meeting_type(actor=actor, meeting_type=cast.call, changes={"duration": 15})
    with pytest.raises(PermissionDenied):
        delete_meeting_type(actor=actor, meeting_type=cast.call)
    with pytest.raises(PermissionDenied):
        set_reminders(actor=actor, meeting_type=cast.call, reminders=[])


def test_a_leader_edits_no_type_of_another_department(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        edit_meeting_type(actor=cast.lead, meeting_type=cast.consultation, changes={"duration": 15})


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"duration": 0}, {"duration": ["Duration must be a whole number between 1 and 480."]}),
        ({"duration": 481}, {"duration": ["Duration must be a whole number between 1 and 480."]}),
        ({"slot_interval": 0}, {"slot_interval": ["Slot Interval must be a whole number between 1 and 1440."]}),
        (
            {"is_public": False},
            {"is_public": ["Meeting Type must be public, internal or both. Please set Is Public or Is Internal."]},
        ),
        (
            {"location_type": "Video Call"},
            {"video_platform": ["Video Platform is required when Location Type is 'Video Call'."]},
        ),
        (
            {"video_meeting_url": "meet.example/a"},
            {"video_meeting_url": ["Video Meeting URL must start with http:// or https://"]},
        ),
        (
            {"location_type": "Moon"},
            {"location_type": ["Location Type must be one of: Video Call, Phone Call, Physical Location, Custom."]},
        ),
        (
            {"meeting_slug": "30 min CALL"},
            {"meeting_slug": ["Meeting Slug '30-min-call' is already taken. Please choose another slug."]},
        ),
        ({"feedback_url": "javascript:x"}, {"feedback_url": ["Feedback URL must start with http:// or https://"]}),
        ({"next_steps": "x" * 2001}, {"next_steps": ["Next Steps must be at most 2000 characters long."]}),
        (
            {"next_steps": "a\x00b"},
            {"next_steps": ["Next Steps must not contain control characters. Please remove them."]},
        ),
        ({"color": "blue"}, {"color": ["Color must be a colour such as '#2563eb'."]}),
        (
            {"created_by": "x"},
            {"created_by": ["Field 'created_by' of a meeting type is read-only. Please leave it out."]},
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    cast: Cast, fields: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        _create(cast, **fields)
    assert refused.value.message_dict == errors


def test_rules_between_fields_hold_for_what_an_edit_leaves_too(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Video Platform is required"):
        edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes={"video_platform": ""})
    with pytest.raises(ValidationError, match="must be public, internal or both"):
        edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes={"is_public": False})
    edited = edit_meeting_type(
        actor=cast.lead, meeting_type=cast.call, changes={"is_public": False, "is_internal": True, "slot_interval": 15}
    )
    assert edited.interval == 15


def test_the_same_slug_is_free_in_another_department(cast: Cast) -> None:
    made = create_meeting_type(
        actor=cast.admin,
        department=cast.sales,
        fields={"meeting_name": "30 Min Call", "location_type": "Phone Call"},
    )
    assert made.name == "MM-MT-sales-30-min-call"


def test_two_pairs_of_slugs_that_make_one_document_name_are_refused(cast: Cast) -> None:
    members = [{"member": cast.sarah}]
    longer = create_department(actor=cast.admin, fields={"department_name": "Support 30"}, members=members)
    with pytest.raises(ValidationError) as refused:
        create_meeting_type(
            actor=cast.admin,
            department=longer,
            fields={"meeting_name": "Min Call", "location_type": "Phone Call"},
        )
    assert refused.value.message_dict == {
        "meeting_slug": ["Meeting Slug 'min-call' is already taken. Please choose another slug."]
    }


def test_document_names_do_not_change_with_slugs(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"department_slug": "help"})
    edited = edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes={"meeting_slug": "short"})
    assert edited.name == "MM-MT-support-30-min-call"
    assert edited.public_booking_url == "http://127.0.0.1:8000/book/help/short"


def test_a_type_that_was_never_booked_can_be_deleted(cast: Cast) -> None:
    set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=[{"hours_before_meeting": 24}])
    delete_meeting_type(actor=cast.lead, meeting_type=cast.call)
    assert not MeetingType.objects.filter(name="MM-MT-support-30-min-call").exists()


def test_the_thank_you_mail_may_ask_for_feedback_and_name_next_steps(cast: Cast) -> None:
    plain = MeetingType.objects.get(pk=cast.call.pk)
    assert (plain.feedback_url, plain.next_steps) == ("", "")
    changes = {"feedback_url": " https://forms.example/1 ", "next_steps": "\nWe write to you.\nYou answer.\n"}
    edited = edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes=changes)
    assert edited.feedback_url == "https://forms.example/1"
    assert edited.next_steps == "We write to you.\nYou answer."


def test_a_release_that_does_not_know_these_fields_can_still_write(cast: Cast) -> None:
    table = MeetingType._meta.db_table
    with connection.cursor() as cursor:
        known = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        kept = [name for name in known if name not in {"id", "name", "meeting_slug", "feedback_url", "next_steps"}]
        columns = ", ".join(kept)
        cursor.execute(
            f"INSERT INTO {table} (name, meeting_slug, {columns})"
            f" SELECT 'MM-MT-copy', 'copy', {columns} FROM {table} WHERE id = %s",
            [cast.call.pk],
        )
    made = MeetingType.objects.get(meeting_slug="copy")
    assert (made.feedback_url, made.next_steps) == ("", "")


def test_reminders_are_replaced_as_a_whole(cast: Cast, texting: None) -> None:
    set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=[{"hours_before_meeting": 1}])
    rows: list[dict[str, object]] = [
        {"hours_before_meeting": 0.25, "notification_type": "SMS"},
        {"hours_before_meeting": "24"},
        {"hours_before_meeting": 0, "is_active": False},
    ]
    set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=rows)
    stored = cast.call.reminders.values_list("hours_before_meeting", "notification_type", "is_active")
    assert list(stored) == [
        (Decimal(24), "Email", True),
        (Decimal("0.25"), "SMS", True),
        (Decimal(0), "Email", False),
    ]


NOT_OFFERED = (
    "is not offered, as no gateway for SMS is set up. "
    "Please choose Email, or have the operator of the site set SMS_URL."
)


@pytest.mark.parametrize("way", ["SMS", "Both"])
def test_without_a_gateway_reminders_by_sms_are_refused_with_the_remedy(cast: Cast, way: str) -> None:
    rows: list[dict[str, object]] = [
        {"hours_before_meeting": 24},
        {"hours_before_meeting": 1, "notification_type": way},
    ]
    with pytest.raises(ValidationError) as refused:
        set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=rows)
    assert refused.value.message_dict == {"reminders": [f"Row 2: {way} {NOT_OFFERED}"]}
    with pytest.raises(ValidationError) as refused:
        create_meeting_type(
            actor=cast.lead,
            department=cast.support,
            fields={"meeting_name": "Help", "location_type": "Phone Call"},
            reminders=rows,
        )
    assert refused.value.message_dict == {"reminders": [f"Row 2: {way} {NOT_OFFERED}"]}
    assert not cast.call.reminders.exists()
    assert not MeetingType.objects.filter(meeting_name="Help").exists()


def test_with_a_gateway_a_type_may_begin_with_reminders_by_sms(cast: Cast, texting: None) -> None:
    made = create_meeting_type(
        actor=cast.lead,
        department=cast.support,
        fields={"meeting_name": "Help", "location_type": "Phone Call"},
        reminders=[{"hours_before_meeting": 1, "notification_type": "Both"}],
    )
    assert made.reminders.get().notification_type == "Both"


def test_reminders_by_sms_stay_when_the_gateway_has_gone_but_are_not_made_or_turned_on(cast: Cast) -> None:
    MeetingTypeReminder.objects.create(meeting_type=cast.call, hours_before_meeting=24, notification_type="SMS")
    MeetingTypeReminder.objects.create(
        meeting_type=cast.call, hours_before_meeting=2, notification_type="Both", is_active=False
    )
    kept: dict[str, object] = {"hours_before_meeting": "24.0", "notification_type": "SMS"}
    off = {"hours_before_meeting": 2, "notification_type": "Both", "is_active": False}
    rows: list[dict[str, object]] = [kept, off, {"hours_before_meeting": 1}]
    assert len(set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=rows)) == 3
    for changed in ({"hours_before_meeting": 23}, {"notification_type": "Both"}):
        with pytest.raises(ValidationError, match="is not offered"):
            set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=[{**kept, **changed}])
    with pytest.raises(ValidationError, match="is not offered"):
        set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=[{**off, "is_active": True}])
    set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=[{**kept, "is_active": False}])
    assert [row.is_active for row in cast.call.reminders.all()] == [False]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [{"hours_before_meeting": 1}, {"hours_before_meeting": "1.0"}],
            "Duplicate reminders found. Each number of hours before the meeting can only be used once.",
        ),
        ([{}], "Row 1: Hours Before Meeting is required."),
        (
            [{"hours_before_meeting": 1, "notification_type": "Pigeon"}],
            "Row 1: Notification Type must be one of: Email, SMS, Both.",
        ),
        *[
            (
                [{"hours_before_meeting": hours}],
                "Row 1: Hours Before Meeting must be a number between 0 and 720, with at most four decimals.",
            )
            for hours in (-1, 720.5, "soon", True, None, float("nan"), float("inf"), "1e999999", 0.00001)
        ],
    ],
)
def test_reminders_that_break_a_rule_are_refused_with_their_row(
    cast: Cast, rows: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        set_reminders(actor=cast.lead, meeting_type=cast.call, reminders=rows)
    assert refused.value.message_dict == {"reminders": [message]}


@pytest.mark.parametrize(
    "values",
    [
        {"duration": 0},
        {"duration": 481},
        {"slot_interval": 0},
        {"is_public": False, "is_internal": False},
        {"video_platform": ""},
        {"location_type": "Moon"},
        {"meeting_slug": "A"},
        {"meeting_name": ""},
    ],
)
def test_the_database_refuses_what_the_services_would(cast: Cast, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingType.objects.filter(pk=cast.call.pk).update(**values)
