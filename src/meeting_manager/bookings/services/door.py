"""The one door to a host's time: everything that gives or keeps it goes through here.

In one transaction: lock the department, then its hosts' user rows in id order, gather facts, decide with the engine.
The caller writes while the locks are held. Behind it all stands the database's own refusal of overlaps.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Max, Model, QuerySet, Value, When
from django.utils.translation import gettext as _

from meeting_manager.bookings import validators
from meeting_manager.bookings.choices import AssignmentMethod
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.facts import Moving, gather_facts, seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.busy import queries as busy
from meeting_manager.busy.choices import BusyKind
from meeting_manager.busy.services import is_overlap
from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.engine import facts as engine
from meeting_manager.engine.assignment import assign, manual_receipt
from meeting_manager.engine.refusals import Refusal, RefusalCode, waivable, why_not
from meeting_manager.engine.slots import is_offered
from meeting_manager.engine.wording import clash
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system

T = TypeVar("T")
M = TypeVar("M", bound=Model)

_ATTEMPTS = 3
_OF_TYPE = ("is_active", "duration", "slot_interval", "is_public", "is_internal", "requires_approval")
_OF_DEPARTMENT = (
    "is_active",
    "department_leader_id",
    "timezone",
    "assignment_algorithm",
    "max_bookings_per_day",
    "members_may_book",
    "offer_unread_calendars",
)
_DECIDING = (
    f"SELECT {', '.join(f't.{field}' for field in _OF_TYPE)}, {', '.join(f'd.{field}' for field in _OF_DEPARTMENT)}"  # noqa: S608 - names of our own columns
    " FROM departments_meetingtype t JOIN departments_department d ON d.id = t.department_id WHERE t.id = %s"
)
_LOCK_USERS = "SELECT id FROM people_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_LOCK_MEMBERS = """
    SELECT u.id FROM people_user u JOIN departments_departmentmember m ON m.member_id = u.id
    WHERE m.department_id = %s AND m.is_active AND u.is_active ORDER BY u.id FOR NO KEY UPDATE OF u
"""
_COUNT = """
    UPDATE departments_departmentmember SET total_assignments = total_assignments + 1, last_assigned_datetime = %s
    WHERE department_id = %s AND member_id = %s
"""
_TICK = timedelta(microseconds=2)
"""More than the rounding of a float that holds epoch seconds."""
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
    waived: Collection[RefusalCode] = ()
    """Rules that do not apply to what is wanted, whoever wants it."""

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
    latest: float | None = None
    """The department's last assignment before this one, in epoch seconds, where it is known already."""
    is_assignment: bool = True


def attempt(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again where it lost a race that only the database saw; then TimeTaken.

    Two things come here: a host's time that was taken in spite of the locks, where a repeat finds the next free host,
    and a booking reference that exists already.
    """
    for _try in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as error:
            if not (is_overlap(error) or "booking_reference" in str(error)):
                raise
    raise TimeTaken


def lock_type(kind: MeetingType) -> MeetingType:
    """The meeting type, with what decides about a booking as it is now; its department is locked until the end.

    The department's lock orders everybody who shares its limit and its turns. On SQLite the transaction is alone
    anyway. Raises MeetingType.DoesNotExist where it was deleted meanwhile.
    """
    sql = f"{_DECIDING} FOR NO KEY UPDATE OF d, t" if connection.features.has_select_for_update else _DECIDING
    with connection.cursor() as cursor:
        cursor.execute(sql, [kind.pk])
        row = cursor.fetchone()
    if row is None:
        raise MeetingType.DoesNotExist("This meeting type is no longer there.")
    current = _with(kind, _OF_TYPE, row[: len(_OF_TYPE)])
    current.department = _with(kind.department, _OF_DEPARTMENT, row[len(_OF_TYPE) :])
    return current


def lock_bookings(keys: Collection[int]) -> None:
    """As `lock_booking`, several, in id order: before they are changed one by one in one transaction."""
    if connection.features.has_select_for_update:
        rows = Booking.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
        list(rows.values_list("pk"))


def _with(record: M, names: Sequence[str], values: Sequence[object]) -> M:
    changed = copy(record)
    for name, value in zip(names, values, strict=True):
        is_truth = isinstance(getattr(record, name), bool)
        setattr(changed, name, bool(value) if is_truth else value)  # SQLite gives truth as a number
    return changed


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is now, locked until the transaction ends; always the first lock of a transaction."""
    rows = Booking.objects.select_related("meeting_type__department")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=booking.pk)


def lock_users(user_ids: Collection[int]) -> None:
    """Lock hosts in id order, so that no two transactions wait for each other. A host may serve several departments."""
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_USERS, [list(user_ids)])


def lock_members(kind: MeetingType) -> None:
    """As `lock_users`, everybody who may host this type: active members with an active account."""
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_MEMBERS, [kind.department_id])


def instant(given: datetime) -> datetime:
    """An aware datetime as bookings have it: in UTC, to the second."""
    return given.astimezone(UTC).replace(microsecond=0)


def check_force(actor: User, department: Department, force_reason: str) -> str:
    """The cleaned reason for setting rules aside, empty where there is none; only those who decide may have one."""
    reason = validators.remark("force_reason", "Force Reason", force_reason)
    if reason and not may_decide(actor, department):
        raise PermissionDenied(_("Only a department leader or a System Manager may force a time."))
    return reason


def find_host(wish: Wish, keep: Collection[int] = ()) -> Choice:
    """The hosts in `keep` if all of them can take the time, else whom the department's algorithm chooses.

    Guests may take offered starts only; staff any start, and with a `force_reason` any host who has no clash. Raises
    TimeTaken where nobody is left.
    """
    facts = _facts(wish, None)
    start, end = wish.span
    if is_system(wish.actor) and not is_offered(facts, end - start, wish.kind.interval * _MINUTE, start):
        raise TimeTaken
    kept = [member for member in facts.members if member.id in keep and not _standing(facts, member, wish)]
    if keep and len(kept) == len(keep):
        return Choice(tuple(keep), is_assignment=False)
    algorithm = wish.kind.department.assignment_algorithm
    found = assign(algorithm, facts, start, end, forced=bool(wish.force_reason))
    if found is None:
        raise TimeTaken
    latest = max((member.last_assigned or 0 for member in facts.members), default=None)
    return Choice((found.member.id,), algorithm, found.receipt | _forced(wish), found.balances, latest)


def take_named(wish: Wish, users: Sequence[User], *, is_assignment: bool = True) -> Choice:
    """Take these users and no others; the first who can't is named, with the reason, in the error.

    `is_assignment` says whether their counters are to rise: not for internal meetings, nor where a host is kept.
    """
    facts = _facts(wish, [user.pk for user in users])
    known = {member.id: member for member in facts.members}
    for user in users:
        if user.pk not in known:
            department = wish.kind.department.department_name
            message = _("User '%(email)s' is not an active member of department '%(department)s'.") % {
                "email": user.email,
                "department": department,
            }
            raise validators.refusal("assigned_users", message)
        _require_free(facts, known[user.pk], wish, [one.pk for one in users])
    reason = f"Chosen by {wish.actor.email}."
    receipt = manual_receipt(facts, *wish.span, [known[user.pk] for user in users], reason) | _forced(wish)
    return Choice(tuple(user.pk for user in users), AssignmentMethod.MANUAL, receipt, is_assignment=is_assignment)


def require_no_clash(wish: Wish, hosts: Sequence[User]) -> None:
    """Approval's recheck: the hosts, members still or not, have nothing else then; the rest is the approver's."""
    emails = {host.pk: host.email for host in hosts}
    without = wish.moving.booking_id if wish.moving else None
    for user_id, starts, ends, kind in busy.read(emails, *wish.span, without_booking=without):
        if kind != BusyKind.COMPLETED:
            what = clash(wish.kind.department.timezone, (starts, ends), external=kind == BusyKind.EXTERNAL)
            raise TimeTaken(f"User '{emails[user_id]}' is not available at the selected time: {what}.")


def count_assignment(kind: MeetingType, choice: Choice, now: datetime) -> None:
    """Raise the counters of newly assigned hosts (system.md §4, §7).

    The time of the last assignment moves on by a tick at least, because turns are taken in its order and
    requests may come to the lock in another order than their clocks say.
    """
    if not choice.is_assignment:
        return
    rows = DepartmentMember.objects.filter(department=kind.department)
    at = max(now, _latest(rows, choice) + _TICK)
    with connection.cursor() as cursor:
        for host in choice.hosts:
            cursor.execute(_COUNT, [connection.ops.adapt_datetimefield_value(at), kind.department_id, host])
    if choice.balances:
        changed = [When(member_id=user_id, then=Value(balance)) for user_id, balance in choice.balances.items()]
        rows.filter(member_id__in=choice.balances).update(weighted_balance=Case(*changed))


def _latest(rows: "QuerySet[DepartmentMember]", choice: Choice) -> datetime:
    if choice.latest is not None:
        return datetime.fromtimestamp(choice.latest, UTC)
    latest: datetime | None = rows.aggregate(latest=Max("last_assigned_datetime"))["latest"]
    return latest or datetime.fromtimestamp(0, UTC)


def _facts(wish: Wish, only: Collection[int] | None) -> engine.Facts:
    return gather_facts(wish.kind.department, *wish.span, now=wish.now, only=only, moving=wish.moving)


def _standing(facts: engine.Facts, member: engine.Member, wish: Wish) -> list[Refusal]:
    forced = bool(wish.force_reason)
    found = why_not(facts, member, *wish.span)
    return [r for r in found if not (forced and waivable(r.code)) and r.code not in wish.waived]


def _require_free(facts: engine.Facts, member: engine.Member, wish: Wish, hosts: Collection[int]) -> None:
    """Refuse in the founding document's order: its validation of timing (notice, advance) comes before availability."""
    refusals = _standing(facts, member, wish)
    for refused in refusals:
        if refused.code in {RefusalCode.NOTICE, RefusalCode.ADVANCE}:
            raise validators.refusal("start_datetime", refused.text)
    if refusals:
        message = f"User '{member.name}' is not available at the selected time: {refusals[0].text}."
        raise TimeTaken(message, hosts=hosts)


def _forced(wish: Wish) -> dict[str, object]:
    return {"forced": wish.force_reason} if wish.force_reason else {}
