"""Moving a booking to another time: a new booking, linked both ways, and the old one Rescheduled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, series, validators
from meeting_manager.bookings.choices import BookingStatus, ResponseStatus
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.inputs import Invitee, Result
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.bookings.rules import may_cancel_or_move, may_decide
from meeting_manager.bookings.services import door, writing
from meeting_manager.bookings.services.book import announced, approve_or_confirm, minutes, opening_entries
from meeting_manager.bookings.services.cancel import refuse_guest_after_start
from meeting_manager.busy import services as busy
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.engine.refusals import RefusalCode
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system

_COPIED = (
    "is_internal",
    "booking_source",
    "meeting_title",
    "meeting_description",
    "meeting_location",
    "video_meeting_url",
    "location_type",
    "customer_name",
    "customer_email",
    "customer_phone",
    "customer_notes",
    "customer_timezone",
    "answers",
    "customer_language",
    "ical_uid",
    "series_id",
    "series_start",
)


def reschedule(
    *,
    booking: Booking,
    start: datetime,
    end: datetime | None = None,
    actor: User,
    now: datetime,
    host: User | None = None,
    reason: str = "",
    force_reason: str = "",
    keep_hosts: bool = False,
    more: Mapping[str, object] = writing.NOTHING_MORE,
) -> Result:
    """Move a Pending or Confirmed booking to `[start, end)` (aware; without `end` it keeps its length).

    It keeps its host if free, else the department assigns anew, or with `keep_hosts` refuses; those who decide may name
    a `host`. Every rule holds at the new time, the old booking left out. Approval starts again where the type asks for
    it. Returns the new booking. Effects: both bookings, both their histories, busy time, counters of a newly assigned
    host, announcement "rescheduled" (with `more`). Raises PermissionDenied, IllegalChange, Conflict, ValidationError,
    TimeTaken.
    """

    def work() -> Result:
        old = _lock_movable(booking, actor, now)
        kind = door.lock_type(old.meeting_type)
        forced = _check_rights(old, actor, host, force_reason)
        why = validators.remark("reason", gettext_noop("Reason"), reason)
        begins = door.instant(start)
        ends = door.instant(end) if end else begins + (old.end_datetime - old.start_datetime)
        _check_length(old, begins, ends, actor)
        validators.timing(begins, ends, now)
        wish = door.Wish(kind, begins, ends, actor, now, forced, Moving.of(old), waived_for(old))
        hosts = list(old.assigned_users.select_related("user"))
        choice = _choose(wish, old, hosts, host, keep=keep_hosts)
        new = _successor(old, wish, choice)
        asks = not old.is_internal and (old.requires_approval or kind.requires_approval)
        approve_or_confirm(new, actor, now, needs_approval=asks)
        _close(old, actor, now, why)
        _open(new, old, choice, hosts, wish, why, more)
        return writing.result(new)

    return door.attempt(work)


def waived_for(booking: Booking) -> Collection[RefusalCode]:
    """What does not apply to an occurrence of a series: how far ahead customers may book says nothing about it."""
    return series.WAIVED if booking.series_id else ()


def _lock_movable(booking: Booking, actor: User, now: datetime) -> Booking:
    old = door.lock_booking(booking)
    if not may_cancel_or_move(actor, old):
        raise PermissionDenied(_("You may not reschedule this booking."))
    check_change(old.booking_status, BookingStatus.RESCHEDULED)
    refuse_guest_after_start(old, actor, now, _("This booking has already started and can no longer be rescheduled."))
    return old


def _check_rights(old: Booking, actor: User, host: User | None, force_reason: str) -> str:
    department = old.meeting_type.department
    if host is not None and not may_decide(actor, department):
        raise PermissionDenied(_("Only a department leader or a System Manager may choose another host."))
    forced = door.check_force(actor, department, force_reason)
    if host is not None and old.is_internal:
        raise validators.refusal("host", _("An internal meeting keeps its hosts when it moves. Reassign it instead."))
    return forced


def _check_length(old: Booking, begins: datetime, ends: datetime, actor: User) -> None:
    length = old.end_datetime - old.start_datetime
    if is_system(actor) and timedelta() < ends - begins != length:
        raise validators.refusal(
            "end_datetime",
            _("End DateTime must be %(minutes)s minutes after Start DateTime.") % {"minutes": old.duration},
        )


def _choose(
    wish: door.Wish, old: Booking, hosts: Sequence[AssignedUser], host: User | None, *, keep: bool
) -> door.Choice:
    current = [row.user for row in hosts]
    if old.is_internal or keep:
        door.lock_users([user.pk for user in current])
        kept = door.take_named(wish, current, is_assignment=False)
        return door.Choice(kept.hosts, is_assignment=False)
    if host is not None:
        door.lock_users([host.pk])
        taken = door.take_named(wish, [host])
        return door.Choice(taken.hosts, is_assignment=False) if host in current else taken
    door.lock_members(wish.kind)
    return door.find_host(wish, keep=[user.pk for user in current])


def _successor(old: Booking, wish: door.Wish, choice: door.Choice) -> Booking:
    new = Booking(
        meeting_type=wish.kind,
        booking_status=BookingStatus.PENDING,
        booking_date=wish.now.date(),
        start_datetime=wish.start,
        end_datetime=wish.end,
        duration=minutes(wish.end - wish.start),
        rescheduled_from=old,
        sequence_base=old.sequence + 1,
        assignment_method=choice.method or old.assignment_method,
        assignment_receipt=dict(choice.receipt) or old.assignment_receipt,
        created_by=wish.actor,
        created_at=wish.now,
        modified_at=wish.now,
    )
    for field in _COPIED:
        setattr(new, field, getattr(old, field))
    return new


def _close(old: Booking, actor: User, now: datetime, why: str) -> None:
    before, old.booking_status = old.booking_status, BookingStatus.RESCHEDULED
    busy.release(old.pk)
    told = (history.by_customer(old, actor), history.because("Reason", why))
    change = history.status_change(before, BookingStatus.RESCHEDULED, *told)
    writing.record(old, [change], ["booking_status"], actor=actor, now=now)


def _open(
    new: Booking,
    old: Booking,
    choice: door.Choice,
    hosts: Sequence[AssignedUser],
    wish: door.Wish,
    why: str,
    more: Mapping[str, object],
) -> None:
    primary = {row.user_id for row in hosts if row.is_primary_host} & set(choice.hosts) or set(choice.hosts[:1])
    told = (f"Moved from {old.name}", history.because("Reason", why))
    writing.insert(
        new,
        choice=choice,
        primary=primary,
        participants=_asked_again(old),
        entries=opening_entries(new, wish, *told),
        actor=wish.actor,
        now=wish.now,
    )
    door.count_assignment(wish.kind, choice, wish.now)
    lost = [row.user.email for row in hosts if row.user_id not in choice.hosts]
    moved = {"moved_from": old.name, "former_hosts": lost, "state": announced(new), "reason": why}
    writing.tell(new, "rescheduled", actor=wish.actor, now=wish.now, **moved, **more)


def _asked_again(old: Booking) -> list[Invitee]:
    """The participants of the old booking; an answer was for the old time."""
    return [
        Invitee(row.email, row.name1, row.user, row.participant_type, ResponseStatus.PENDING)
        for row in old.participants.select_related("user")
    ]
