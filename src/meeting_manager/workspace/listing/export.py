"""The list as a file for spreadsheets: comma-separated, UTF-8 with the mark that Excel needs to see that it is."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from meeting_manager.bookings import when
from meeting_manager.bookings.models import Booking
from meeting_manager.workspace.listing.columns import Column
from meeting_manager.workspace.standing import standing_of

_MARK = "\ufeff"
_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so would be a formula to a spreadsheet, or the end of the one before."""

Line = Callable[[Booking, str], str]


class _Echo:
    """What csv writes to; it gets each line back."""

    def write(self, text: str) -> str:
        return text


def lines_of(rows: QuerySet[Booking], columns: Sequence[Column], zone: str) -> Iterator[str]:
    """The file, line by line, as it is read; times are ISO 8601 in `zone`. The words of statuses and heads are those of
    the language that is active while it is asked for the first line.
    """
    writer = csv.writer(_Echo())
    heads = [str(column.label) for column in columns]
    yield _MARK + writer.writerow([*heads, *(["End"] if _has_times(columns) else [])])
    for booking in rows.iterator(chunk_size=_CHUNK):
        cells = [_harmless(_CELLS[column.key](booking, zone)) for column in columns]
        end = [_time(booking.end_datetime, zone)] if _has_times(columns) else []
        yield writer.writerow([*cells, *end])


def _has_times(columns: Sequence[Column]) -> bool:
    return any(column.key == "start" for column in columns)


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before it says that it is text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(moment: datetime, zone: str) -> str:
    return when.local(moment, zone).isoformat(timespec="minutes")


def _hosts(booking: Booking, _zone: str) -> str:
    return "; ".join(row.user.display_name for row in booking.assigned_users.all())


def _place(booking: Booking, _zone: str) -> str:
    return booking.meeting_location or booking.video_meeting_url or booking.location_type


_CELLS: Mapping[str, Line] = {
    "start": lambda booking, zone: _time(booking.start_datetime, zone),
    "customer": lambda booking, _zone: booking.customer_name,
    "type": lambda booking, _zone: booking.meeting_type.meeting_name,
    "hosts": _hosts,
    "status": lambda booking, _zone: str(standing_of(booking).word),
    "title": lambda booking, _zone: booking.meeting_title,
    "department": lambda booking, _zone: booking.meeting_type.department.department_name,
    "reference": lambda booking, _zone: booking.booking_reference,
    "email": lambda booking, _zone: booking.customer_email,
    "phone": lambda booking, _zone: booking.customer_phone,
    "place": _place,
    "source": lambda booking, _zone: booking.booking_source,
    "made": lambda booking, zone: _time(booking.created_at, zone),
}
