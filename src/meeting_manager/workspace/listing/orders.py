"""In which order the list stands; each can be asked for both ways."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Lower

from meeting_manager.bookings.models import Booking

BACKWARDS = "-"


@dataclass(frozen=True, slots=True)
class Order:
    """A field, with the key for those that are equal in it, up or down."""

    field: str
    is_descending: bool

    def applied(self, rows: QuerySet[Booking], *, reverse: bool = False) -> QuerySet[Booking]:
        """`rows` in this order, or in its reverse."""
        sign = BACKWARDS if self.is_descending != reverse else ""
        return rows.order_by(sign + self.field, sign + "pk")


FIELDS: Mapping[str, str] = {
    "start": "start_datetime",
    "made": "created_at",
    "customer": "customer_key",
    "status": "booking_status",
}
ORDERS = tuple(sign + name for name in FIELDS for sign in ("", BACKWARDS))


def order_of(asked: str) -> Order:
    """The order with this name, one of ORDERS."""
    return Order(FIELDS[asked.removeprefix(BACKWARDS)], asked.startswith(BACKWARDS))


def sortable(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """With what they are sorted by where that is no column: names, whatever their case."""
    return rows.annotate(customer_key=Lower("customer_name"))


def turned(asked: str, name: str) -> str:
    """The order that a click on a column asks for: by it, and the other way where it is by it already."""
    return BACKWARDS + name if asked == name else name
