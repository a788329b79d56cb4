"""Erasing who a guest was from a booking, which itself stays: its time, hosts, states and its chain of histories."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.bookings import history
from meeting_manager.bookings.choices import ApprovalStatus, EventType
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.models import AssignmentHistory, Booking, BookingHistory, Participant
from meeting_manager.bookings.personal import is_ours, names_in
from meeting_manager.bookings.rules import may_delete
from meeting_manager.bookings.services import door, writing
from meeting_manager.bookings.services.requests import requests_of
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.erasure import ERASED_NAME, ERASED_TEXT, Person, erased_address, is_erased, scrub
from meeting_manager.people.models import User

_FIELDS = (
    "customer_name",
    "customer_email",
    "customer_phone",
    "customer_notes",
    "customer_timezone",
    "answers",
    "meeting_title",
    "meeting_description",
    "meeting_location",
    "cancellation_reason",
    "rejection_reason",
    "assignment_receipt",
    "link_version",
    "erased_at",
)


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased from which booking; `people` know what their addresses became. `customer` is one of them, or None.

    Rooms that keep something about the booking erase by it, in the same transaction.
    """

    booking: str
    uid: str
    people: Sequence[Person]
    customer: Person | None


def erase(*, booking: Booking, actor: User, now: datetime, address: str = "") -> Erased | None:
    """Erase the guest with this address from a booking that is over or cancelled, or without one all its guests.

    Customer and guests among the participants get neutral names and addresses; notes, answers, phone and zone go, and
    so do texts that name them; of the histories, whose chain stays whole, everything in other words than ours where the
    customer is erased, else what names the guest. Colleagues stay. None where there is nothing of them, so it may be
    repeated. Effects: these rows, new links, history "Details Updated", announcement "erased", on which calendars are
    owed the neutral entry; nobody is told by mail. Raises PermissionDenied, Conflict while it is still to take place.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_delete(actor):
            raise PermissionDenied(_("Only a System Manager may erase personal data."))
        guests = _guests(current, address)
        customer = _customer(current, address)
        people = _people(current, guests, customer, address)
        entries = _entries_about(current, people, is_customer=customer is not None)
        if not (guests or customer or entries):
            return None
        if (guests or customer) and current.booking_status in HOLDING and current.end_datetime > now:
            raise Conflict(_("This booking is still to take place. Please cancel it first."))
        _erase_guests(current, guests)
        _erase_fields(current, people, customer)
        _erase_texts(entries)
        BookingRequest.objects.filter(booking=current).delete()
        current.erased_at = now
        note = history.Happened(EventType.DETAILS_UPDATED, ERASED_TEXT)
        writing.record(current, [note], _FIELDS, actor=actor, now=now)
        writing.tell(current, "erased", actor=actor, now=now)
    return Erased(current.name, current.ical_uid, people, customer)


def erase_requests(address: str) -> int:
    """Delete what this person has yet to confirm; returns how many requests that were."""
    found = [asked.pk for asked in requests_of(address)]
    BookingRequest.objects.filter(pk__in=found).delete()
    return len(found)


def _guests(booking: Booking, address: str) -> list[Participant]:
    rows = booking.participants.filter(user=None)
    rows = rows.filter(email=address) if address else rows
    return [row for row in rows if not is_erased(row.email)]


def _customer(booking: Booking, address: str) -> Person | None:
    email = booking.customer_email
    if booking.is_internal or not email or is_erased(email) or address not in {"", email}:
        return None
    return Person(email, names_in(booking, email), erased_address(booking.pk))


def _people(booking: Booking, guests: Collection[Participant], customer: Person | None, address: str) -> list[Person]:
    found = [customer] if customer else []
    found += [
        Person(row.email, names_in(booking, row.email), erased_address(booking.pk, row.pk))
        for row in guests
        if customer is None or row.email != customer.address
    ]
    return found or ([Person(address)] if address else [])


def _entries_about(
    booking: Booking, people: Sequence[Person], *, is_customer: bool
) -> list[BookingHistory | AssignmentHistory]:
    def is_about(text: str) -> bool:
        return not is_ours(text) if is_customer else any(one.is_named_in(text) for one in people)

    rows: list[BookingHistory | AssignmentHistory] = [*booking.booking_history.all()]
    rows += booking.assignment_history.all()
    return [row for row in rows if is_about(history.text_of(row))]


def _erase_guests(booking: Booking, guests: Collection[Participant]) -> None:
    for row in guests:
        is_customer = row.email == booking.customer_email
        row.email = erased_address(booking.pk) if is_customer else erased_address(booking.pk, row.pk)
        row.name1 = ERASED_NAME
        row.save(update_fields=["email", "name1"])


def _erase_fields(booking: Booking, people: Sequence[Person], customer: Person | None) -> None:
    """The booking's own fields, not saved yet."""
    if customer:
        booking.customer_name, booking.customer_email = ERASED_NAME, customer.instead
        booking.customer_phone = booking.customer_notes = booking.customer_timezone = ""
        booking.answers = []
        booking.cancellation_reason = ERASED_TEXT if booking.cancellation_reason else ""
        is_rejected = booking.approval_status == ApprovalStatus.REJECTED
        booking.rejection_reason = ERASED_TEXT if booking.rejection_reason or is_rejected else ""
        booking.link_version += 1
    if _is_about(booking.meeting_title, people, customer):
        booking.meeting_title = booking.meeting_type.meeting_name
    for field in ("meeting_description", "meeting_location", "cancellation_reason"):
        if _is_about(getattr(booking, field), people, customer):
            setattr(booking, field, ERASED_TEXT if field == "cancellation_reason" else "")
    booking.assignment_receipt = scrub(booking.assignment_receipt, people)


def _is_about(text: str, people: Sequence[Person], customer: Person | None) -> bool:
    if customer and customer.is_hinted_in(text):
        return True
    return any(one.is_named_in(text) for one in people)


def _erase_texts(entries: Collection[BookingHistory | AssignmentHistory]) -> None:
    """Text and salt go; the digest, and with it the chain, stays (see `history.py`)."""
    happened = [row.pk for row in entries if isinstance(row, BookingHistory)]
    changed = [row.pk for row in entries if isinstance(row, AssignmentHistory)]
    BookingHistory.objects.filter(pk__in=happened).update(event_description=ERASED_TEXT, salt="")
    AssignmentHistory.objects.filter(pk__in=changed).update(notes=ERASED_TEXT, salt="")
