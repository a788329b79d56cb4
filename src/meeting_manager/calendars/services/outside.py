"""What becomes of a booking whose event somebody moved, deleted or answered in a calendar."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.adapters.calendar.protocol import PulledEvent
from meeting_manager.adapters.errors import RefusedError
from meeting_manager.bookings import services as bookings
from meeting_manager.bookings.choices import ResponseStatus
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.invitation.entry import PARTSTAT
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.bookings.rules import may_edit
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.choices import EventSyncStatus, ExternalChange
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.calendars.services.noticing import ANSWERED
from meeting_manager.calendars.services.outgoing import owe_again
from meeting_manager.calendars.services.writing import current_booking
from meeting_manager.calendars.services.zones import zone_of
from meeting_manager.departments.choices import CalendarChanges
from meeting_manager.engine.lifecycle import HOLDING, IllegalChange
from meeting_manager.ledger.services import Event, announce
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user

StillThere = Callable[[Access, str, str], PulledEvent | None]
"""Looks an event up in its calendar, over the network: access, zone, its id."""

_REFUSALS = (PermissionDenied, ValidationError, TimeTaken, Conflict, IllegalChange)
_MANY = 3
"""So many bookings that go at once were hardly deleted one by one."""
_SETTLED = "It is settled meanwhile."
_RESPONSES = {word: status for status, word in PARTSTAT.items() if status != ResponseStatus.PENDING}


def act(payload: Mapping[str, Any], now: datetime, *, still_there: StillThere) -> str:
    """Act on a change that was noticed; returns what was done, in words for the timeline. Outside any transaction.

    What a department follows is done through the services of bookings as if the host had done it here; everything else,
    and what they refuse, is announced as `booking.calendar_changed`.
    """
    event = _found(payload["event"])
    booking = current_booking(event.ical_uid) if event else None
    if event is None or booking is None or booking.booking_status not in HOLDING:
        return _SETTLED
    if payload["change"] == ANSWERED:
        return _take_answers(booking, payload["answers"], now)
    if event.external_change != payload["change"] or booking.end_datetime <= now:
        return _SETTLED
    doubt = _doubt(event, payload, still_there) if event.external_change == ExternalChange.DELETED else ""
    return _follow_or_flag(event, booking, payload["noticed"], doubt, now) if event.external_change else _SETTLED


def _doubt(event: CalendarEventSync, payload: Mapping[str, Any], still_there: StillThere) -> str:
    """Why a deletion is for people to judge, whatever the department follows: a calendar that was emptied, or that can
    no longer be asked, says nothing of single meetings. Looks the event up; raises what passes by itself."""
    try:
        _look_again(event, still_there)
    except RefusedError as error:
        return f"The calendar could not be asked once more. {error}"
    if int(payload.get("among", 1)) >= _MANY:
        return "Several bookings disappeared from this calendar at once, so none of them was cancelled."
    return ""


def follow(*, actor: User, event: CalendarEventSync, now: datetime) -> Booking:
    """Do here what was done to the event there: move its booking, or cancel it, with the host it has.

    Raises PermissionDenied, ValidationError, TimeTaken, Conflict, IllegalChange as the booking's own services do.
    """
    booking = _held(actor, event)
    whose = event.calendar_integration.user.email
    if event.external_change == ExternalChange.DELETED:
        with transaction.atomic():
            done = bookings.cancel(booking=booking, actor=actor, now=now, reason=f"Deleted in the calendar of {whose}")
            _settle(event, sync_status=EventSyncStatus.DELETED_LOCALLY)
        return done.booking
    start, end = event.start_datetime, event.end_datetime
    with transaction.atomic():
        done = bookings.reschedule(
            booking=booking,
            start=start,
            end=end,
            actor=actor,
            now=now,
            reason=f"Moved in the calendar of {whose}",
            keep_hosts=True,
        )
        span = {"start": int(start.timestamp()), "end": int(end.timestamp())}
        _settle(event, written={**event.written, **span, "digest": ""})
    return done.booking


def restore(*, actor: User, event: CalendarEventSync, now: datetime) -> Booking:
    """Have the event written again as the booking says. Effects: a delivery. Raises PermissionDenied, Conflict."""
    booking = _held(actor, event)
    is_deleted = event.external_change == ExternalChange.DELETED
    status = EventSyncStatus.DELETED_LOCALLY if is_deleted else EventSyncStatus.PENDING
    with transaction.atomic():
        # Until it is written, pulls go on telling the time that is unwanted; nobody is to be asked about it again.
        unwanted = [int(event.start_datetime.timestamp()), int(event.end_datetime.timestamp())]
        _settle(event, sync_status=status, written={**event.written, "digest": "", "unwanted": unwanted})
        owe_again(event, booking.name, now)
    return booking


def _held(actor: User, event: CalendarEventSync) -> Booking:
    booking = current_booking(event.ical_uid)
    if booking is None or not may_edit(actor, booking):
        raise PermissionDenied(_("You may not change this booking."))
    if not event.external_change or booking.booking_status not in HOLDING:
        raise Conflict(_("This was settled meanwhile."))
    return booking


def _settle(event: CalendarEventSync, **changes: object) -> None:
    """Nobody has to decide about it any more. Raises Conflict where somebody else just has."""
    rows = CalendarEventSync.objects.filter(pk=event.pk, external_change=event.external_change)
    if not rows.update(external_change="", **changes):
        raise Conflict(_("This was settled meanwhile."))
    event.external_change = ""


def _found(pk: int) -> CalendarEventSync | None:
    return CalendarEventSync.objects.select_related("calendar_integration__user").filter(pk=pk).first()


def _look_again(event: CalendarEventSync, still_there: StillThere) -> None:
    """Before a meeting is cancelled: an event that is no longer told may have been moved far away."""
    calendar = event.calendar_integration
    found = still_there(Access.of(calendar), zone_of(calendar.user_id), event.external_event_id)
    if found is None:
        event.refresh_from_db(fields=["external_change"])
        return
    event.start_datetime = datetime.fromtimestamp(found.start, UTC)
    event.end_datetime = datetime.fromtimestamp(found.end, UTC)
    is_where_it_was = (found.start, found.end) == (event.written.get("start"), event.written.get("end"))
    event.external_change = "" if is_where_it_was else ExternalChange.MOVED
    event.sync_status, event.etag = EventSyncStatus.SYNCED, found.etag
    names = ("start_datetime", "end_datetime", "external_change", "sync_status", "etag")
    changes = {name: getattr(event, name) for name in names}
    # While we asked, somebody may have decided, or a writing begun: what they did stands.
    rows = CalendarEventSync.objects.filter(pk=event.pk, external_change=ExternalChange.DELETED, write_started=None)
    if not rows.update(**changes):
        event.external_change = ""


def _follow_or_flag(event: CalendarEventSync, booking: Booking, noticed: str, doubt: str, now: datetime) -> str:
    change, why_not = event.external_change, doubt
    host = event.calendar_integration.user
    if not doubt and booking.meeting_type.department.calendar_changes == CalendarChanges.FOLLOW:
        try:
            follow(actor=host, event=event, now=now)
        except _REFUSALS as error:
            why_not = _words(error)
        else:
            return f"{change} in the calendar of {host.email}, and here."
    key = f"booking.calendar_changed:{booking.name}:{event.pk}:{noticed}"
    told = {
        "booking": booking.name,
        "uid": booking.ical_uid,
        "actor": host.email,
        "host": host.email,
        "change": change,
        "start": event.start_datetime.isoformat(),
        "end": event.end_datetime.isoformat(),
        "followed": False,
        "why_not": why_not,
    }
    with transaction.atomic():
        announce([Event("booking.calendar_changed", key, told)], now=now)
    return f"{change} in the calendar of {host.email}; people decide." + (f" {why_not}" if why_not else "")


def _words(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _take_answers(booking: Booking, answers: Mapping[str, str], now: datetime) -> str:
    taken = 0
    for email, word in answers.items():
        response = _RESPONSES.get(word)
        if response is None:
            continue
        try:
            bookings.respond(booking=booking, email=email, response=response, actor=system_user(), now=now)
            taken += 1
        except (Participant.DoesNotExist, Conflict):
            continue  # somebody whom the host invited there by themselves
    return f"Answers taken over: {taken}"
