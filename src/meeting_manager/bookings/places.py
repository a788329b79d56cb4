"""Where a meeting takes place, in words: one wording for pages, mails and calendars."""

from django.utils.translation import gettext as _

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side
from meeting_manager.departments.choices import LocationType


def kind(location_type: str) -> str:
    """What kind of place it is: "Video call"; empty where nobody said."""
    match location_type:
        case LocationType.VIDEO_CALL:
            return _("Video call")
        case LocationType.PHONE_CALL:
            return _("Phone call")
        case LocationType.PHYSICAL_LOCATION:
            return _("In person")
        case LocationType.CUSTOM:
            return _("As agreed")
    return ""


def one_line(booking: Booking) -> str:
    """The place as calendars have it: address and link where they are known, else the kind of place."""
    known = (booking.meeting_location, booking.video_meeting_url)
    return ", ".join(filter(None, known)) or kind(booking.location_type)


def how_to_join(booking: Booking, side: Side) -> str:
    """What somebody on this side does when it is time, in a sentence; empty where the place says it all.

    A customer's number is for hosts and for themselves.
    """
    match booking.location_type:
        case LocationType.VIDEO_CALL if booking.video_meeting_url:
            return _("When it is time, open the link of the video call.")
        case LocationType.PHYSICAL_LOCATION if booking.meeting_location:
            return _("Please come to: %(place)s") % {"place": booking.meeting_location}
        case LocationType.PHONE_CALL if not booking.is_internal:
            return _by_phone(booking, side)
    return ""


def _by_phone(booking: Booking, side: Side) -> str:
    customer = {"name": booking.customer_name, "phone": booking.customer_phone}
    if side is Side.CUSTOMER:
        if customer["phone"]:
            return _("When it is time, we call you at %(phone)s.") % customer
        return _("Please tell us the number at which we reach you.")
    if side is not Side.HOST:
        return ""
    if customer["phone"]:
        return _("When it is time, call %(name)s at %(phone)s.") % customer
    return _("No telephone number is known; please ask %(name)s for it.") % customer
