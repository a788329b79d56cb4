"""Booking through the service, against the same rows written with raw SQL inside `atomic()`."""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from meeting_manager.bookings import services, times
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import (
    AssignedUser,
    AssignmentHistory,
    Booking,
    BookingHistory,
    Participant,
)
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.queries import system_user
from tests.bench import seed
from tests.bench.measure import Figure, milliseconds, ratio

ROUNDS, EACH = 8, 40
CUSTOMER = Customer("John Doe", "john@bench.example", "+1 555 123 4567", "Needs help", "Europe/Berlin")


def run() -> list[Figure]:
    """Both in turns, on a department of ten."""
    kind = seed.department("booking", 10)
    starts = _starts(kind)
    through_service = _booker(kind, starts)
    through_service()
    raw = _raw_writer(Booking.objects.latest("pk"))
    shares = []
    for _ in range(ROUNDS):
        ours = milliseconds(lambda: [through_service() for _ in range(EACH)])
        theirs = milliseconds(lambda: [raw() for _ in range(EACH)])
        shares.append((theirs / ours, EACH * 1000 / ours, EACH * 1000 / theirs))
    share, ours, theirs = (statistics.median(column) for column in zip(*shares, strict=True))
    note = f" ({ours:.0f} against {theirs:.0f} a second)"
    return [ratio("bookings through the service / raw SQL, one client", share, 0.25, at_most=False, note=note)]


def _starts(kind: MeetingType) -> Iterator[datetime]:
    first = seed.NOW.date()
    offer = times.offered_slots(
        meeting_type=kind, first=first, last=first + timedelta(days=90), now=seed.NOW, zone="UTC"
    )
    return (datetime.fromtimestamp(slot.start, UTC) for slot in offer.slots for _ in range(slot.available_members))


def _booker(kind: MeetingType, starts: Iterator[datetime]) -> Callable[[], None]:
    guest = system_user()

    def book() -> None:
        services.book(meeting_type=kind, start=next(starts), customer=CUSTOMER, actor=guest, now=seed.NOW)

    return book


def _raw_writer(booking: Booking) -> Callable[[], None]:
    """Writes what one booking writes, statement for statement, with other names and times."""
    own = {"booking_id": booking.pk}
    rows = [
        (model, row)
        for model in (AssignedUser, Participant, BookingHistory, AssignmentHistory, BusyTime)
        for row in _stored(model, own)
    ]
    ((_, parent),) = [(Booking, row) for row in _stored(Booking, {"id": booking.pk})]
    numbers = count(1)

    def write() -> None:
        number = next(numbers)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE names_namecounter SET last_number = last_number + 1 WHERE prefix = %s RETURNING last_number",
                [f"MM-MB-{booking.meeting_type.name}"],
            )
            changed = {"name": f"raw-{number}", "booking_reference": f"R{number}", "rescheduled_from_id": None}
            pk = _insert(cursor, Booking, parent | changed)
            for model, row in rows:
                late = {"starts": number * 3600, "ends": number * 3600 + 1800} if model is BusyTime else {}
                _insert(cursor, model, row | {"booking_id": pk} | late)
            cursor.execute(
                "UPDATE departments_departmentmember SET total_assignments = total_assignments + 1 WHERE id = %s", [1]
            )

    return write


def _stored(model: type[Model], own: dict[str, Any]) -> list[dict[str, Any]]:
    (column, value), *_ = own.items()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE {column} = %s", [value])
        names = [each[0] for each in cursor.description]
        return [
            {name: cell for name, cell in zip(names, row, strict=True) if name != "id"} for row in cursor.fetchall()
        ]


def _insert(cursor: CursorWrapper, model: type[Model], row: dict[str, Any]) -> int:
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    values = [connection.ops.adapt_json_value(v, None) if isinstance(v, dict | list) else v for v in row.values()]
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id", values)
    return int(cursor.fetchone()[0])
