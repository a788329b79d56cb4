"""Who is invited to a booking, and what they answer."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import BookingStatus, EventType, ResponseStatus
from meeting_manager.bookings.errors import Conflict, Superseded
from meeting_manager.bookings.inputs import Invitee, Result
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.bookings.rules import may_edit
from meeting_manager.bookings.services import door, writing
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system


def invite(*, booking: Booking, invitees: Sequence[Invitee], actor: User, now: datetime) -> Result:
    """Add participants to a Pending or Confirmed booking.

    Effects: rows, history "Details Updated", announcement "invited". Raises PermissionDenied, Conflict,
    ValidationError.
    """
    with transaction.atomic():
        current = _lock_open(booking, actor)
        cleaned = validators.participants(invitees)
        if current.participants.filter(email__in=[invitee.email for invitee in cleaned]).exists():
            raise validators.refusal("participants", _(validators.DUPLICATE_PARTICIPANTS))
        writing.invite(current, cleaned, now)
        emails = [invitee.email for invitee in cleaned]
        _note(current, f"Participants added: {', '.join(emails)}", actor, now)
        writing.tell(current, "invited", actor=actor, now=now, emails=emails)
        return Result(current)


def uninvite(*, booking: Booking, email: str, actor: User, now: datetime) -> Result:
    """Take a participant off a Pending or Confirmed booking; the customer stays.

    Effects: the row, history "Details Updated", announcement "uninvited". Raises as `invite`, and
    Participant.DoesNotExist.
    """
    with transaction.atomic():
        current = _lock_open(booking, actor)
        row = current.participants.get(email=email.strip().lower())
        if row.email == current.customer_email and not current.is_internal:
            raise validators.refusal(
                "participants", _("The customer takes part in any case. Cancel the booking instead.")
            )
        row.delete()
        _note(current, f"Participant removed: {row.email}", actor, now)
        writing.tell(current, "uninvited", actor=actor, now=now, emails=[row.email])
        return Result(current)


def respond(
    *, booking: Booking, email: str, response: str, actor: User, now: datetime, answered_at: datetime | None = None
) -> Participant:
    """Note a participant's answer: their own, or one that came in by link or mail (the system user).

    `answered_at` (aware, not after `now`) is when they gave it, where it was long on its way. Effects: the row, history
    "Participant Responded", announcement "responded"; nothing where the answer is the same. Raises PermissionDenied,
    Conflict, Superseded where they answered again since, ValidationError, Participant.DoesNotExist.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        row = current.participants.get(email=email.strip().lower())
        if not (is_system(actor) or actor == row.user or may_edit(actor, current)):
            raise PermissionDenied(_("You may not answer for this participant."))
        if current.booking_status not in HOLDING:
            raise Conflict(
                _("Cannot answer for a booking with status '%(status)s'.")
                % {"status": BookingStatus(current.booking_status).label}
            )
        if response not in ResponseStatus.values:
            message = _("Response Status must be one of %(known)s.") % {"known": ", ".join(ResponseStatus.values)}
            raise validators.refusal("response_status", message)
        if answered_at and row.response_datetime and answered_at < row.response_datetime:
            raise Superseded("This participant has answered again since.")
        if row.response_status != response:
            row.response_datetime = answered_at or now
            _answer(current, row, ResponseStatus(response), actor, now)
        return row


def _answer(booking: Booking, row: Participant, response: ResponseStatus, actor: User, now: datetime) -> None:
    text = f"{row.email} responded: {response} (before: {row.response_status})"
    row.response_status = response
    row.save(update_fields=["response_status", "response_datetime"])
    entry = history.Happened(EventType.PARTICIPANT_RESPONDED, text)
    writing.record(booking, [entry], [], actor=actor, now=now)
    writing.tell(booking, "responded", actor=actor, now=now, email=row.email, response=response)


def _lock_open(booking: Booking, actor: User) -> Booking:
    current = door.lock_booking(booking)
    if not may_edit(actor, current):
        raise PermissionDenied(_("You may not edit this booking."))
    if current.booking_status not in HOLDING:
        raise Conflict(
            _("Cannot change the participants of a booking with status '%(status)s'.")
            % {"status": BookingStatus(current.booking_status).label}
        )
    return current


def _note(booking: Booking, text: str, actor: User, now: datetime) -> None:
    writing.record(booking, [history.Happened(EventType.DETAILS_UPDATED, text)], [], actor=actor, now=now)
