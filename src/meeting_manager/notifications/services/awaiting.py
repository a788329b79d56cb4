"""A confirmation waits a little for the link of a video call that a host's calendar makes with the event (issue 4)."""

from datetime import datetime, timedelta

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.choices import LocationType, VideoPlatform
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import CALENDAR_WRITE, Postponed
from meeting_manager.ledger.models import Delivery

PATIENCE = timedelta(minutes=1)
_AGAIN = timedelta(seconds=3)
_MADE_BY_CALENDARS = {VideoPlatform.GOOGLE_MEET, VideoPlatform.MICROSOFT_TEAMS}
_ALIVE = (DeliveryState.READY, DeliveryState.RUNNING)


def wait_for_link(booking: Booking, now: datetime) -> None:
    """Raise Postponed while the link may still come; afterwards the mail goes without, and an update follows it.

    One query, and only for bookings whose link a calendar makes.
    """
    is_video = booking.location_type == LocationType.VIDEO_CALL and not booking.video_meeting_url
    if not is_video or booking.meeting_type.video_platform not in _MADE_BY_CALENDARS:
        return
    if booking.booking_status != BookingStatus.CONFIRMED:
        return
    owed = Delivery.objects.filter(
        kind=CALENDAR_WRITE, about=booking.name, state__in=_ALIVE, created_at__gt=now - PATIENCE
    )
    if owed.exists():
        raise Postponed(now + _AGAIN, "Waits for the link of the video call.")
