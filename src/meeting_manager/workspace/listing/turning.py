"""The list a page at a time: after or before a row, in any order."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.queries import with_hosts
from meeting_manager.web.cursors import beyond, cursor_of
from meeting_manager.workspace.listing.orders import Order, sortable
from meeting_manager.workspace.listing.query import cleaned
from meeting_manager.workspace.paging import PER_PAGE, Page

AFTER, BEFORE = "after", "before"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: beyond the row of `cursor`, towards the top with `is_upward`; without one at the top."""

    cursor: str = ""
    is_upward: bool = False


def turn_to(asked: QueryDict, rows: QuerySet[Booking], order: Order, per_page: int = PER_PAGE) -> Page[Booking]:
    """The page that `after` or `before` of the query asks for; the first for whatever is no place in the list.

    Two queries, and one for the hosts.
    """
    place = _Place(asked.get(BEFORE) or asked.get(AFTER, ""), bool(asked.get(BEFORE)))
    try:
        found = _read(rows, order, place, per_page)
    except ValueError:
        place = _Place()
        found = _read(rows, order, place, per_page)
    more, shown = len(found) > per_page, found[:per_page]
    if place.is_upward:
        shown.reverse()
    has_before = more if place.is_upward else bool(place.cursor)
    has_after = more or place.is_upward
    return Page(
        shown,
        before=_query(asked, BEFORE, shown[0], order) if shown and has_before else "",
        after=_query(asked, AFTER, shown[-1], order) if shown and has_after else "",
    )


def _read(rows: QuerySet[Booking], order: Order, place: _Place, per_page: int) -> list[Booking]:
    """The keys first, from indexes where there are any: sorting whole rows with all they join costs many times that."""
    if place.cursor:
        rows = beyond(rows, order.field, place.cursor, descending=order.is_descending != place.is_upward)
    keys = list(order.applied(rows, reverse=place.is_upward).values_list("pk", flat=True)[: per_page + 1])
    whole = {booking.pk: booking for booking in sortable(with_hosts(Booking.objects.filter(pk__in=keys)))}
    return [whole[key] for key in keys if key in whole]


def _query(asked: QueryDict, name: str, row: Booking, order: Order) -> str:
    query = QueryDict(cleaned(asked), mutable=True)
    query[name] = cursor_of(row, order.field)
    return query.urlencode()
