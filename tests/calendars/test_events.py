"""Synced events and the time they block."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.choices import EventSyncStatus, EventType
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import (
    create_integration,
    delete_integration,
    edit_integration,
    record_event,
    remove_event,
)
from tests.cast import NOW, Cast
from tests.together import together

START = NOW + timedelta(hours=2)
END = NOW + timedelta(hours=3)
DENTIST = ExternalEvent("abc", START, END, title="Dentist")


@pytest.fixture
def calendar(cast: Cast) -> CalendarIntegration:
    fields = {"integration_type": "Google Calendar", "integration_name": "Work"}
    return create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)


def _blocked() -> list[tuple[str, datetime, datetime]]:
    return [
        (row.user.email.split("@")[0], datetime.fromtimestamp(row.starts, UTC), datetime.fromtimestamp(row.ends, UTC))
        for row in BusyTime.objects.select_related("user").order_by("starts")
    ]


def test_an_event_blocks_its_time(calendar: CalendarIntegration) -> None:
    event = record_event(integration=calendar, event=DENTIST, now=NOW)
    assert event.name == "MM-CES-MM-CI-sarah@bestsecurity.example-0001-0001"
    assert (event.event_title, event.sync_status, event.last_synced) == ("Dentist", "Synced", NOW)
    assert _blocked() == [("sarah", START, END)]


def test_the_same_id_again_changes_the_same_event(calendar: CalendarIntegration) -> None:
    first = record_event(integration=calendar, event=DENTIST, now=NOW)
    later = replace(DENTIST, start=END, end=END + timedelta(hours=1), title="Moved")
    second = record_event(integration=calendar, event=later, now=NOW)
    assert (second.pk, second.name, second.event_title) == (first.pk, first.name, "Moved")
    assert _blocked() == [("sarah", END, END + timedelta(hours=1))]


@pytest.mark.django_db(transaction=True)
def test_one_event_told_by_eight_at_once_is_stored_once(calendar: CalendarIntegration) -> None:
    results = together([lambda: record_event(integration=calendar, event=DENTIST, now=NOW)] * 8)
    assert all(isinstance(result, CalendarEventSync) for result in results), results
    assert CalendarEventSync.objects.count() == 1
    assert _blocked() == [("sarah", START, END)]


@pytest.mark.parametrize(
    "event",
    [
        replace(DENTIST, is_blocking=False),
        replace(DENTIST, sync_status=EventSyncStatus.DELETED_EXTERNALLY),
        replace(DENTIST, sync_status=EventSyncStatus.DELETED_LOCALLY),
        replace(DENTIST, event_type=EventType.BOOKING),
    ],
    ids=["shown as free", "deleted there", "deleted here", "one of our bookings"],
)
def test_what_takes_no_time_blocks_none_also_when_it_did_before(
    calendar: CalendarIntegration, event: ExternalEvent
) -> None:
    record_event(integration=calendar, event=event, now=NOW)
    assert _blocked() == []
    record_event(integration=calendar, event=DENTIST, now=NOW)
    assert len(_blocked()) == 1
    record_event(integration=calendar, event=event, now=NOW)
    assert _blocked() == []


@pytest.mark.parametrize("kind", [EventType.EXTERNAL, EventType.BLOCKED, EventType.ALL_DAY])
def test_every_other_kind_of_event_blocks(calendar: CalendarIntegration, kind: str) -> None:
    record_event(integration=calendar, event=replace(DENTIST, event_type=kind), now=NOW)
    assert len(_blocked()) == 1


def test_a_removed_event_is_marked_and_frees_its_time(calendar: CalendarIntegration) -> None:
    record_event(integration=calendar, event=DENTIST, now=NOW)
    removed = remove_event(integration=calendar, external_event_id="abc", now=NOW)
    assert removed is not None
    assert (removed.sync_status, removed.is_blocking_availability) == ("Deleted Externally", False)
    assert _blocked() == []
    assert remove_event(integration=calendar, external_event_id="other", now=NOW) is None


def test_a_long_event_blocks_in_adjacent_pieces_of_a_day(calendar: CalendarIntegration) -> None:
    week = replace(DENTIST, end=START + timedelta(days=2, hours=1))
    record_event(integration=calendar, event=week, now=NOW)
    day = timedelta(days=1)
    assert _blocked() == [
        ("sarah", START, START + day),
        ("sarah", START + day, START + 2 * day),
        ("sarah", START + 2 * day, week.end),
    ]


def test_an_event_without_end_in_sight_does_not_fill_the_database(calendar: CalendarIntegration) -> None:
    for_ever = replace(DENTIST, start=datetime(1, 1, 2, tzinfo=UTC), end=datetime(9999, 12, 30, tzinfo=UTC))
    record_event(integration=calendar, event=for_ever, now=NOW)
    blocked = _blocked()
    assert len(blocked) == 4000
    assert blocked[0][1] == NOW - timedelta(days=366)
    assert blocked[-1][2] > NOW + timedelta(days=365 * 9)


def test_instants_become_whole_seconds_that_cover_the_event(calendar: CalendarIntegration) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    odd = replace(
        DENTIST,
        start=START.astimezone(zone) + timedelta(microseconds=900_000),
        end=END.astimezone(zone) + timedelta(microseconds=1),
    )
    record_event(integration=calendar, event=odd, now=NOW)
    assert _blocked() == [("sarah", START, END + timedelta(seconds=1))]


@pytest.mark.parametrize(
    "event",
    [replace(DENTIST, end=START), replace(DENTIST, end=NOW), replace(DENTIST, external_event_id="")],
    ids=["no length", "ends before it starts", "no id"],
)
def test_an_event_without_id_or_length_is_refused(calendar: CalendarIntegration, event: ExternalEvent) -> None:
    with pytest.raises(ValidationError):
        record_event(integration=calendar, event=event, now=NOW)
    assert not CalendarEventSync.objects.exists()


def test_texts_from_outside_are_cut_to_what_can_be_stored(calendar: CalendarIntegration) -> None:
    wild = replace(
        DENTIST,
        title="a\x00b" + "c" * 900,
        description="\ud800line\nnext",
        attendees=[{"email": "x\x00@a.example"}],
    )
    stored = record_event(integration=calendar, event=wild, now=NOW)
    stored.refresh_from_db()
    assert stored.event_title == "ab" + "c" * 498
    assert stored.description == "line\nnext"
    assert stored.attendees_json == [{"email": "x@a.example"}]


def test_an_inactive_calendar_blocks_nothing_and_an_activated_one_blocks_again(
    cast: Cast, calendar: CalendarIntegration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record_event(integration=calendar, event=DENTIST, now=NOW)
    record_event(integration=calendar, event=replace(DENTIST, external_event_id="free", is_blocking=False), now=NOW)
    edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": False}, now=NOW)
    assert _blocked() == []
    calendar.refresh_from_db()
    record_event(integration=calendar, event=replace(DENTIST, external_event_id="later"), now=NOW)
    assert _blocked() == []
    edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": True}, now=NOW)
    assert _blocked() == [("sarah", START, END)] * 2


def test_activating_takes_as_many_queries_for_three_events_as_for_one(
    cast: Cast, calendar: CalendarIntegration
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(3):
        record_event(integration=calendar, event=replace(DENTIST, external_event_id=f"{number}"), now=NOW)
        edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": False}, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": True}, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_a_deleted_calendar_takes_its_events_and_their_time_with_it(cast: Cast, calendar: CalendarIntegration) -> None:
    record_event(integration=calendar, event=DENTIST, now=NOW)
    delete_integration(actor=cast.sarah, integration=calendar)
    assert _blocked() == []
    assert not CalendarEventSync.objects.exists()
