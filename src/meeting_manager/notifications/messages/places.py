"""Where a meeting takes place, as the table and sentences have it."""

from meeting_manager.bookings import places
from meeting_manager.bookings.perspective import Side
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Line, link


def lines(about: About) -> tuple[Line, ...]:
    """For the table: the kind of place, the place, and the link of a video call that is granted."""
    booking = about.booking
    video = (link(booking.video_meeting_url),) if booking.video_meeting_url and about.is_settled else ()
    return (Line(places.kind(booking.location_type)), *map(Line, booking.meeting_location.splitlines()), *video)


def sentence(about: About) -> str:
    """In one line: "Video call, https://meet.example/a"."""
    return ", ".join(line.text for line in lines(about) if line.text)


def how_to_join(about: About) -> str:
    """What the recipient does when it is time; empty where the place says it all."""
    return places.how_to_join(about.booking, _side(about))


def _side(about: About) -> Side:
    if about.for_customer:
        return Side.CUSTOMER
    return Side.HOST if about.for_staff else Side.PARTICIPANT
