"""Giving a booking to another host."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import AssignmentAction, AssignmentMethod, EventType
from meeting_manager.bookings.facts import Moving, seconds
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.services import door, writing
from meeting_manager.busy import services as busy
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User


def reassign(
    *,
    booking: Booking,
    new_user: User,
    actor: User,
    now: datetime,
    old_user: User | None = None,
    reason: str = "",
    force_reason: str = "",
) -> Result:
    """Replace the primary host, or `old_user`, by `new_user`, who must be free; possible while Pending or Confirmed.

    Effects: hosts, both histories, busy time, the new host's counters (customer bookings), announcement "reassigned".
    Raises PermissionDenied, Conflict, ValidationError, TimeTaken.
    """

    def work() -> Result:
        current = door.lock_booking(booking)
        if not may_decide(actor, current.meeting_type.department):
            raise PermissionDenied(_("Only a department leader or a System Manager may reassign bookings."))
        validators.reassignable(current)
        why = validators.remark("reassignment_reason", gettext_noop("Reassignment Reason"), reason)
        hosts = list(current.assigned_users.select_related("user"))
        leaving = _leaving(hosts, old_user)
        if any(host.user_id == new_user.pk for host in hosts):
            raise validators.refusal("assigned_users", _(validators.DUPLICATE_HOSTS))
        kind = door.lock_type(current.meeting_type)
        forced = door.check_force(actor, kind.department, force_reason)
        choice = _take(current, kind, new_user, actor, now, forced)
        _swap(current, leaving, new_user, actor, now)
        current.assignment_method = AssignmentMethod.MANUAL
        current.assignment_receipt = dict(choice.receipt)
        entries = _entries(leaving, new_user, why, forced)
        writing.record(current, entries, ["assignment_method", "assignment_receipt"], actor=actor, now=now)
        door.count_assignment(kind, choice, now)
        changed = {"former_hosts": [leaving.user.email], "new_host": new_user.email, "reason": why}
        writing.tell(current, "reassigned", actor=actor, now=now, **changed)
        return writing.result(current)

    return door.attempt(work)


def _leaving(hosts: list[AssignedUser], old_user: User | None) -> AssignedUser:
    for host in hosts:
        if host.user == old_user or (old_user is None and host.is_primary_host):
            return host
    email = old_user.email if old_user else ""
    raise validators.refusal(
        "old_user", _("User '%(email)s' is not currently assigned to this booking.") % {"email": email}
    )


def _take(booking: Booking, kind: MeetingType, new_user: User, actor: User, now: datetime, forced: str) -> door.Choice:
    door.lock_users([new_user.pk])
    if booking.start_datetime <= now:
        raise validators.refusal("start_datetime", _("Cannot reassign a booking that has already started."))
    span = (booking.start_datetime, booking.end_datetime)
    wish = door.Wish(kind, *span, actor, now, forced, Moving.of(booking))
    return door.take_named(wish, [new_user], is_assignment=not booking.is_internal)


def _swap(booking: Booking, leaving: AssignedUser, new_user: User, actor: User, now: datetime) -> None:
    AssignedUser.objects.filter(pk=leaving.pk).delete()
    AssignedUser.objects.create(
        booking=booking,
        user=new_user,
        is_primary_host=leaving.is_primary_host,
        assigned_at=now,
        assigned_by=actor,
    )
    span = (seconds(booking.start_datetime), seconds(booking.end_datetime))
    busy.hand_over(booking.pk, leaving.user_id, new_user.pk, *span)


def _entries(leaving: AssignedUser, new_user: User, why: str, forced: str) -> list[history.Entry]:
    old = leaving.user.email
    told = (
        f"Booking reassigned from {old} to {new_user.email}",
        f"Reason: {why or 'Not provided'}",
        history.because("Forced", forced),
    )
    entries: list[history.Entry] = [
        history.HostChange(AssignmentAction.UNASSIGNED, leaving.user_id, why),
        history.HostChange(AssignmentAction.ASSIGNED, new_user.pk, why),
    ]
    if leaving.is_primary_host:
        changed = f"Primary host changed from {old} to {new_user.email}"
        entries.append(history.HostChange(AssignmentAction.PRIMARY_CHANGED, new_user.pk, changed))
    return [*entries, history.Happened(EventType.ASSIGNMENT_CHANGED, ". ".join(filter(None, told)))]
