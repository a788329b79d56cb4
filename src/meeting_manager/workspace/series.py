"""Meetings of one series, as a booking's page shows them."""

from dataclasses import dataclass
from datetime import date, datetime

from meeting_manager.bookings import queries, when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.recurring import BookingSeries
from meeting_manager.people.models import User
from meeting_manager.workspace.create_forms import in_words


@dataclass(frozen=True, slots=True)
class Part:
    """A booking's place in its series: what the reader may see of the others, in order of time."""

    series: BookingSeries
    meetings: list[Booking]
    here: Booking

    @property
    def rhythm(self) -> str:
        """How they come again: "every week on Tuesday"."""
        first = datetime.fromisoformat(self.series.planned[0])
        return in_words(self.series.repeats, when.local(first, self.series.timezone).date())

    @property
    def left_out(self) -> list[str]:
        """The dates that were left out when the series was made."""
        return [when.short_date(date.fromisoformat(day)) for day in self.series.left_out]

    @property
    def following(self) -> int:
        """How many come after this one and are not cancelled."""
        return sum(
            one.start_datetime > self.here.start_datetime and one.booking_status == BookingStatus.CONFIRMED
            for one in self.meetings
        )


def part_of(booking: Booking, reader: User) -> Part | None:
    """The place of `booking` in its series; None where it has none. Two queries then."""
    if booking.series_id is None or booking.series is None:
        return None
    rows = queries.visible_to(reader).filter(series=booking.series_id)
    there = rows.exclude(booking_status=BookingStatus.RESCHEDULED).order_by("start_datetime", "pk")
    return Part(booking.series, list(there), booking)
