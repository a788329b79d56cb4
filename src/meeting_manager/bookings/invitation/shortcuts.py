"""Links by which a customer puts the meeting into a calendar on the web."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from meeting_manager.bookings import places
from meeting_manager.bookings.invitation import words
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side, title_for
from meeting_manager.bookings.plain import shortened

_LONGEST_DETAILS = 1_000
"""Addresses much longer than 2,000 characters are cut or refused on the way; a character can become nine of them."""


def calendar_links(booking: Booking) -> list[tuple[str, str]]:
    """Name of each calendar and address of its own form, filled in: times in UTC, what the customer's entry says."""
    title = words.in_one_line(title_for(booking, Side.CUSTOMER))
    details = _details(booking)
    place = words.in_one_line(places.one_line(booking))
    compact = [_compact(each) for each in (booking.start_datetime, booking.end_datetime)]
    start, end = (_extended(each) for each in (booking.start_datetime, booking.end_datetime))
    google = {"action": "TEMPLATE", "text": title, "dates": "/".join(compact), "details": details, "location": place}
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": start,
        "enddt": end,
        "body": details,
        "location": place,
    }
    yahoo = {"v": "60", "title": title, "st": compact[0], "et": compact[1], "desc": details, "in_loc": place}
    return [
        ("Google", _address("https://calendar.google.com/calendar/render", google)),
        ("Outlook.com", _address("https://outlook.live.com/calendar/0/deeplink/compose", outlook)),
        ("Microsoft 365", _address("https://outlook.office.com/calendar/0/deeplink/compose", outlook)),
        ("Yahoo", _address("https://calendar.yahoo.com/", yahoo)),
    ]


def _details(booking: Booking) -> str:
    """The description, shortened above the link that nobody should lose."""
    link = words.action(booking, booking.customer_email)
    rest = words.description(booking, booking.customer_email).removesuffix(link).rstrip()
    return f"{shortened(rest, _LONGEST_DETAILS)}\n\n{link}"


def _address(page: str, query: dict[str, str]) -> str:
    # Outlook shows a plus as a plus, so blanks are %20.
    return f"{page}?{urlencode(query, quote_via=quote)}"


def _compact(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _extended(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
