"""What saving a changed booking means: each changed field goes to the service whose business it is.

Frappe's clients read a document, change it and send it back (founding document, use cases 3 to 6). So a new status is
a decision, a cancellation or what became of the meeting; another host is a reassignment; another time a move, after
which the answer is the new booking. All of it happens, or none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from meeting_manager.api.answering import reread
from meeting_manager.api.creating import invitee
from meeting_manager.api.finding import user_named
from meeting_manager.api.frappe.documents.doctype import Json
from meeting_manager.api.frappe.documents.kinds.rows import take_rows
from meeting_manager.api.reading import read_as, read_optional_instant
from meeting_manager.api.schemas.inputs import HostIn, ParticipantIn
from meeting_manager.bookings import services
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.people.models import User

KEPT_OF_HOST = frozenset({"full_name", "assigned_at", "assigned_by"})
KEPT_OF_PARTICIPANT = frozenset({"response_datetime"})
_REASONS = ("cancellation_reason", "rejection_reason", "reassignment_reason", "force_reason", "notes")
_LINK = ("calendar_event", "calendar_event_synced")
_TIMES = ("start_datetime", "end_datetime")
_STATUS = ("booking_status", "approval_status")
_SAVED = frozenset({*services.EDITABLE, *_REASONS, *_LINK, *_TIMES, *_STATUS, "answers"})

Step = Callable[[Booking, Json, User, datetime], Booking]


def save_changed(actor: User, found: Booking, changes: Json) -> Booking:
    """Do what the changed fields say, in one transaction; the booking as it stands then. Raises as the services do."""
    now = timezone.now()
    hosts = take_rows(changes, "assigned_users", without=KEPT_OF_HOST)
    people = take_rows(changes, "participants", without=KEPT_OF_PARTICIPANT)
    _refuse_unknown(changes)
    with transaction.atomic():
        booking = found
        for step in (_edit, _link):
            booking = step(booking, changes, actor, now)
        booking = _follow_participants(booking, people, actor, now)
        booking = _follow_hosts(booking, hosts, changes, actor, now)
        for step in (_move, _change_status):
            booking = step(booking, changes, actor, now)
    return booking


def _refuse_unknown(changes: Json) -> None:
    for field in changes.keys() - _SAVED:
        shown = ascii(field)[1:-1][:80]
        raise ValidationError({field: f"Field '{shown}' of a booking cannot be set here. Please leave it out."})


def _edit(booking: Booking, changes: Json, actor: User, now: datetime) -> Booking:
    texts = {field: _text(changes, field) for field in services.EDITABLE if field in changes}
    answers = _answers(booking, changes["answers"]) if "answers" in changes else {}
    if not texts and not answers:
        return booking
    return services.edit(booking=booking, changes=texts, answers=answers, actor=actor, now=now).booking


def _answers(booking: Booking, given: object) -> Mapping[str, object]:
    """By their keys, as REST takes them, or as the document shows them; what is missing there is taken away."""
    if isinstance(given, dict):
        return given
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("key"), str) for one in given
    ):
        raise ValidationError({"answers": "Field 'answers' must be an object, or a list of objects with 'key'."})
    old = {each["key"]: None for each in booking.answers}
    return {**old, **{one["key"]: _as_asked(one) for one in given}}


def _as_asked(one: Json) -> object:
    value = one.get("value")
    return bool(value) if one.get("type") == "Checkbox" and value in (0, 1) else value


def _link(booking: Booking, changes: Json, actor: User, now: datetime) -> Booking:
    if not changes.keys() & set(_LINK):
        return booking
    stored = booking.calendar_event.name if booking.calendar_event else ""
    name = _text(changes, "calendar_event") if "calendar_event" in changes else stored
    synced = changes.get("calendar_event_synced", booking.calendar_event_synced and bool(name or not stored))
    if synced not in (0, 1, True, False):
        raise ValidationError({"calendar_event_synced": "Field 'calendar_event_synced' must be 1 or 0."})
    return services.link_calendar_event(
        booking=booking, event_name=name, synced=bool(synced), actor=actor, now=now
    ).booking


def _follow_participants(booking: Booking, rows: list[Json] | None, actor: User, now: datetime) -> Booking:
    """Invite who is new in the table, take off who is missing, note changed answers."""
    if rows is None:
        return booking
    wanted = [invitee(read_as(ParticipantIn, row)) for row in rows]
    there = {row.email: row for row in booking.participants.select_related("user")}
    named = {(one.user.email if one.user and not one.email else one.email).strip().lower(): one for one in wanted}
    for email in there.keys() - named.keys():
        services.uninvite(booking=booking, email=email, actor=actor, now=now)
    new = [one for email, one in named.items() if email not in there]
    if new:
        services.invite(booking=booking, invitees=new, actor=actor, now=now)
    for email in named.keys() & there.keys():
        response = str(named[email].response_status)
        if response != there[email].response_status:
            services.respond(booking=booking, email=email, response=response, actor=actor, now=now)
    return reread(booking)


def _follow_hosts(booking: Booking, rows: list[Json] | None, changes: Json, actor: User, now: datetime) -> Booking:
    """One host may be replaced by another, as in a reassignment."""
    if rows is None:
        return booking
    named = [user_named(read_as(HostIn, row).user, "assigned_users") for row in rows]
    there = [row.user for row in booking.assigned_users.select_related("user")]
    come, go = [user for user in named if user not in there], [user for user in there if user not in named]
    if not come and not go:
        return booking
    if len(come) != 1 or len(go) != 1:
        raise ValidationError({"assigned_users": "One host can be replaced by one other at a time."})
    return services.reassign(
        booking=booking,
        new_user=come[0],
        old_user=go[0],
        actor=actor,
        now=now,
        reason=_text(changes, "reassignment_reason"),
        force_reason=_text(changes, "force_reason").strip(),
    ).booking


def _move(booking: Booking, changes: Json, actor: User, now: datetime) -> Booking:
    if not changes.keys() & set(_TIMES):
        return booking
    start = read_optional_instant(_text(changes, "start_datetime"), "start_datetime")
    end = read_optional_instant(_text(changes, "end_datetime"), "end_datetime")
    return services.reschedule(
        booking=booking,
        start=start or booking.start_datetime,
        end=end,
        actor=actor,
        now=now,
        force_reason=_text(changes, "force_reason").strip(),
    ).booking


def _change_status(booking: Booking, changes: Json, actor: User, now: datetime) -> Booking:
    """A decision where there is one, else what the new status says."""
    decision, status = _text(changes, "approval_status"), _text(changes, "booking_status")
    if decision == ApprovalStatus.APPROVED or (not decision and status == BookingStatus.CONFIRMED):
        return services.approve(booking=booking, actor=actor, now=now, comment=_text(changes, "notes")).booking
    if decision == ApprovalStatus.REJECTED:
        reason = _text(changes, "rejection_reason")
        return services.reject(booking=booking, actor=actor, now=now, reason=reason).booking
    if decision or status:
        return _conclude(booking, decision, status, changes, actor, now)
    _refuse_reasons(changes)
    return booking


def _conclude(booking: Booking, decision: str, status: str, changes: Json, actor: User, now: datetime) -> Booking:
    if decision or status not in _SERVICES:
        known = ", ".join(BookingStatus.values)
        if not decision and status in BookingStatus.values:
            check_change(booking.booking_status, BookingStatus(status))
        field = "approval_status" if decision else "booking_status"
        raise ValidationError(
            {field: f"Field '{field}' cannot be set to '{(decision or status)[:80]}'. Known: {known}."}
        )
    service, argument, field = _SERVICES[status]
    given = {argument: _text(changes, field)}
    return service(booking=booking, actor=actor, now=now, **given).booking


_SERVICES: Mapping[str, tuple[Callable[..., Result], str, str]] = {
    BookingStatus.CANCELLED: (services.cancel, "reason", "cancellation_reason"),
    BookingStatus.COMPLETED: (services.complete, "notes", "notes"),
    BookingStatus.NO_SHOW: (services.mark_no_show, "notes", "notes"),
}


def _refuse_reasons(changes: Json) -> None:
    for field in ("cancellation_reason", "rejection_reason"):
        if changes.get(field):
            raise ValidationError({field: f"Field '{field}' goes with the status that it explains."})


def _text(changes: Json, field: str) -> str:
    value: Any = changes.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError({field: f"Field '{field}' must be text."})
    return value
