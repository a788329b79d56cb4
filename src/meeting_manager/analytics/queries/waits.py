"""How long customers waited for an approval."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from statistics import median

from meeting_manager.analytics.queries.scope import MADE, Part, Scope, epoch, rows, where
from meeting_manager.bookings.choices import ApprovalStatus
from meeting_manager.engine.facts import Span


def approved(scope: Scope, span: Span) -> Part:
    """The condition on `bookings_booking b`: those that were approved, and not at once by whoever booked them."""
    condition = where(scope, span, MADE)
    sql = f"{condition.sql} AND {_IS_APPROVED} AND b.approval_date > b.created_at"
    return Part(sql, condition.arguments)


def median_waits(scope: Scope, spans: Sequence[Span]) -> list[float | None]:
    """The median seconds from request to approval, of bookings that begin in each span; None where none was approved.

    Spans are UTC epoch seconds. One query, which sorts and brings the one or two in the middle of each span.
    """
    parts = [approved(scope, span) for span in spans]
    waits = " UNION ALL ".join(
        f"SELECT {number} AS span, {_wait()} AS wait FROM bookings_booking b WHERE {part.sql}"  # noqa: S608
        for number, part in enumerate(parts)
    )
    found = rows(_MIDDLE.format(waits=waits), [each for part in parts for each in part.arguments])
    by_span = {number: median(wait for _, wait in group) for number, group in groupby(found, itemgetter(0))}
    return [by_span.get(number) for number in range(len(spans))]


# Written out, since a partial index serves only what a query says before it has its arguments.
_IS_APPROVED = f"b.approval_status = '{ApprovalStatus.APPROVED.value}'"


def _wait() -> str:
    return f"{epoch('b.approval_date')} - {epoch('b.created_at')}"


_MIDDLE = """
    SELECT span, wait FROM (
        SELECT span, wait, row_number() OVER (PARTITION BY span ORDER BY wait) AS place,
            count(*) OVER (PARTITION BY span) AS number
        FROM ({waits}) w
    ) placed
    WHERE place IN ((number + 1) / 2, (number + 2) / 2) ORDER BY span
"""
