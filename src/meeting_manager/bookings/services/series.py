"""Meetings that come again: made, cancelled and moved together, each an ordinary booking behind the one door.

Whatever is done to several of them is one transaction: all of what was confirmed, or nothing. So nobody finds half a
series, whenever a process ends. People are not told of each: the announcements of one change carry the same `batch`,
and the first of its meetings `carries` the words for all (notifications/batches.py).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from meeting_manager.bookings import validators
from meeting_manager.bookings.choices import BookingSource
from meeting_manager.bookings.errors import SeriesClash, TimeTaken
from meeting_manager.bookings.inputs import Details, Host, Invitee, Pattern, Result
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.bookings.recurring import BookingSeries
from meeting_manager.bookings.series import WAIVED, Reach, moved_span, reached, spans_of
from meeting_manager.bookings.services import door
from meeting_manager.bookings.services.book import (
    NO_DETAILS,
    approve_or_confirm,
    compose,
    nothing_left,
    require_right_to_meet,
    span,
    write,
)
from meeting_manager.bookings.services.cancel import cancel
from meeting_manager.bookings.services.reschedule import reschedule
from meeting_manager.bookings.when import local
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User

T = TypeVar("T")
Told = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Made:
    """A new series with its bookings in order."""

    series: BookingSeries
    bookings: Sequence[Booking]
    warnings: tuple[str, ...] = ()


def book_series(
    *,
    meeting_type: MeetingType,
    pattern: Pattern,
    start: datetime,
    end: datetime | None = None,
    hosts: Sequence[Host],
    actor: User,
    now: datetime,
    participants: Sequence[Invitee] = (),
    details: Details = NO_DETAILS,
    leave_out: Collection[date] = (),
    force_reason: str = "",
) -> Made:
    """Book a meeting among colleagues that comes again: its first at `[start, end)`, the rest by `pattern`.

    The wall clock of the department's zone is the one that stays the same. `leave_out` are dates in it without a
    meeting. Every host is checked on every date, but for how far ahead customers may book. All of it is booked or
    nothing: raises SeriesClash with all the dates that can't be had, else as `book_internal`.
    """
    require_right_to_meet(actor, meeting_type)
    forced = door.check_force(actor, meeting_type.department, force_reason)
    cautions = validators.assigned_users(hosts)
    invitees = validators.participants(participants)

    def work() -> Made:
        kind = door.lock_type(meeting_type)
        require_right_to_meet(actor, kind)
        validators.meeting_type(kind, internal=True)
        about = validators.details(details, kind, kind.meeting_name)
        begins, ends = span(kind, start, end, actor)
        validators.timing(begins, ends, now)
        zone = kind.department.timezone
        dates, spans = spans_of(pattern, begins, ends, zone)
        wanted = [each for day, each in zip(dates.dates, spans, strict=True) if day not in leave_out]
        if not wanted:
            raise validators.refusal("leave_out", nothing_left())
        series = _remember(kind, pattern, zone, wanted, sorted(set(leave_out) & set(dates.dates)), actor, now)
        door.lock_users([host.user.pk for host in hosts])
        wishes = [door.Wish(kind, *each, actor, now, forced, waived=WAIVED) for each in wanted]
        results = _each(wishes, _starts, lambda wish, told: _book_one(wish, series, hosts, about, invitees, told))
        return Made(series, [one.booking for one in results], (*cautions, *results[0].warnings))

    return door.attempt(work)


def cancel_series(*, booking: Booking, reach: Reach, actor: User, now: datetime, reason: str = "") -> list[Result]:
    """Cancel a meeting, it and those that follow, or all that are to come; each as `cancel` does, all or nothing.

    Raises as `cancel`.
    """
    with transaction.atomic():
        chosen = _lock(booking, reach, now)
        batch = _batch(len(chosen))
        return [
            cancel(booking=one, actor=actor, now=now, reason=reason, more=_told(batch, one is chosen[0]))
            for one in chosen
        ]


def move_series(
    *,
    booking: Booking,
    reach: Reach,
    start: datetime,
    end: datetime | None = None,
    actor: User,
    now: datetime,
    reason: str = "",
    force_reason: str = "",
    leave: Collection[str] = (),
) -> list[Result]:
    """Move a meeting to `[start, end)`, and with it those that follow, or all that are to come.

    The others go by as many days to the same time of day, on the wall clock of the series. Those named in `leave` stay.
    Each moves as `reschedule` does and keeps its hosts, all or nothing: raises SeriesClash with all that can't be
    moved (their present starts), else as `reschedule`. Returns the new bookings in order.
    """
    zone = booking.series.timezone if booking.series else booking.meeting_type.department.timezone
    old, new = local(booking.start_datetime, zone), local(start, zone)
    days, wall = new.date() - old.date(), new.hour * 3600 + new.minute * 60 + new.second
    length = end - start if end else None

    def move(one: Booking, told: Told) -> Result:
        begins, ends = (start, end) if one.pk == booking.pk else moved_span(one, zone, days, wall, length)
        return reschedule(
            booking=one,
            start=begins,
            end=ends,
            actor=actor,
            now=now,
            reason=reason,
            force_reason=force_reason,
            keep_hosts=True,
            more=told,
        )

    def work() -> list[Result]:
        chosen = [one for one in _lock(booking, reach, now) if one.name not in leave]
        if not chosen:
            raise validators.refusal("leave", nothing_left())
        # Whoever moves along must not meet who has yet to leave.
        return _each(chosen, _starts_of, move, backwards=start > booking.start_datetime)

    return door.attempt(work)


def _lock(booking: Booking, reach: Reach, now: datetime) -> list[Booking]:
    """The meetings in question as they are now, locked, with their department and hosts: in the order of all locks."""
    keys = list(reached(booking, reach, now).values_list("pk", flat=True))
    door.lock_bookings(keys)
    chosen = reached(booking, reach, now).filter(pk__in=keys).select_related("meeting_type__department", "series")
    door.lock_type(booking.meeting_type)
    door.lock_users(AssignedUser.objects.filter(booking__in=keys).values_list("user_id", flat=True).distinct())
    return list(chosen)


def _each(
    items: Sequence[T],
    start_of: Callable[[T], datetime],
    do: Callable[[T, Told], Result],
    *,
    backwards: bool = False,
) -> list[Result]:
    """What `do` makes of each, in order; raises SeriesClash with all that are refused, so that nothing is kept."""
    batch = _batch(len(items))
    results: dict[int, Result] = {}
    clashes: list[tuple[datetime, str]] = []
    for number in sorted(range(len(items)), reverse=backwards):
        try:
            with transaction.atomic():
                results[number] = do(items[number], _told(batch, number == 0))
        except TimeTaken as error:
            clashes.append((start_of(items[number]), str(error)))
        except ValidationError as error:
            if "start_datetime" not in error.message_dict:
                raise
            clashes.append((start_of(items[number]), error.message_dict["start_datetime"][0]))
    if clashes:
        raise SeriesClash(sorted(clashes))
    return [results[number] for number in sorted(results)]


def _book_one(
    wish: door.Wish,
    series: BookingSeries,
    hosts: Sequence[Host],
    about: Details,
    invitees: Sequence[Invitee],
    told: Told,
) -> Result:
    booking = compose(wish, about, BookingSource.INTERNAL, None)
    booking.series, booking.series_start = series, wish.start
    choice = door.take_named(wish, [host.user for host in hosts], is_assignment=False)
    approve_or_confirm(booking, wish.actor, wish.now, needs_approval=False)
    primary = [host.user.pk for host in hosts if host.is_primary]
    return write(booking, wish, choice, primary, invitees, more=told)


def _remember(
    kind: MeetingType,
    pattern: Pattern,
    zone: str,
    spans: Sequence[tuple[datetime, datetime]],
    left_out: Sequence[date],
    actor: User,
    now: datetime,
) -> BookingSeries:
    return BookingSeries.objects.create(
        meeting_type=kind,
        repeats=pattern.repeats,
        timezone=zone,
        planned=[start.astimezone(UTC).isoformat() for start, _end in spans],
        left_out=[day.isoformat() for day in left_out],
        created_by=actor,
        created_at=now,
    )


def _batch(size: int) -> str:
    return uuid4().hex if size > 1 else ""


def _told(batch: str, is_first: bool) -> Told:
    return {"batch": batch, "carries": is_first} if batch else {}


def _starts(wish: door.Wish) -> datetime:
    return wish.start


def _starts_of(booking: Booking) -> datetime:
    return booking.start_datetime
