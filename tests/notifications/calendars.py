"""What calendar programs of participants send back."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.models import Thread
from meeting_manager.notifications.replies import organizer
from tests.bookings.desk import JOHN, NOW

MAILBOX = "replies@meet.example"


@dataclass(frozen=True)
class Reply:
    """An answer as a calendar writes it; change what you like with `but`."""

    to: str
    uid: str
    attendee: str = f"mailto:{JOHN.email}"
    partstat: str = "ACCEPTED"
    sequence: int | str = 0
    stamp: datetime = NOW
    method: str = "REPLY"
    declared: str = "REPLY"
    """The method that the mail's own header names."""
    more: tuple[str, ...] = ()
    """Further lines of the event."""
    before: tuple[str, ...] = field(default=())
    """Lines before the event."""

    def but(self, **changes: object) -> "Reply":
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def calendar(self) -> str:
        method = [f"METHOD:{self.method}"] if self.method else []
        lines = [
            "BEGIN:VCALENDAR",
            "PRODID:-//Somebody//Calendar//EN",
            "VERSION:2.0",
            *method,
            *self.before,
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"SEQUENCE:{self.sequence}",
            f"DTSTAMP:{self.stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f'ATTENDEE;CN="Doe, John";PARTSTAT={self.partstat}:{self.attendee}',
            "ORGANIZER:mailto:whoever@meet.example",
            *self.more,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        return "\r\n".join(lines)

    @property
    def content_type(self) -> str:
        return f'text/calendar; charset=utf-8; method="{self.declared}"' if self.declared else "text/calendar"

    def mail(self, encoding: str = "quoted-printable") -> bytes:
        """As most send it: text, and beside it the calendar."""
        message = EmailMessage(policy=SMTP)
        message["From"] = "John Doe <john@customer.example>"
        message["To"] = self.to
        message["Subject"] = "Accepted: 30 Min Call"
        message.set_content("John Doe has accepted.")
        message.add_alternative(self.calendar.encode(), "text", "calendar", cte=encoding)
        *_, part = message.iter_parts()
        part.replace_header("Content-Type", self.content_type)
        return message.as_bytes()

    def attached(self) -> bytes:
        """As some send it: the calendar is a file."""
        message = MIMEMultipart("mixed")
        message["To"] = self.to
        message.attach(MIMEText("See the file."))
        file = MIMEApplication(self.calendar.encode(), "octet-stream")
        file.add_header("Content-Disposition", "attachment", filename="Invite.ICS")
        message.attach(file)
        return message.as_bytes()


def thread_of(booking: Booking, *, receives: bool = True) -> Thread:
    """The thread of an entry that was told of."""
    return Thread.objects.create(
        uid=booking.ical_uid, booking=booking.name, organizer=MAILBOX, receives_replies=receives
    )


def reply_to(thread: Thread, booking: Booking, email: str = JOHN.email) -> Reply:
    """The answer of a participant to the invitation as it stands now."""
    to = organizer(thread, email, booking)
    return Reply(to=to, uid=booking.ical_uid, attendee=f"mailto:{email}", sequence=booking.sequence)
