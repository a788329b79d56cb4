"""Why nothing is free, in words for customers: general ones, which name nobody and tell of nobody's day."""

from django.utils.translation import gettext as _

from meeting_manager.bookings import when
from meeting_manager.bookings.facts import moment
from meeting_manager.engine.slots import Shortage, ShortageCode


def words(shortage: Shortage, zone: str) -> str:
    """A sentence about it; dates are those of the IANA zone."""
    match shortage.code:
        case ShortageCode.NOBODY:
            return _("At the moment nobody takes these meetings.")
        case ShortageCode.NO_HOURS:
            return _("The team takes no meetings in this period.")
        case ShortageCode.TOO_FAR:
            return _("Meetings can be booked until %(day)s.") % {"day": when.day(moment(shortage.latest), zone)}
        case ShortageCode.TOO_SOON:
            return _("This is too soon: meetings can be booked from %(day)s on.") % {
                "day": when.day(moment(shortage.soonest), zone)
            }
        case ShortageCode.FULL:
            return _("All times in this period are taken.")
