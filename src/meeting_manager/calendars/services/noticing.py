"""Noticing what people did in their own calendars: to the events of bookings, and on top of bookings.

Noticing marks and owes; acting on it comes later (`outside.py`), because bookings are locked before calendars.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from meeting_manager.adapters.calendar.protocol import PulledEvent
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.choices import EventSyncStatus, ExternalChange
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import blocks
from meeting_manager.calendars.services.writing import Writing, mine, span_of, unwanted_of
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.ledger.services import Event, Owed, announce, enqueue

OUTSIDE = "calendar_outside"
"""The kind of delivery that acts on a change of a booking's event."""

ANSWERED = "Answered"
_MOST_OVERLAPS = 100


def is_newer_here(row: CalendarEventSync, started: datetime) -> bool:
    """Whether what a pull that began at `started` says of an event of ours may be older than what we wrote."""
    return row.write_started is not None or not row.written or float(row.written["at"]) >= started.timestamp()


def take_over(row: CalendarEventSync, event: PulledEvent, now: datetime) -> list[Owed] | None:
    """Have the row, which is not saved, say what the calendar made of an event of ours; returns what is owed because of
    it, None where nothing is different."""
    before = _state(row)
    answers = _answers(row.attendees_json, event.attendees)
    row.start_datetime = datetime.fromtimestamp(event.start, UTC)
    row.end_datetime = datetime.fromtimestamp(event.end, UTC)
    row.attendees_json, row.etag = list(event.attendees), event.etag or row.etag
    row.sync_status = EventSyncStatus.SYNCED if row.written.get("digest") else row.sync_status
    is_known = (event.start, event.end) in (span_of(row), unwanted_of(row))
    row.external_change = "" if is_known else ExternalChange.MOVED
    if _state(row) == before:
        return None
    owed = [_answered(row, answers, now)] if answers else []
    if row.external_change and (before[0], before[1], before[2]) != _state(row)[:3]:
        owed.append(_changed(row, now))
    return owed


def mark_gone(row: CalendarEventSync, now: datetime, *, among: int = 1) -> Owed:
    """Have the row, which is not saved, say that the calendar no longer has an event of ours, as one of so many that
    went at once."""
    row.sync_status, row.external_change, row.last_synced = _DELETED, ExternalChange.DELETED, now
    return _owed(row, {"change": ExternalChange.DELETED, "among": among}, now)


_DELETED = EventSyncStatus.DELETED_EXTERNALLY


def note_change(begun: Writing, change: ExternalChange, found: PulledEvent | None, now: datetime) -> bool:
    """Record that a writing met an event that was moved or deleted there; False where another took it over."""
    with transaction.atomic():
        row = mine(begun)
        if row is None:
            return False
        row.write_started, row.sync_error_log = None, ""
        if found is None:
            owed = mark_gone(row, now)
        else:
            row.start_datetime = datetime.fromtimestamp(found.start, UTC)
            row.end_datetime = datetime.fromtimestamp(found.end, UTC)
            row.sync_status, row.external_change, row.etag = EventSyncStatus.SYNCED, change, found.etag
            owed = _changed(row, now)
        row.save()
        enqueue([owed], now=now)
    return True


def announce_overlaps(integration: CalendarIntegration, rows: Iterable[CalendarEventSync], now: datetime) -> None:
    """Announce `booking.overlapped` for every booking of the calendar's owner that lies under one of these new or
    changed events; once for each pair, for ever. One query for all bookings, and none where nothing blocks.

    Nobody is told when a calendar is read for the first time: what is in it is not new.
    """
    blocking = [row for row in rows if blocks(row, integration) and row.end_datetime > now]
    if not blocking or integration.last_sync is None:
        return
    pairs = [
        (row, booking)
        for booking in _bookings_between(integration.user_id, blocking, now)
        for row in blocking
        if row.start_datetime < booking.end_datetime and booking.start_datetime < row.end_datetime
    ]
    email = integration.user.email
    announce([_overlapped(row, booking, email) for row, booking in pairs[:_MOST_OVERLAPS]], now=now)


def _bookings_between(user_id: int, rows: Sequence[CalendarEventSync], now: datetime) -> list[Booking]:
    since, until = min(row.start_datetime for row in rows), max(row.end_datetime for row in rows)
    hosted = Booking.objects.filter(assigned_users__user=user_id, booking_status__in=HOLDING)
    within = hosted.filter(start_datetime__lt=until, end_datetime__gt=max(since, now), start_datetime__gt=now)
    return list(within.only("name", "ical_uid", "start_datetime", "end_datetime"))


def _overlapped(row: CalendarEventSync, booking: Booking, email: str) -> Event:
    payload = {
        "booking": booking.name,
        "uid": booking.ical_uid,
        "actor": email,
        "host": email,
        "start": row.start_datetime.isoformat(),
        "end": row.end_datetime.isoformat(),
    }
    return Event("booking.overlapped", f"booking.overlapped:{booking.name}:{row.name}", payload)


def _state(row: CalendarEventSync) -> tuple[Any, ...]:
    times = (row.start_datetime, row.end_datetime, row.external_change)
    return (*times, row.etag, row.attendees_json, row.sync_status)


def _answers(before: Iterable[dict[str, str]], after: Iterable[dict[str, str]]) -> dict[str, str]:
    """What people answered there since: by address, in iCalendar's words."""
    known = {person.get("email", ""): person.get("response", "") for person in before}
    return {
        person["email"]: person["response"]
        for person in after
        if person.get("response") and known.get(person["email"], person["response"]) != person["response"]
    }


def _changed(row: CalendarEventSync, now: datetime) -> Owed:
    return _owed(row, {"change": row.external_change}, now)


def _answered(row: CalendarEventSync, answers: dict[str, str], now: datetime) -> Owed:
    return _owed(row, {"change": ANSWERED, "answers": answers}, now)


def _owed(row: CalendarEventSync, payload: dict[str, Any], now: datetime) -> Owed:
    noticed = f"{payload['change']}:{now:%Y-%m-%dT%H:%M:%S.%f}"
    key = f"{OUTSIDE}:{row.pk}:{noticed}"
    about = row.meeting_booking.name if row.meeting_booking else ""
    return Owed(OUTSIDE, key, {"event": row.pk, "noticed": noticed, **payload}, now, about=about)
