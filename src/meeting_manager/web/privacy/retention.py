"""Who took part in what is long over is forgotten, where the site says after how long (RETENTION_DAYS)."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.personal import kept_too_long
from meeting_manager.bookings.queries import latest
from meeting_manager.people.queries import system_user
from meeting_manager.web.privacy.erasing import erase_from

MOST = 500
"""In one run; the next one goes on."""

MOST_LOOKED_AT = 20_000

log = structlog.get_logger(__name__)


def erase_old(now: datetime) -> int:
    """Erase the guests of bookings that ended RETENTION_DAYS before `now` (aware UTC), oldest first; of how many.

    Each booking in a transaction of its own, so that others can write meanwhile. Periodic.
    """
    if not settings.RETENTION_DAYS:
        return 0
    actor, before = system_user(), now - timedelta(days=settings.RETENTION_DAYS)
    erased = 0
    for booking in list(kept_too_long(before).only("pk", "booking_status")[:MOST_LOOKED_AT]):
        if erased == MOST:
            break
        if not _goes_on(booking, before):
            erased += erase_from(booking, actor, now).was_there
    if erased:
        log.info("erased guests of old bookings", bookings=erased)
    return erased


def _goes_on(booking: Booking, before: datetime) -> bool:
    """Whether it was moved, and what it became is not that old: people are still told of it as one meeting."""
    return booking.booking_status == BookingStatus.RESCHEDULED and latest(booking).end_datetime >= before
