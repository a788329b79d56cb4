"""Where a meeting takes place, and how one gets there."""

from django.utils.translation import gettext as _

from meeting_manager.departments.choices import LocationType
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Line, link

_VIDEO, _PHONE, _ROOM = LocationType.VIDEO_CALL, LocationType.PHONE_CALL, LocationType.PHYSICAL_LOCATION


def lines(about: About) -> tuple[Line, ...]:
    """For the table: the kind of place, the place, and the link of a video call that is granted."""
    booking = about.booking
    video = (link(booking.video_meeting_url),) if booking.video_meeting_url and about.is_settled else ()
    return (Line(_kind(booking.location_type)), *map(Line, booking.meeting_location.splitlines()), *video)


def sentence(about: About) -> str:
    """In one line: "Video call, https://meet.example/a"."""
    return ", ".join(line.text for line in lines(about) if line.text)


def how_to_join(about: About) -> str:
    """What the recipient does when it is time; empty where the place says it all."""
    booking = about.booking
    if booking.location_type == _VIDEO and booking.video_meeting_url:
        return _("When it is time, open the link of the video call.")
    if booking.location_type == _ROOM and booking.meeting_location:
        return _("Please come to: %(place)s") % {"place": booking.meeting_location}
    return _by_phone(about) if booking.location_type == _PHONE and not booking.is_internal else ""


def _by_phone(about: About) -> str:
    phone = about.booking.customer_phone
    if about.for_customer:
        if phone:
            return _("When it is time, we call you at %(phone)s.") % {"phone": phone}
        return _("Please answer this mail with the number at which we reach you.")
    if not about.for_staff:
        return ""
    customer = {"name": about.booking.customer_name, "phone": phone}
    if phone:
        return _("When it is time, call %(name)s at %(phone)s.") % customer
    return _("No telephone number is known; please ask %(name)s for it.") % customer


def _kind(location_type: str) -> str:
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
