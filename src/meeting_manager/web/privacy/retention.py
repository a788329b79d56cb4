"""Who took part in what is long over is forgotten, where the site says after how long (RETENTION_DAYS)."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings

from meeting_manager.bookings.personal import kept_too_long
from meeting_manager.people.queries import system_user
from meeting_manager.web.privacy.erasing import erase_from

MOST = 500
"""In one run; the next one goes on."""

log = structlog.get_logger(__name__)


def erase_old(now: datetime) -> int:
    """Erase the guests of bookings that ended RETENTION_DAYS before `now` (aware UTC), oldest first; of how many.

    Each booking in a transaction of its own, so that others can write meanwhile. Periodic.
    """
    if not settings.RETENTION_DAYS:
        return 0
    actor = system_user()
    old = list(kept_too_long(now - timedelta(days=settings.RETENTION_DAYS)).only("pk")[:MOST])
    erased = sum(erase_from(booking, actor, now).was_there for booking in old)
    if erased:
        log.info("erased guests of old bookings", bookings=erased)
    return erased
