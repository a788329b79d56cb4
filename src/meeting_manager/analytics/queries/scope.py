"""Which bookings a figure is about, as the text and the arguments of a query.

Every figure is over the start, and names all types and statuses: so `idx_meeting_type` is entered at each of their
ranges, and most figures are counted in the index without reading a row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection

from meeting_manager.analytics.clocks import Offset
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import moment
from meeting_manager.engine.facts import Span

MADE = tuple(status for status in BookingStatus if status != BookingStatus.RESCHEDULED)
"""Each booking once: not what was moved, since what it became is counted."""

TAKING_PLACE = tuple(status for status in MADE if status != BookingStatus.CANCELLED)
"""For these a host is, or was, there."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The bookings of these meeting types (by id), of one host (by id) where there is a `member`, on the clocks of an
    IANA zone."""

    types: tuple[int, ...]
    zone: str
    member: int | None = None

    def of_everybody(self) -> "Scope":
        """The same without the member."""
        return replace(self, member=None)


class Part(NamedTuple):
    """A part of a query with its arguments."""

    sql: str
    arguments: list[Any]


def where(scope: Scope, span: Span, statuses: Collection[str] = tuple(BookingStatus)) -> Part:
    """The condition on `bookings_booking b`: those of the scope that begin in `span` (UTC epoch seconds)."""
    types = ", ".join(["%s"] * len(scope.types)) or "NULL"
    sql = (
        f"b.meeting_type_id IN ({types}) AND b.booking_status IN ({', '.join(['%s'] * len(statuses))})"
        " AND b.start_datetime >= %s AND b.start_datetime < %s"
    )
    arguments: list[Any] = [*scope.types, *map(str, statuses), *(stored(instant) for instant in span)]
    if scope.member is None:
        return Part(sql, arguments)
    hosted = "EXISTS (SELECT 1 FROM bookings_assigneduser h WHERE h.booking_id = b.id AND h.user_id = %s)"
    return Part(f"{sql} AND {hosted}", [*arguments, scope.member])


def stored(instant: int) -> Any:  # noqa: ANN401 - text on SQLite, a datetime on PostgreSQL
    """An instant as the database compares it with a column."""
    return connection.ops.adapt_datetimefield_value(moment(instant))


def epoch(column: str) -> str:
    """The UTC epoch seconds of a column of instants, as whole numbers."""
    if connection.vendor == "sqlite":
        return f"unixepoch({column})"
    return f"CAST(floor(extract(epoch FROM {column})) AS bigint)"


def local_hour(column: str, changes: Sequence[Offset]) -> Part:
    """Hours since 1970 as the clocks of a zone count them, at the instants of a column.

    Exact, because within the query each instant gets the offset that held then; `changes` are those of the zone in
    order, and must begin before all instants.
    """
    (_first, offset), *later = changes
    if not later:
        return Part(f"(({epoch(column)} + {offset}) / 3600)", [])
    cases = " ".join(f"WHEN {column} >= %s THEN {ahead}" for _since, ahead in reversed(later))
    arguments = [stored(since) for since, _ahead in reversed(later)]
    return Part(f"(({epoch(column)} + CASE {cases} ELSE {offset} END) / 3600)", arguments)


def rows(sql: str, arguments: Sequence[Any]) -> list[Any]:
    """What the query finds, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        found: list[Any] = cursor.fetchall()
    return found
