"""What kinds of time the busy table holds."""

from django.db import models


class BusyKind(models.IntegerChoices):
    """The same numbers as the engine's `BusyKind`.

    A span longer than `MAX_PIECE` is stored as several adjacent pieces, so that a read needs to look back by one
    piece only and its cost does not grow with history.
    """

    BOOKING = 1, "Booking"
    BOOKING_CONTINUED = 2, "Later piece of a booking"
    COMPLETED = 3, "Completed booking (counts toward limits, blocks nothing)"
    EXTERNAL = 4, "External event"


MAX_PIECE = 86_400
"""Seconds in the longest piece."""
