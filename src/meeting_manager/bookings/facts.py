"""The one place where rows become the engine's inputs: listing, booking, moving and explaining all ask here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from meeting_manager.adapters.rows import epoch
from meeting_manager.availability.queries import Standing, standing
from meeting_manager.bookings.models import Booking
from meeting_manager.busy import queries as busy
from meeting_manager.departments.choices import AssignmentAlgorithm
from meeting_manager.departments.models import Department
from meeting_manager.engine import facts as engine
from meeting_manager.engine.lifecycle import COUNTED
from meeting_manager.people.models import User

_DAY = 86_400
_DAY_SEEN_FROM_ANY_ZONE = 2 * _DAY
_WEEK_SEEN_FROM_ANY_ZONE = 9 * _DAY
_LEAST_BUSY_HORIZON = 7 * _DAY

_MEMBERS = """
    SELECT m.member_id, u.email, m.assignment_priority, m.weighted_balance, m.last_assigned_datetime
    FROM departments_departmentmember m JOIN people_user u ON u.id = m.member_id
    WHERE m.department_id = %s AND m.is_active AND u.is_active
"""
MemberRow = tuple[int, str, int, int, "datetime | str | None"]
"""user id, e-mail, priority, weighted balance, last assigned (text on SQLite)"""


@dataclass(frozen=True, slots=True)
class Moving:
    """The booking that is being moved, reassigned or approved: left out of clash, buffers and limits.

    `minutes` is its own length, which it keeps even where the type's duration has changed since.
    """

    booking_id: int
    minutes: int

    @classmethod
    def of(cls, booking: Booking) -> "Moving":
        """That booking."""
        return cls(booking.pk, booking.duration)


def seconds(moment: datetime) -> int:
    """UTC epoch seconds; what is finer than a second is cut off."""
    return int(moment.timestamp())


def moment(instant: int) -> datetime:
    """The aware datetime (UTC) of epoch seconds."""
    return datetime.fromtimestamp(instant, UTC)


def gather_facts(
    department: Department,
    lo: int,
    hi: int,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    moving: Moving | None = None,
    besides: Collection[int] = (),
) -> engine.Facts:
    """What the engine needs to decide on meetings within `[lo, hi)` (UTC epoch seconds).

    Takes the department's active members whose accounts are active, or of these `only` the named users, and behind
    them users in `besides` who are no members. At most six
    queries, whatever the number of members: members, settings, rules, overrides, busy time, and what an algorithm or
    a department limit asks for besides. Rows are read as raw values: building models or datetimes would cost ten times
    the rest.
    """
    rows = _member_rows(department, only)
    rows += _other_rows(set(besides) - {row[0] for row in rows})
    ids = [row[0] for row in rows]
    standings = standing(ids, _day(lo, -1), _day(hi, 1))
    margin = _margin(standings)
    without = moving.booking_id if moving else None
    grouped = engine.group_busy(busy.read(ids, lo - margin, hi + margin, without_booking=without))
    upcoming = _upcoming(department, ids, now, without)
    members = tuple(
        _member(row, order, department, standings[row[0]], grouped.get(row[0], engine.NOT_BUSY), upcoming)
        for order, row in enumerate(rows)
    )
    return engine.Facts(seconds(now), _department(department, lo, hi, without), members)


def _member_rows(department: Department, only: Collection[int] | None) -> list[MemberRow]:
    sql, arguments = _MEMBERS, [department.pk]
    if only is not None:
        sql += f" AND m.member_id IN ({', '.join(['%s'] * len(only)) or 'NULL'})"
        arguments.extend(only)
    with connection.cursor() as cursor:
        cursor.execute(sql + " ORDER BY m.position, m.id", arguments)
        rows: list[MemberRow] = cursor.fetchall()
    return rows


def _other_rows(ids: Collection[int]) -> list[MemberRow]:
    users = User.objects.filter(pk__in=ids, is_active=True).order_by("email") if ids else User.objects.none()
    return [(user_id, email, 1, 0, None) for user_id, email in users.values_list("pk", "email")]


def _member(
    row: MemberRow, order: int, department: Department, own: Standing, busy: engine.Busy, upcoming: dict[int, int]
) -> engine.Member:
    user_id, email, priority, balance, last = row
    return engine.Member(
        id=user_id,
        name=email,
        zone=own.zone or department.timezone,
        hours=own.hours,
        rule=own.rule,
        order=order,
        priority=priority,
        balance=balance,
        last_assigned=epoch(last),
        upcoming=upcoming.get(user_id, 0),
        busy=busy,
        unread_since=None if department.offer_unread_calendars else own.unread_since,
    )


def _margin(standings: dict[int, Standing]) -> int:
    """How far beyond the range busy time matters: buffers always, whole days or weeks where somebody has a limit."""
    rules = [own.rule for own in standings.values()]
    if any(rule.max_per_week for rule in rules):
        return _WEEK_SEEN_FROM_ANY_ZONE
    if any(rule.max_per_day for rule in rules):
        return _DAY_SEEN_FROM_ANY_ZONE
    return max((max(rule.buffer_before, rule.buffer_after) for rule in rules), default=0)


def _upcoming(department: Department, ids: list[int], now: datetime, without: int | None) -> dict[int, int]:
    if department.assignment_algorithm != AssignmentAlgorithm.LEAST_BUSY:
        return {}
    start = seconds(now)
    return busy.upcoming(ids, start, start + _LEAST_BUSY_HORIZON, without_booking=without)


def _department(department: Department, lo: int, hi: int, without: int | None) -> engine.Department:
    starts: list[int] = []
    if department.max_bookings_per_day:
        counted = Booking.objects.filter(
            meeting_type__in=list(department.meeting_types.values_list("pk", flat=True)),
            booking_status__in=COUNTED,
            start_datetime__gte=moment(lo - _DAY_SEEN_FROM_ANY_ZONE),
            start_datetime__lt=moment(hi + _DAY_SEEN_FROM_ANY_ZONE),
        )
        if without is not None:
            counted = counted.exclude(pk=without)
        starts = sorted(seconds(start) for start in counted.values_list("start_datetime", flat=True))
    return engine.Department(department.timezone, department.max_bookings_per_day, starts)


def _day(instant: int, shift: int) -> date:
    return moment(instant).date() + timedelta(days=shift)
