"""What is done to a booking by dragging it: to another host, to another time, to another end; and taken back again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meeting_manager.bookings import services, when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.times import explain
from meeting_manager.people.models import User
from meeting_manager.people.queries import get_for
from meeting_manager.workspace.calendar_board.feed import wall

UNDONE = "Taken back in the calendar"
"""In histories, so English."""


class TimesForm(forms.Form):
    """From when to when, on the clocks of the reader; where these skip or repeat an hour, as Python reads them."""

    start = forms.DateTimeField()
    end = forms.DateTimeField()


class DropForm(TimesForm):
    """Where a booking was dropped: `host` and `former` are addresses, where it came to stand in another column."""

    host = forms.EmailField(required=False)
    former = forms.EmailField(required=False)
    undo = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """Where a booking is to be; `host` in the place of `former`, where that changes."""

    booking: Booking
    start: datetime
    end: datetime
    host: User | None
    former: User | None

    @property
    def moves(self) -> bool:
        """Whether it gets another time."""
        return (self.start, self.end) != (self.booking.start_datetime, self.booking.end_datetime)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; `undo` is what the form of the booking that is there now takes to go back."""

    booking: Booking
    said: str
    undo: Mapping[str, str]


def read_drop(booking: Booking, form: DropForm, user: User, zone: str) -> Drop:
    """What a valid form asks for. Raises User.DoesNotExist where the reader may not see the people."""
    start, end = read_times(form, zone)
    host, former = (get_for(user, form.cleaned_data[name]) if form.cleaned_data[name] else None for name in _PEOPLE)
    return Drop(booking, start, end, host if host != former else None, former)


_PEOPLE = ("host", "former")


def read_times(form: TimesForm, zone: str) -> tuple[datetime, datetime]:
    """Start and end of a valid form as instants."""
    start, end = (form.cleaned_data[name].replace(tzinfo=ZoneInfo(zone)) for name in ("start", "end"))
    return start, end


def drop(wish: Drop, *, actor: User, now: datetime, zone: str, is_undo: bool) -> Done:
    """Reassign, reschedule, or both in one; by the rules that hold for everybody.

    What is taken back was there a moment ago: who decides may have it back also where no rule would offer it any more,
    such as one within the notice; never over a clash. Raises what the services raise; Conflict where nothing changes.
    """
    if not wish.moves and wish.host is None:
        raise Conflict(_("This booking is there already."))
    service = _move if wish.moves else _reassign
    try:
        result = service(wish, actor, now, UNDONE if is_undo else "", "")
    except ValidationError:
        if not is_undo or not may_decide(actor, wish.booking.meeting_type.department):
            raise
        result = service(wish, actor, now, UNDONE, UNDONE)
    return Done(result.booking, _say(wish, result.booking, zone), _back(wish, zone))


def _move(wish: Drop, actor: User, now: datetime, reason: str, force_reason: str) -> Result:
    return services.reschedule(
        booking=wish.booking,
        start=wish.start,
        end=wish.end,
        actor=actor,
        now=now,
        host=wish.host,
        keep_hosts=wish.host is None,
        reason=reason,
        force_reason=force_reason,
    )


def _reassign(wish: Drop, actor: User, now: datetime, reason: str, force_reason: str) -> Result:
    assert wish.host is not None  # noqa: S101 - `drop` has seen to it
    return services.reassign(
        booking=wish.booking,
        new_user=wish.host,
        old_user=wish.former,
        actor=actor,
        now=now,
        reason=reason,
        force_reason=force_reason,
    )


def _say(wish: Drop, booking: Booking, zone: str) -> str:
    told = {
        "title": booking.meeting_title,
        "host": wish.host.display_name if wish.host else "",
        "when": f"{when.short_date(when.local(wish.start, zone).date())}, {when.span(wish.start, wish.end, zone)}",
    }
    if booking.booking_status == BookingStatus.PENDING and wish.moves:
        return _("“%(title)s” is at %(when)s now, and awaits approval.") % told
    if wish.host is None:
        return _("“%(title)s” is at %(when)s now.") % told
    if not wish.moves:
        return _("“%(title)s” is with %(host)s now.") % told
    return _("“%(title)s” is with %(host)s at %(when)s now.") % told


def _back(wish: Drop, zone: str) -> dict[str, str]:
    return {
        "start": wall(wish.booking.start_datetime, zone),
        "end": wall(wish.booking.end_datetime, zone),
        "host": wish.former.email if wish.host and wish.former else "",
        "former": wish.host.email if wish.host else "",
        "undo": "on",
    }


def verdicts(booking: Booking, start: datetime, end: datetime, now: datetime) -> dict[str, list[str]]:
    """For each active member of the department, by address, why they could not have the booking then; empty: could.

    The engine's own words, for all of them in one go. Raises ValidationError.
    """
    found = explain(meeting_type=booking.meeting_type, start=start, end=end, now=now, moving=Moving.of(booking))
    return {each.user: [refusal.text for refusal in each.refusals] for each in found}
