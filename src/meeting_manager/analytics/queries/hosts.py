"""Who held the meetings."""

from typing import NamedTuple

from meeting_manager.analytics.queries.scope import Scope, epoch, rows, where
from meeting_manager.bookings.choices import AssignmentMethod
from meeting_manager.engine.facts import Span


class Hosting(NamedTuple):
    """Bookings of a host (by user id) with a status, chosen by name or by the department's algorithm; `minutes` is
    their length together, `first` the earliest start (UTC epoch seconds)."""

    user: int
    status: str
    by_name: bool
    number: int
    minutes: int
    first: int


def by_host(scope: Scope, span: Span) -> list[Hosting]:
    """The bookings that begin in `span` (UTC epoch seconds); one with several hosts counts for each. One query."""
    condition = where(scope, span)
    sql = (
        "SELECT a.user_id, b.booking_status, CASE WHEN b.assignment_method = %s THEN 1 ELSE 0 END, count(*),"  # noqa: S608
        f" sum(b.duration), {epoch('min(b.start_datetime)')}"
        " FROM bookings_booking b JOIN bookings_assigneduser a ON a.booking_id = b.id"
        f" WHERE {condition.sql} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    found = rows(sql, [str(AssignmentMethod.MANUAL), *condition.arguments])
    return [Hosting(user, status, bool(by_name), *rest) for user, status, by_name, *rest in found]
