"""Mails in the outbox of a test's site, written by the backend that the product uses."""

from datetime import datetime
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives

INVITATION = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Meeting Manager//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:6a1f\r
SEQUENCE:3\r
DTSTAMP:20261207T070000Z\r
DTSTART:20261208T100000Z\r
DTEND:20261208T103000Z\r
SUMMARY:Call with Support\\, in German\r
ORGANIZER:mailto:noreply@meet.example\r
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@customer.example\r
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:sarah@bestsecurity.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def keep(
    number: int, at: datetime, *, subject: str = "Your meeting", text: str = "Hello", html: str = "", calendar: str = ""
) -> None:
    """Send the `number`th message to a customer of that number."""
    message = EmailMultiAlternatives(
        subject,
        text,
        "Meeting Manager <noreply@meet.example>",
        [f"customer{number}@customer.example"],
        headers={"Message-ID": f"<{number}@meet.example>", "Date": format_datetime(at)},
    )
    if html:
        message.attach_alternative(html, "text/html")
    if calendar:
        message.attach_alternative(calendar, "text/calendar; method=REQUEST; charset=utf-8")
    message.send()
