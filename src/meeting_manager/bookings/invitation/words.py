"""What a calendar entry says, each to its reader: nobody finds another's link in it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from meeting_manager.bookings import answers, links, places
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side, side_of
from meeting_manager.bookings.plain import plain_text
from meeting_manager.people.erasure import is_erased

_LONGEST_AGENDA = 2_000
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def harmless(text: str) -> str:
    """The text without control characters, its lines ended by \\n only: what calendars can carry."""
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text))


def in_one_line(text: str) -> str:
    """As `harmless`, and in one line."""
    return " ".join(harmless(text).split())


def description(booking: Booking, email: str) -> str:
    """What the meeting is about, how to join, and what its reader may do."""
    side = side_of(booking, email)
    agenda = plain_text(booking.meeting_description, _LONGEST_AGENDA)
    paragraphs = (agenda, places.how_to_join(booking, side), "\n".join(_about(booking, side)), action(booking, email))
    return harmless("\n\n".join(filter(None, paragraphs)))


def action(booking: Booking, email: str) -> str:
    """The reader's own link, and what it is for."""
    labels = {
        Side.CUSTOMER: _("See, move or cancel the meeting: %(url)s"),
        Side.HOST: _("Open in the workspace: %(url)s"),
        Side.PARTICIPANT: _("Accept, decline or say maybe: %(url)s"),
    }
    return labels[side_of(booking, email)] % {"url": url(booking, email)}


def url(booking: Booking, email: str) -> str:
    """The reader's own link: a customer's opens the booking, a participant's their answer, a host's asks to sign in."""
    match side_of(booking, email):
        case Side.CUSTOMER:
            return links.manage_url(booking)
        case Side.HOST:
            return links.workspace_url(booking)
        case Side.PARTICIPANT:
            return links.answer_url(booking, email)


def _about(booking: Booking, side: Side) -> Iterator[str]:
    """Facts: what the customer told us is for hosts, their name for whoever meets them."""
    if not booking.is_internal and side is not Side.CUSTOMER:
        yield _("Customer: %(name)s") % {"name": booking.customer_name}
    if not booking.is_internal and side is Side.HOST and not is_erased(booking.customer_email):
        yield _("E-mail: %(email)s") % {"email": booking.customer_email}
        if booking.customer_phone:
            yield _("Phone: %(phone)s") % {"phone": booking.customer_phone}
        if booking.customer_notes:
            yield _("Notes: %(notes)s") % {"notes": booking.customer_notes}
        yield from (each.line for each in answers.told(booking))
    yield _("Reference: %(reference)s") % {"reference": booking.booking_reference}
