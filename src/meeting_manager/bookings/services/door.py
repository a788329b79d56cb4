"""The one door to a host's time: everything that gives or keeps it goes through here.

In one transaction: lock the department, then its hosts' user rows in id order, gather facts, decide with the engine.
The caller writes while the locks are held. Behind it all stands the database's own refusal of overlaps.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Max, Value, When

from meeting_manager.bookings import validators
from meeting_manager.bookings.choices import AssignmentMethod
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.facts import Moving, gather_facts, seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.busy.services import is_overlap
from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.engine import facts as engine
from meeting_manager.engine.assignment import assign, manual_receipt
from meeting_manager.engine.refusals import Refusal, RefusalCode, waivable, why_not
from meeting_manager.engine.slots import is_offered
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system

T = TypeVar("T")

_ATTEMPTS = 3
_TICK = timedelta(microseconds=1)
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that somebody wants of a meeting type's hosts; `start` and `end` in UTC."""

    kind: MeetingType
    start: datetime
    end: datetime
    actor: User
    now: datetime
    force_reason: str = ""
    moving: Moving | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in epoch seconds."""
        return seconds(self.start), seconds(self.end)


@dataclass(frozen=True, slots=True)
class Choice:
    """The hosts of a booking (user ids) and how they were found; kept hosts have no method of their own."""

    hosts: tuple[int, ...]
    method: str = ""
    receipt: Mapping[str, object] = field(default_factory=dict)
    balances: Mapping[int, int] = field(default_factory=dict)
    is_assignment: bool = True


def attempt(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again where it lost a race that only the database saw; then TimeTaken.

    Two things come here: a host's time that was taken in spite of the locks, where a repeat finds the next free host,
    and a booking reference that exists already.
    """
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as error:
            if not (is_overlap(error) or "booking_reference" in str(error)):
                raise
    raise TimeTaken


def lock_type(kind: MeetingType) -> MeetingType:
    """The meeting type as it is now, with its department locked until the transaction ends.

    The department's lock orders everybody who shares its limit and its turns. On SQLite the transaction is alone
    anyway.
    """
    rows = MeetingType.objects.select_related("department")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("department",), no_key=True)
    return rows.get(pk=kind.pk)


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is now, locked until the transaction ends; always the first lock of a transaction."""
    rows = Booking.objects.select_related("meeting_type__department")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=booking.pk)


def lock_users(user_ids: Collection[int]) -> None:
    """Lock hosts in id order, so that no two transactions wait for each other. A host may serve several departments."""
    if connection.features.has_select_for_update:
        rows = User.objects.filter(pk__in=user_ids).order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk", flat=True))


def lock_members(kind: MeetingType) -> None:
    """Lock everybody who may host this type: active members with an active account."""
    if connection.features.has_select_for_update:
        active = DepartmentMember.objects.filter(department=kind.department, is_active=True, member__is_active=True)
        lock_users(list(active.values_list("member_id", flat=True)))


def instant(given: datetime) -> datetime:
    """An aware datetime as bookings have it: in UTC, to the second."""
    return given.astimezone(UTC).replace(microsecond=0)


def check_force(actor: User, department: Department, force_reason: str) -> None:
    """Only those who decide may set rules aside."""
    if force_reason and not may_decide(actor, department):
        raise PermissionDenied("Only a department leader or a System Manager may force a time.")


def find_host(wish: Wish, keep: Collection[int] = ()) -> Choice:
    """The hosts in `keep` if all of them can take the time, else whom the department's algorithm chooses.

    Guests may take offered starts only; staff any start, and with a `force_reason` any host who has no clash. Raises
    TimeTaken where nobody is left.
    """
    facts = _facts(wish, None)
    start, end = wish.span
    if is_system(wish.actor) and not is_offered(
        facts, wish.kind.duration * _MINUTE, wish.kind.interval * _MINUTE, start
    ):
        raise TimeTaken
    kept = [member for member in facts.members if member.id in keep and not _standing(facts, member, wish)]
    if keep and len(kept) == len(keep):
        return Choice(tuple(keep), is_assignment=False)
    algorithm = wish.kind.department.assignment_algorithm
    found = assign(algorithm, facts, start, end, forced=bool(wish.force_reason))
    if found is None:
        raise TimeTaken
    return Choice((found.member.id,), algorithm, found.receipt | _forced(wish), found.balances)


def take_named(wish: Wish, users: Sequence[User], *, is_assignment: bool = True) -> Choice:
    """Take these users and no others; the first who can't is named, with the reason, in the error.

    `is_assignment` says whether their counters are to rise: not for internal meetings, nor where a host is kept.
    """
    facts = _facts(wish, [user.pk for user in users])
    known = {member.id: member for member in facts.members}
    for user in users:
        if user.pk not in known:
            department = wish.kind.department.department_name
            message = f"User '{user.email}' is not an active member of department '{department}'."
            raise validators.refusal("assigned_users", message)
        _require_free(facts, known[user.pk], wish)
    reason = f"Chosen by {wish.actor.email}."
    receipt = manual_receipt(facts, *wish.span, [known[user.pk] for user in users], reason) | _forced(wish)
    return Choice(tuple(user.pk for user in users), AssignmentMethod.MANUAL, receipt, is_assignment=is_assignment)


def require_no_clash(wish: Wish, host_ids: Collection[int]) -> None:
    """Approval's recheck: the hosts have nothing else at that time; hours, limits and notice are the approver's."""
    facts = _facts(wish, host_ids)
    for member in facts.members:
        clashes = [r for r in why_not(facts, member, *wish.span) if r.code == RefusalCode.CLASH]
        if clashes:
            raise TimeTaken(f"User '{member.name}' is not available at the selected time: {clashes[0].text}.")


def count_assignment(kind: MeetingType, choice: Choice, now: datetime) -> None:
    """Raise the counters of newly assigned hosts (system.md §4, §7).

    The time of the last assignment moves on by a microsecond at least, because turns are taken in its order and
    requests may come to the lock in another order than their clocks say.
    """
    if not choice.is_assignment:
        return
    rows = DepartmentMember.objects.filter(department=kind.department)
    latest = rows.aggregate(latest=Max("last_assigned_datetime"))["latest"]
    at = max(now, latest + _TICK) if latest else now
    rows.filter(member_id__in=choice.hosts).update(
        total_assignments=F("total_assignments") + 1, last_assigned_datetime=at
    )
    if choice.balances:
        changed = [When(member_id=user_id, then=Value(balance)) for user_id, balance in choice.balances.items()]
        rows.filter(member_id__in=choice.balances).update(weighted_balance=Case(*changed))


def _facts(wish: Wish, only: Collection[int] | None) -> engine.Facts:
    return gather_facts(wish.kind.department, *wish.span, now=wish.now, only=only, moving=wish.moving)


def _standing(facts: engine.Facts, member: engine.Member, wish: Wish) -> list[Refusal]:
    forced = bool(wish.force_reason)
    return [r for r in why_not(facts, member, *wish.span) if not (forced and waivable(r.code))]


def _require_free(facts: engine.Facts, member: engine.Member, wish: Wish) -> None:
    """Refuse in the founding document's order: its validation of timing (notice, advance) comes before availability."""
    refusals = _standing(facts, member, wish)
    for refused in refusals:
        if refused.code in {RefusalCode.NOTICE, RefusalCode.ADVANCE}:
            raise validators.refusal("start_datetime", refused.text)
    if refusals:
        raise TimeTaken(f"User '{member.name}' is not available at the selected time: {refusals[0].text}.")


def _forced(wish: Wish) -> dict[str, object]:
    return {"forced": wish.force_reason} if wish.force_reason else {}
