"""Editing what a booking says, without touching anybody's time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.bookings import answers as given_answers
from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import BookingStatus, EventType
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Customer, Details, Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_edit
from meeting_manager.bookings.services import door, writing
from meeting_manager.people.models import User

_OF_CUSTOMER = {
    "customer_name": "name",
    "customer_email": "email",
    "customer_phone": "phone",
    "customer_notes": "notes",
    "customer_timezone": "timezone",
    "customer_language": "language",
}
_OF_MEETING = {
    "meeting_title": "title",
    "meeting_description": "description",
    "location_type": "location_type",
    "meeting_location": "location",
    "video_meeting_url": "video_url",
}
EDITABLE = frozenset({*_OF_CUSTOMER, *_OF_MEETING})
"""The fields `edit` takes; everything else has a service of its own or is kept by the system."""

_CLOSED = (BookingStatus.CANCELLED, BookingStatus.RESCHEDULED)


def edit(
    *,
    booking: Booking,
    changes: Mapping[str, str],
    answers: Mapping[str, object] = given_answers.NO_ANSWERS,
    actor: User,
    now: datetime,
) -> Result:
    """Change fields among `EDITABLE`, and `answers` by the keys of their questions; a Cancelled or Rescheduled booking
    is closed.

    Effects: the fields, the answers, the customer's participant row, its links (a new address revokes them), history
    "Customer Updated" and "Details Updated" with old and new values, announcement "edited"; nothing where nothing
    changes. Raises PermissionDenied, Conflict, ValidationError.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_edit(actor, current):
            raise PermissionDenied(_("You may not edit this booking."))
        if current.booking_status in _CLOSED:
            raise Conflict(
                _("Cannot edit a booking with status '%(status)s'.")
                % {"status": BookingStatus(current.booking_status).label}
            )
        _refuse_unknown(current, [*changes, *(["answers"] if answers else [])])
        before = {field: getattr(current, field) for field in changes}
        cleaned = _clean(current, changes)
        corrected = given_answers.corrected(current, answers)
        changed = {field: value for field, value in cleaned.items() if value != before[field]}
        if changed or corrected != current.answers:
            _apply(current, before, changed, corrected, actor, now)
        return writing.result(current)


def _refuse_unknown(booking: Booking, fields: Iterable[str]) -> None:
    problems = validators.Problems()
    for field in fields:
        if field not in {*EDITABLE, "answers"}:
            problems.note(field, _("Field '%(field)s' cannot be edited.") % {"field": field})
        elif booking.is_internal and field not in _OF_MEETING:
            problems.note(field, _("Internal meetings have no customer."))
    problems.raise_any()


def _clean(booking: Booking, changes: Mapping[str, str]) -> dict[str, str]:
    """The changed fields cleaned, in the company of the unchanged ones, by the validations of a new booking."""
    cleaned: dict[str, str] = {}
    if changes.keys() & _OF_CUSTOMER.keys():
        values = {name: changes.get(field, getattr(booking, field)) for field, name in _OF_CUSTOMER.items()}
        customer = validators.customer(Customer(**values))
        cleaned |= {field: getattr(customer, name) for field, name in _OF_CUSTOMER.items() if field in changes}
    if changes.keys() & _OF_MEETING.keys():
        values = {name: changes.get(field, getattr(booking, field)) for field, name in _OF_MEETING.items()}
        if not values["title"].strip():
            raise validators.refusal("meeting_title", _("Meeting Title is required."))
        about = validators.details(Details(**values), booking.meeting_type, "")
        cleaned |= {field: getattr(about, name) or "" for field, name in _OF_MEETING.items() if field in changes}
    return cleaned


def _apply(
    booking: Booking,
    before: Mapping[str, str],
    changed: Mapping[str, str],
    corrected: list[given_answers.Stored],
    actor: User,
    now: datetime,
) -> None:
    of_customer = [_told(field, before[field], changed[field]) for field in changed if field in _OF_CUSTOMER]
    of_customer += [_told(*change) for change in given_answers.differences(booking.answers, corrected)]
    of_meeting = [_told(field, before[field], changed[field]) for field in changed if field in _OF_MEETING]
    fields = [*changed, *(["answers"] if corrected != booking.answers else [])]
    booking.answers = corrected
    for field, value in changed.items():
        setattr(booking, field, value)
    _follow_customer(booking, before, changed)
    if "customer_email" in changed:
        booking.link_version += 1  # whoever reads the old address keeps no key
    entries: list[history.Entry] = [
        history.Happened(event, "; ".join(told))
        for event, told in ((EventType.CUSTOMER_UPDATED, of_customer), (EventType.DETAILS_UPDATED, of_meeting))
        if told
    ]
    writing.record(booking, entries, [*fields, "link_version"], actor=actor, now=now)
    writing.tell(booking, "edited", actor=actor, now=now, fields=sorted(fields))


def _told(field: str, old: str, new: str) -> str:
    return f"{field.replace('_', ' ')}: '{old}' → '{new}'"


def _follow_customer(booking: Booking, before: Mapping[str, str], changed: Mapping[str, str]) -> None:
    """The customer is a participant too: name and address there follow, unless the new address is invited already."""
    if not changed.keys() & {"customer_name", "customer_email"}:
        return
    rows = booking.participants.filter(user__isnull=True)
    own = rows.filter(email=before.get("customer_email", booking.customer_email))
    if "customer_email" in changed and booking.participants.filter(email=booking.customer_email).exists():
        raise validators.refusal("customer_email", _(validators.DUPLICATE_PARTICIPANTS))
    own.update(name1=booking.customer_name, email=booking.customer_email)
