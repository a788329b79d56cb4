"""Connected calendars: their fields, one primary, credentials that are never shown."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.queries import get_for, visible_to
from meeting_manager.calendars.services import create_integration, delete_integration, edit_integration
from meeting_manager.people.models import User
from meeting_manager.people.sealing import unseal
from tests.cast import NOW, Cast
from tests.together import together

GOOGLE: dict[str, object] = {"integration_type": "Google Calendar", "integration_name": "Work"}
CALDAV: dict[str, object] = {"integration_type": "CalDAV", "integration_name": "Work"}
ICAL: dict[str, object] = {
    "integration_type": "iCal",
    "integration_name": "Team",
    "ical_url": "webcal://cal.example/team.ics",
}


def _connect(user: User, given: dict[str, object] = GOOGLE, **fields: object) -> CalendarIntegration:
    return create_integration(actor=user, user=user, fields={**given, **fields}, now=NOW)


def test_a_new_calendar_has_the_defaults_of_the_specification(cast: Cast) -> None:
    calendar = CalendarIntegration.objects.get(pk=_connect(cast.sarah).pk)
    assert calendar.name == "MM-CI-sarah@bestsecurity.example-0001"
    assert (calendar.is_active, calendar.is_primary, calendar.auto_sync_enabled) == (True, False, True)
    assert (calendar.sync_past_days, calendar.sync_future_days, calendar.sync_interval_minutes) == (30, 90, 15)
    assert calendar.sync_direction == "One-way (Read Only)"
    assert (calendar.sync_status, calendar.last_sync) == ("Pending", None)


@pytest.mark.parametrize(
    ("given", "fields", "errors"),
    [
        (GOOGLE, {"integration_name": ""}, {"integration_name": ["Integration Name is required."]}),
        (
            GOOGLE,
            {"sync_past_days": 366},
            {"sync_past_days": ["Sync Past Days must be a whole number between 0 and 365."]},
        ),
        (
            GOOGLE,
            {"sync_future_days": 0},
            {"sync_future_days": ["Sync Future Days must be a whole number between 1 and 730."]},
        ),
        (
            GOOGLE,
            {"sync_interval_minutes": 4},
            {"sync_interval_minutes": ["Sync Interval Minutes must be a whole number between 5 and 1440."]},
        ),
        (
            GOOGLE,
            {"integration_type": "Paper"},
            {"integration_type": ["Integration Type must be one of: Google Calendar, Outlook Calendar, CalDAV, iCal."]},
        ),
        (GOOGLE, {"credentials": 5}, {"credentials": ["Credentials must be an object or text."]}),
        (
            GOOGLE,
            {"credentials": {"access_token": "good for an hour"}},
            {"credentials": ["Credentials of a calendar of type 'Google Calendar' must have refresh_token."]},
        ),
        (
            CALDAV,
            {"credentials": {"username": "sarah", "password": ""}, "calendar_id": "work"},
            {
                "credentials": ["Credentials of a calendar of type 'CalDAV' must have username and password."],
                "calendar_id": ["Calendar ID of a CalDAV calendar must start with http:// or https://"],
            },
        ),
        (
            GOOGLE,
            {"sync_status": "Success"},
            {"sync_status": ["Field 'sync_status' of a calendar integration is read-only. Please leave it out."]},
        ),
        (ICAL, {"ical_url": ""}, {"ical_url": ["iCal URL is required when Integration Type is 'iCal'."]}),
        (
            ICAL,
            {"ical_url": "file:///etc/passwd"},
            {"ical_url": ["iCal URL must start with http://, https:// or webcal://"]},
        ),
        (
            ICAL,
            {"sync_direction": "Two-way (Read & Write)"},
            {"sync_direction": ["Sync Direction must be 'One-way (Read Only)' when Integration Type is 'iCal'."]},
        ),
        (
            ICAL,
            {"is_primary": True},
            {"is_primary": ["An iCal calendar can only be read. Please choose another calendar as the primary one."]},
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    cast: Cast, given: dict[str, object], fields: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        _connect(cast.sarah, given, **fields)
    assert refused.value.message_dict == errors
    assert not CalendarIntegration.objects.exists()


def test_a_name_is_used_once_for_a_user(cast: Cast) -> None:
    _connect(cast.sarah)
    _connect(cast.mike)
    other = _connect(cast.sarah, integration_name="Home")
    message = "Integration Name 'Work' is already used for another calendar. Please choose another name."
    with pytest.raises(ValidationError) as refused:
        _connect(cast.sarah)
    assert refused.value.message_dict == {"integration_name": [message]}
    with pytest.raises(ValidationError, match="already used"):
        edit_integration(actor=cast.sarah, integration=other, changes={"integration_name": "Work"}, now=NOW)


def test_a_new_primary_takes_the_place_of_the_old_one(cast: Cast) -> None:
    first = _connect(cast.sarah, is_primary=True)
    others = _connect(cast.mike, is_primary=True)
    second = _connect(cast.sarah, integration_name="Home", is_primary=True)
    assert set(CalendarIntegration.objects.filter(is_primary=True)) == {second, others}
    edit_integration(actor=cast.sarah, integration=first, changes={"is_primary": True}, now=NOW)
    assert set(CalendarIntegration.objects.filter(is_primary=True)) == {first, others}


def test_a_former_primary_that_is_activated_again_is_the_primary(cast: Cast) -> None:
    first = _connect(cast.sarah, is_primary=True)
    edit_integration(actor=cast.sarah, integration=first, changes={"is_active": False}, now=NOW)
    second = _connect(cast.sarah, integration_name="Home", is_primary=True)
    edit_integration(actor=cast.sarah, integration=first, changes={"is_active": True, "is_primary": True}, now=NOW)
    assert list(CalendarIntegration.objects.filter(is_active=True, is_primary=True)) == [first]
    assert not CalendarIntegration.objects.get(pk=second.pk).is_primary


@pytest.mark.django_db(transaction=True)
def test_eight_primaries_at_once_leave_one(cast: Cast) -> None:
    names = iter("abcdefgh")
    results = together([lambda: _connect(cast.sarah, integration_name=next(names), is_primary=True)] * 8)
    assert all(isinstance(result, CalendarIntegration) for result in results), results
    assert CalendarIntegration.objects.filter(is_primary=True).count() == 1


def test_credentials_are_sealed_and_not_read_back(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = _connect(cast.sarah, credentials={"refresh_token": "very secret"})
    stored = bytes(CalendarIntegration.objects.get(pk=made.pk).credentials)
    assert b"very secret" not in stored
    assert unseal(stored) == b'{"refresh_token": "very secret"}'
    with django_assert_num_queries(1):
        assert "credentials" in get_for(cast.sarah, made.name).get_deferred_fields()
    edit_integration(actor=cast.sarah, integration=made, changes={"credentials": ""}, now=NOW)
    assert bytes(CalendarIntegration.objects.get(pk=made.pk).credentials) == b""


def test_an_edit_leaves_credentials_that_are_not_mentioned(cast: Cast) -> None:
    made = _connect(cast.sarah, credentials={"refresh_token": "secret"})
    edit_integration(
        actor=cast.sarah, integration=get_for(cast.sarah, made.name), changes={"sync_past_days": 5}, now=NOW
    )
    assert unseal(bytes(CalendarIntegration.objects.get(pk=made.pk).credentials)) == b'{"refresh_token": "secret"}'


def test_an_edit_cannot_make_a_calendar_one_that_nobody_is_let_into(cast: Cast) -> None:
    made = _connect(cast.sarah, CALDAV, credentials={"username": "sarah", "password": "secret"})
    for changes in ({"credentials": "secret"}, {"calendar_id": "ftp://dav.example/"}):
        with pytest.raises(ValidationError) as refused:
            edit_integration(actor=cast.sarah, integration=made, changes=changes, now=NOW)
        assert set(refused.value.message_dict) == set(changes)


def test_the_kind_of_a_calendar_does_not_change(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="read-only"):
        edit_integration(
            actor=cast.sarah, integration=_connect(cast.sarah), changes={"integration_type": "iCal"}, now=NOW
        )


def test_members_edit_their_own_calendars_and_system_managers_any(cast: Cast) -> None:
    calendar = _connect(cast.sarah)
    for actor in (cast.lead, cast.mike, cast.outsider):
        with pytest.raises(PermissionDenied):
            create_integration(actor=actor, user=cast.sarah, fields=GOOGLE, now=NOW)
        with pytest.raises(PermissionDenied):
            edit_integration(actor=actor, integration=calendar, changes={"is_active": False}, now=NOW)
        with pytest.raises(PermissionDenied):
            delete_integration(actor=actor, integration=calendar)
    delete_integration(actor=cast.admin, integration=calendar)
    assert not CalendarIntegration.objects.exists()


def test_calendars_are_seen_by_their_user_and_system_managers_not_by_leaders(cast: Cast) -> None:
    calendar = _connect(cast.sarah)
    for who in ("admin", "sarah"):
        assert get_for(getattr(cast, who), calendar.name) == calendar
    for who in ("lead", "mike", "outsider"):
        with pytest.raises(CalendarIntegration.DoesNotExist):
            get_for(getattr(cast, who), calendar.name)
    assert not visible_to(AnonymousUser()).exists()


def test_the_number_of_calendars_does_not_change_the_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 2, 3):
        _connect(cast.sarah, integration_name=f"Calendar {count}")
        with django_assert_num_queries(1):
            assert len([calendar.user.email for calendar in visible_to(cast.sarah)]) == count


@pytest.mark.parametrize(
    "values",
    [
        {"sync_past_days": 366},
        {"sync_future_days": 0},
        {"sync_interval_minutes": 1441},
        {"integration_type": "iCal"},
        {"sync_direction": "Sideways"},
        {"sync_status": "Fine"},
    ],
)
def test_the_database_refuses_what_the_services_would(cast: Cast, values: dict[str, object]) -> None:
    calendar = _connect(cast.sarah)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarIntegration.objects.filter(pk=calendar.pk).update(**values)


def test_the_database_refuses_a_second_active_primary(cast: Cast) -> None:
    _connect(cast.sarah, is_primary=True)
    _connect(cast.sarah, integration_name="Home")
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarIntegration.objects.filter(user=cast.sarah).update(is_primary=True)
