"""Which bookings are meant: those ticked in a list, or all that fit its filters; and what was confirmed of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from meeting_manager.bookings import queries
from meeting_manager.bookings.models import Booking
from meeting_manager.people.models import User
from meeting_manager.workspace.listing.query import Wish
from meeting_manager.workspace.many.foreseen import Prospect

PICK, ALL = "pick", "all"
"""Names in the address: a reference that was ticked; whether all that fit are meant."""

_PIECE = re.compile(r"(BK-[A-Z0-9]{1,8})(?::(\d{1,18}))?")
_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """The bookings in the order of the list; none, and `too_many`, where there are more than can be done at once."""

    bookings: Sequence[Booking]
    too_many: bool = False


def chosen(asked: QueryDict, wish: Wish, user: User, most: int) -> Chosen:
    """The bookings that an address of the list means, as far as `user` may see them, with all that a preview needs."""
    rows = picked(asked, wish, user).prefetch_related("participants")
    found = list(wish.sorting.applied(rows)[: most + 1])
    return Chosen([], too_many=True) if len(found) > most else Chosen(found)


def picked(asked: QueryDict, wish: Wish, user: User) -> QuerySet[Booking]:
    """The same, however many, with what a list shows."""
    if asked.get(ALL):
        return wish.rows(user)
    references = [reference for reference in asked.getlist(PICK) if _PIECE.fullmatch(reference)]
    everywhere = Wish(queries.Filters(), wish.order, wish.period, wish.columns)
    return everywhere.rows(user).filter(booking_reference__in=references[:_MOST_AT_ONCE])


def written(prospects: Sequence[Prospect]) -> str:
    """What is to be confirmed, as a hidden field keeps it: references, each with the id of who would take it over."""
    pieces = (
        each.booking.booking_reference + (f":{each.host.pk}" if each.host is not None else "") for each in prospects
    )
    return " ".join(pieces)


def read(text: str, most: int) -> Mapping[str, int | None]:
    """Reference → user id, in order; what is no such piece is left out. Rights are for the services to ask."""
    found = [match for piece in text.split()[:most] if (match := _PIECE.fullmatch(piece))]
    return {match[1]: int(match[2]) if match[2] else None for match in found}


def found_of(references: Sequence[str], user: User) -> Mapping[str, int]:
    """Reference → id of those bookings that `user` may see; a query for each few hundred."""
    visible, known = queries.visible_to(user), dict[str, int]()
    for at in range(0, len(references), _MOST_AT_ONCE):
        some = visible.filter(booking_reference__in=references[at : at + _MOST_AT_ONCE])
        known |= dict(some.values_list("booking_reference", "pk"))
    return known
