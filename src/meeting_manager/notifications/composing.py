"""One message as mail: headers, text, HTML, and the calendar part that keeps the recipient's entry in step."""

from collections.abc import Callable, Collection

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.adapters.mail.identity import mailbox, message_id
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.invitation import mail_part
from meeting_manager.bookings.models import Booking
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.ledger.handlers import Job
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Notice, Occasion, Recipient, Rendered
from meeting_manager.notifications.links import unsubscribe_url
from meeting_manager.notifications.models import Thread
from meeting_manager.notifications.replies import organizer
from meeting_manager.notifications.sense import FOLLOW_UPS
from meeting_manager.people.erasure import is_erased

_UPDATES = {
    Message.CUSTOMER_BOOKED,
    Message.CUSTOMER_RESCHEDULED,
    Message.CUSTOMER_REASSIGNED,
    Message.CUSTOMER_CHANGED,
    Message.HOST_BOOKED,
    Message.HOST_ASSIGNED,
    Message.HOST_RESCHEDULED,
    Message.HOST_CHANGED,
    Message.PARTICIPANT_INVITED,
    Message.PARTICIPANT_RESCHEDULED,
    Message.PARTICIPANT_CHANGED,
}
_REMOVALS = {
    Message.CUSTOMER_CANCELLED,
    Message.CUSTOMER_REJECTED,
    Message.HOST_CANCELLED,
    Message.HOST_UNASSIGNED,
    Message.PARTICIPANT_CANCELLED,
}

REQUEST, CANCEL = "REQUEST", "CANCEL"

HasSyncedCalendar = Callable[[Collection[str]], set[str]]
_synced: list[HasSyncedCalendar] = []


def leave_entries_to(synced: HasSyncedCalendar) -> Callable[[], None]:
    """Have `synced(addresses)` say which hosts get bookings into their calendar by sync: their mails carry no
    invitation, so that nobody has it twice. Returns the undoing.
    """
    _synced.append(synced)
    return lambda: _synced.remove(synced)


def compose(job: Job, occasion: Occasion, rendered: Rendered, method: str) -> EmailMultiAlternatives:
    """The mail of a message; `method` is what it does to the recipient's calendar. One query for the thread."""
    booking = occasion.booking
    message = _envelope(job, occasion.recipient, rendered)
    message.reply_to = _reply_to(occasion)
    # Mail programs show the mails of one booking together.
    message.extra_headers["References"] = message_id(booking.ical_uid)
    if occasion.message in FOLLOW_UPS:
        _offer_to_unsubscribe(message, occasion.recipient.address)
    if method:
        _add_entry(message, booking, method, occasion.recipient.address)
    return message


def compose_notice(job: Job, notice: Notice, rendered: Rendered) -> EmailMultiAlternatives:
    """The mail of a message that is not about a booking."""
    return _envelope(job, notice.recipient, rendered)


def entry_method(occasion: Occasion, *, has_entry: bool) -> str:
    """What the mail does to the recipient's calendar: REQUEST, CANCEL, or nothing (empty).

    A request that nobody decided on is in no calendar yet; one that was, and is moved, stays there as tentative.
    Whoever has an entry keeps it in step, whatever the mail is about.
    """
    if not has_entry and _is_synced(occasion):
        return ""
    booking = occasion.booking
    if occasion.message in _REMOVALS:
        stays = booking.booking_status in HOLDING and occasion.recipient.address in _attendees(booking)
        return (REQUEST if stays else CANCEL) if has_entry else ""
    is_new = occasion.message in _UPDATES and booking.booking_status == BookingStatus.CONFIRMED
    return REQUEST if has_entry or is_new else ""


def _attendees(booking: Booking) -> set[str]:
    hosts = {row.user.email for row in booking.assigned_users.all()}
    return hosts | {row.email for row in booking.participants.all()}


def _envelope(job: Job, recipient: Recipient, rendered: Rendered) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mailbox(recipient.name, recipient.address)],
        headers={"Message-ID": message_id(job.key), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def _reply_to(occasion: Occasion) -> list[str]:
    """Whom an answer reaches: customers and participants write to the host, staff to the customer."""
    booking = occasion.booking
    if occasion.recipient.role in {Role.CUSTOMER, Role.PARTICIPANT}:
        leader = booking.meeting_type.department.department_leader
        hosts = [row.user for row in booking.assigned_users.all()]
        is_decided = booking.booking_status != BookingStatus.PENDING
        answering = hosts[0] if hosts and (is_decided or leader is None) else leader
        return _mailboxes(answering.full_name, answering.email) if answering else []
    return _mailboxes(booking.customer_name, booking.customer_email)


def _mailboxes(name: str, address: str) -> list[str]:
    """A header may do without an address that cannot be written, or was erased."""
    try:
        return [mailbox(name, address)] if address and not is_erased(address) else []
    except RefusedError:
        return []


def _is_synced(occasion: Occasion) -> bool:
    address = occasion.recipient.address
    is_host = occasion.recipient.role in {Role.HOST, Role.FORMER_HOST}
    return is_host and any(address in synced([address]) for synced in _synced)


def _add_entry(message: EmailMultiAlternatives, booking: Booking, method: str, address: str) -> None:
    thread = Thread.objects.get(uid=booking.ical_uid)
    part = mail_part(booking, method=method, attendee=address, organizer=organizer(thread, address, booking))
    message.attach_alternative(part.decode(), f"text/calendar; method={method}")


def _offer_to_unsubscribe(message: EmailMultiAlternatives, address: str) -> None:
    message.extra_headers["List-Unsubscribe"] = f"<{unsubscribe_url(address)}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
