"""The guests' tests: a free time of the cast's, and a short way to a booking.

Imports of the product wait until a fixture runs: pytest reads this file before the settings are there.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from meeting_manager.bookings.models import Booking
    from tests.cast import Cast


@pytest.fixture
def start(cast: "Cast") -> datetime:
    """Ten o'clock of a working day ahead, at which all of Support are free."""
    from tests.public.visits import free_starts

    return next(at for at in free_starts(cast.call)[20:] if (at.hour, at.minute) == (10, 0))


@pytest.fixture
def book(cast: "Cast", start: datetime) -> "Callable[..., Booking]":
    """Books as a guest through the service: a call in Support at `start`, unless something else is said."""
    from tests.public.visits import book_as_guest

    def make(**changes: object) -> "Booking":
        return book_as_guest(**({"meeting_type": cast.call, "start": start} | changes))

    return make
