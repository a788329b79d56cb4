"""The bookings behind figures for which the list of bookings has no filter."""

from collections.abc import Sequence

from meeting_manager.analytics.clocks import WEEK_HOURS, offsets, week_hour
from meeting_manager.analytics.queries.counts import made_hour
from meeting_manager.analytics.queries.scope import MADE, TAKING_PLACE, Part, Scope, local_hour, rows, where
from meeting_manager.analytics.queries.waits import approved
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.queries import with_hosts
from meeting_manager.engine.facts import Span


class Found:
    """Bookings by start, read a slice at a time: two queries and one for their hosts."""

    def __init__(self, condition: Part) -> None:
        self._condition = condition

    def __getitem__(self, at: slice) -> Sequence[Booking]:
        sql, arguments = self._condition
        ids = rows(
            f"SELECT b.id FROM bookings_booking b WHERE {sql}"  # noqa: S608 - only placeholders
            " ORDER BY b.start_datetime, b.id LIMIT %s OFFSET %s",
            [*arguments, at.stop - at.start, at.start],
        )
        found = Booking.objects.filter(pk__in=[number for (number,) in ids])
        return list(with_hosts(found).order_by("start_datetime", "pk"))


def held_at(scope: Scope, span: Span, hour: int) -> Found:
    """Meetings of `span` (UTC epoch seconds) that begin in an hour of the local week, 0 for Monday 00:00."""
    at = local_hour("b.start_datetime", offsets(scope.zone, *span))
    return Found(_in_hour(where(scope, span, TAKING_PLACE), at, hour))


def asked_at(scope: Scope, span: Span, hour: int, now: int) -> Found:
    """Bookings of `span` that were made in an hour of the local week; `now` in UTC epoch seconds, as in `asked_for`."""
    return Found(_in_hour(where(scope, span, MADE), made_hour(scope, max(now, span[1])), hour))


def that_waited(scope: Scope, span: Span) -> Found:
    """Bookings of `span` that were approved after a while."""
    return Found(approved(scope, span))


def _in_hour(condition: Part, at: Part, hour: int) -> Part:
    of_epoch = (hour - week_hour(0)) % WEEK_HOURS
    return Part(f"{condition.sql} AND {at.sql} %% {WEEK_HOURS} = %s", [*condition.arguments, *at.arguments, of_epoch])
