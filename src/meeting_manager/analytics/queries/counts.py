"""How many bookings: by type, status and local hour, from the index alone."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from meeting_manager.analytics.clocks import next_year, offsets, week_hour
from meeting_manager.analytics.queries.scope import MADE, Part, Scope, local_hour, rows, where
from meeting_manager.engine.facts import Span


class Count(NamedTuple):
    """Bookings of a meeting type (by id) and status that begin in a local hour (hours since 1970, see `clocks`)."""

    meeting_type: int
    status: str
    hour: int
    number: int


def by_hour(scope: Scope, span: Span) -> list[Count]:
    """The bookings that begin in `span` (UTC epoch seconds). One query.

    Grouped by start first, which is the order of the index, so that nothing is sorted and few starts are converted.
    """
    condition = where(scope, span)
    hour = local_hour("t.start", offsets(scope.zone, *span))
    sql = (
        f"SELECT kind, status, {hour.sql} AS hour, CAST(sum(t.number) AS bigint) FROM ("  # noqa: S608 - only placeholders
        " SELECT b.meeting_type_id AS kind, b.booking_status AS status, b.start_datetime AS start, count(*) AS number"
        f" FROM bookings_booking b WHERE {condition.sql} GROUP BY 1, 2, 3) t GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    return [Count(*row) for row in rows(sql, [*hour.arguments, *condition.arguments])]


def by_status(scope: Scope, spans: Sequence[Span]) -> list[Counter[str]]:
    """The bookings that begin in each of the spans (UTC epoch seconds), by status. One query."""
    parts = [where(scope, span) for span in spans]
    sql = " UNION ALL ".join(
        f"SELECT {number}, b.booking_status, count(*) FROM bookings_booking b WHERE {part.sql} GROUP BY 2"  # noqa: S608
        for number, part in enumerate(parts)
    )
    found: list[Counter[str]] = [Counter() for _ in spans]
    for number, status, count in rows(sql, [each for part in parts for each in part.arguments]):
        found[number][status] = count
    return found


def asked_for(scope: Scope, span: Span, now: int) -> Counter[int]:
    """When the bookings that begin in `span` were made, or moved there: how many in each hour of the local week.

    `now` and the span are UTC epoch seconds. One query.
    """
    condition, hour = where(scope, span, MADE), made_hour(scope, max(now, span[1]))
    sql = f"SELECT {hour.sql} %% 168, count(*) FROM bookings_booking b WHERE {condition.sql} GROUP BY 1"  # noqa: S608
    return Counter({week_hour(hour): count for hour, count in rows(sql, [*hour.arguments, *condition.arguments])})


def made_hour(scope: Scope, latest: int) -> Part:
    """The local hour at which a booking was made, which was before `latest` (UTC epoch seconds)."""
    return local_hour("b.created_at", offsets(scope.zone, _OLDEST, next_year(latest)))


_OLDEST = 946_684_800
"""2000-01-01, long before any booking was made here."""
