"""One booking in one calendar: what is to be done there, and what is kept of how it went. The doing is in `tasks/`.

The row of the event is the claim: `write_started` is its token, so that no two workers write the same event at once and
who has lost it can no longer say what became of it. An event that is new has its identity before it is written.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Written
from meeting_manager.bookings import queries
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import record_calendar_event
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.choices import EventDirection, EventSyncStatus, EventType
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import makes_conferences, takes_bookings
from meeting_manager.calendars.services.entries import digest_of, entry_of
from meeting_manager.calendars.services.outgoing import owe_again
from meeting_manager.calendars.services.zones import zone_of
from meeting_manager.departments.choices import LocationType
from meeting_manager.ledger.handlers import Postponed
from meeting_manager.names.services import next_name

ABANDONED = timedelta(minutes=3)
"""A writing that began so long ago has lost its worker."""

_A_MOMENT = timedelta(seconds=5)
_FOR_A_CALL = timedelta(seconds=15)
_MOST_WAITS = 4
"""A calendar may make the video call a little later than the event: it is asked again so often."""

_LONGEST_LOG = 10_000

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Writing:
    """One writing that has begun: what it needs to know outside the transaction. `started` tells it from all others."""

    row: int
    started: datetime
    access: Access
    zone: str
    uid: str
    ref: str
    etag: str
    entry: OutgoingEvent | None
    """None: it is to be taken away."""
    was: Span | None = None
    """From when to when it was written last; none where it never was."""
    unwanted: Span | None = None
    """The time it has there which somebody decided to undo."""


def begin(uid: str, calendar_id: int, now: datetime) -> Writing | None:
    """Take the event of the booking `uid` in this calendar for a writing; none where nothing is to be done.

    Effects: the event's row, new where the calendar has none. Raises Postponed while another writing has it.
    """
    with transaction.atomic():
        _lock_current(uid)  # before the calendar, as everywhere
        calendar = _locked(calendar_id)
        if calendar is None:
            return None
        booking, row = current_booking(uid), _row(calendar, uid)
        if row and row.write_started and now - row.write_started < ABANDONED:
            raise Postponed(now + _A_MOMENT, "It is being written already.")
        if row and not _stays(calendar, booking, now):
            return _begun(row, calendar, None, now) if _is_to_go(calendar, booking, now) else None
        if booking is None or not _is_to_stay(calendar, booking, row, now):
            return None
        entry = entry_of(booking, calendar.user, wants_conference=_wants_conference(calendar, booking))
        if row and _is_settled(row, entry):
            return None
        row = row or _new_row(calendar, uid)
        _show(row, entry, booking)
        return _begun(row, calendar, entry, now)


def keep(begun: Writing, written: Written | None, now: datetime) -> bool:
    """Record that it was written, or taken away where there is no `written`; False where another took it over.

    Effects: the row; at the booking the event, its link, the address of a video call made with it, and history.
    """
    with transaction.atomic():
        booking = _lock_current(begun.uid)
        row = mine(begun)
        if row is None:
            return False
        before = str(row.written.get("conference", ""))
        if begun.entry is None or written is None:
            _mark_removed(row, now)
        else:
            _mark_written(row, begun.entry, written, now)
        row.save()
        if booking is not None:
            _tell_booking(booking, row, begun, written, before, is_first=begun.was is None, now=now)
            if int(row.written.get("waits", 0)):
                owe_again(row, booking.name, now, wait=_FOR_A_CALL)
    return True


def give_up(begun: Writing, error: Exception) -> bool:
    """Record that an attempt failed, in words for people; False as with `keep`."""
    with transaction.atomic():
        row = mine(begun)
        if row is None:
            return False
        row.write_started, row.sync_status = None, EventSyncStatus.FAILED
        row.sync_error_log = str(error)[:_LONGEST_LOG]
        row.save(update_fields=["write_started", "sync_status", "sync_error_log"])
    return True


def start_anew(begun: Writing) -> None:
    """The event is gone there, and the booking has changed since: it gets a new one at the next attempt."""
    with transaction.atomic():
        row = mine(begun)
        if row is not None:
            row.write_started, row.sync_status = None, EventSyncStatus.DELETED_LOCALLY
            row.save(update_fields=["write_started", "sync_status"])


def mine(begun: Writing) -> CalendarEventSync | None:
    """The row of the event, locked, as long as this writing has it."""
    rows = CalendarEventSync.objects.select_related("calendar_integration__user")
    locked = rows.select_for_update(of=("self", "calendar_integration"), no_key=True)
    return locked.filter(pk=begun.row, write_started=begun.started).first()


def current_booking(uid: str) -> Booking | None:
    """Where the booking stands today, whole: the last of its moves; none where it was deleted."""
    return queries.whole(Booking.objects.filter(ical_uid=uid)).order_by("-pk").first()


def _lock_current(uid: str) -> Booking | None:
    return Booking.objects.filter(ical_uid=uid).order_by("-pk").select_for_update(no_key=True).first()


def _locked(calendar_id: int) -> CalendarIntegration | None:
    rows = CalendarIntegration.objects.select_related("user").select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=calendar_id).first()


def _row(calendar: CalendarIntegration, uid: str) -> CalendarEventSync | None:
    rows = calendar.events.filter(ical_uid=uid).exclude(sync_status=EventSyncStatus.DELETED_LOCALLY)
    return rows.order_by("-pk").first()


def _stays(calendar: CalendarIntegration, booking: Booking | None, now: datetime) -> bool:
    """Whether what is in the calendar is to say what the booking says; what is over stays as it is, unless somebody was
    erased from it."""
    if booking is None or booking.end_datetime <= now:
        return booking is not None and booking.erased_at is not None and booking.booking_status in (*_ALIVE, *_OVER)
    return booking.booking_status in _ALIVE and _is_theirs(calendar, booking)


_ALIVE = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
_OVER = (BookingStatus.COMPLETED, BookingStatus.NO_SHOW)


def _is_to_go(calendar: CalendarIntegration, booking: Booking | None, now: datetime) -> bool:
    if booking is None or booking.booking_status not in (*_ALIVE, *_OVER):
        return True
    return booking.end_datetime > now and not _is_theirs(calendar, booking)


def _is_to_stay(calendar: CalendarIntegration, booking: Booking, row: CalendarEventSync | None, now: datetime) -> bool:
    """What awaits approval comes into no calendar, but stays in one where it is already."""
    is_decided = booking.booking_status == BookingStatus.CONFIRMED and booking.end_datetime > now
    return _stays(calendar, booking, now) and (is_decided or row is not None)


def _is_theirs(calendar: CalendarIntegration, booking: Booking) -> bool:
    is_host = any(host.user_id == calendar.user_id for host in booking.assigned_users.all())
    return is_host and takes_bookings(calendar)


def _is_settled(row: CalendarEventSync, entry: OutgoingEvent) -> bool:
    """Whether nothing is to be written: it says so already, or was changed there and people have to decide first."""
    if row.external_change:
        return span_of(row) == (entry.start, entry.end)
    return row.sync_status == EventSyncStatus.SYNCED and row.written.get("digest") == digest_of(entry)


def span_of(row: CalendarEventSync) -> Span | None:
    """From when to when we wrote the event last (UTC epoch seconds); none where we never did."""
    return (int(row.written["start"]), int(row.written["end"])) if "start" in row.written else None


def unwanted_of(row: CalendarEventSync) -> Span | None:
    """The time there that is to be undone, until that is written; none where nothing is."""
    return tuple(row.written["unwanted"]) if "unwanted" in row.written else None


def _wants_conference(calendar: CalendarIntegration, booking: Booking) -> bool:
    """Whether the calendar is to make the video call: one that an event of this booking brought may be replaced."""
    if booking.location_type != LocationType.VIDEO_CALL or not makes_conferences(calendar, booking.meeting_type):
        return False
    rows = CalendarEventSync.objects.filter(ical_uid=booking.ical_uid).values_list("written", flat=True)
    return booking.video_meeting_url in {"", *(written.get("conference", "") for written in rows)}


def _new_row(calendar: CalendarIntegration, uid: str) -> CalendarEventSync:
    return CalendarEventSync(
        calendar_integration=calendar,
        external_event_id=uuid4().hex,
        ical_uid=uid,
        event_type=EventType.BOOKING,
        sync_direction=EventDirection.BIDIRECTIONAL,
        is_blocking_availability=False,
    )


def _show(row: CalendarEventSync, entry: OutgoingEvent, booking: Booking) -> None:
    """Have the row say what the calendar is to have."""
    row.event_title, row.location = entry.title[:500], entry.location[:1000]
    row.start_datetime = datetime.fromtimestamp(entry.start, UTC)
    row.end_datetime = datetime.fromtimestamp(entry.end, UTC)
    row.attendees_json, row.meeting_booking = list(entry.attendees), booking


def _begun(
    row: CalendarEventSync, calendar: CalendarIntegration, entry: OutgoingEvent | None, now: datetime
) -> Writing:
    row.write_started, row.sync_status = now, EventSyncStatus.PENDING
    if not row.name:
        row.name = next_name(f"MM-CES-{calendar.name}")
    row.save()
    return Writing(
        row.pk,
        now,
        Access.of(calendar),
        zone_of(calendar.user_id),
        row.ical_uid,
        row.external_event_id,
        row.etag,
        entry,
        span_of(row),
        unwanted_of(row),
    )


def _mark_written(row: CalendarEventSync, entry: OutgoingEvent, written: Written, now: datetime) -> None:
    # A pull may have brought the event under its own id before its answer reached us.
    twins = CalendarEventSync.objects.filter(
        calendar_integration=row.calendar_integration, external_event_id=written.id
    )
    twins.exclude(pk=row.pk).delete()
    waits = 0 if written.conference or not entry.wants_conference else int(row.written.get("waits", 0)) + 1
    is_waiting = 0 < waits <= _MOST_WAITS
    row.external_event_id, row.etag, row.external_link = written.id, written.etag, written.link[:2000]
    row.written = {
        "start": entry.start,
        "end": entry.end,
        "at": now.timestamp(),
        "digest": "" if is_waiting else digest_of(entry),
        "conference": written.conference,
        "waits": waits if is_waiting else 0,
    }
    row.sync_status, row.write_started, row.external_change = EventSyncStatus.SYNCED, None, ""
    row.sync_error_log, row.last_synced = "", now


def _mark_removed(row: CalendarEventSync, now: datetime) -> None:
    row.sync_status, row.write_started, row.external_change = EventSyncStatus.DELETED_LOCALLY, None, ""
    row.sync_error_log, row.last_synced, row.etag = "", now, ""


def _tell_booking(
    booking: Booking,
    row: CalendarEventSync,
    begun: Writing,
    written: Written | None,
    former_conference: str,
    *,
    is_first: bool,
    now: datetime,
) -> None:
    owner = row.calendar_integration.user
    if written is None:
        told = f"Taken out of the calendar of {owner.email}"
    else:
        told = f"{'Written to' if is_first else 'Updated in'} the calendar of {owner.email}"
    record_calendar_event(
        booking=booking,
        host=owner,
        event_id=row.pk if written else None,
        former_event_id=row.pk,
        link=row.external_link if written else "",
        conference=written.conference if written and begun.entry and begun.entry.wants_conference else "",
        former_conference=former_conference if written is None else "",
        told=told,
        now=now,
    )
