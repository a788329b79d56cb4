"""The ledger's handlers of this room: working out who is told, and telling them by mail or SMS."""

from datetime import datetime, timedelta

from django.conf import settings

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.adapters.mail.sending import deliver
from meeting_manager.adapters.sms import gateway
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger import handlers
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import Job, Outcome, Postponed
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.composing import REQUEST, compose, compose_notice, entry_method
from meeting_manager.notifications.inputs import Notice, Occasion, Recipient
from meeting_manager.notifications.news import news, note_heard, wait_for_turn
from meeting_manager.notifications.occasions import occasion, standing, whole
from meeting_manager.notifications.rendering import render
from meeting_manager.notifications.sense import FOLLOW_UPS, REMINDERS, outdated, why_not
from meeting_manager.notifications.services import awaiting, confirming, elsewhere, follow_ups, planning, reminders
from meeting_manager.notifications.services.planning import Happened
from meeting_manager.notifications.services.unsubscribing import is_unsubscribed
from meeting_manager.notifications.short import render_sms
from meeting_manager.people.erasure import ERASED_TEXT, is_erased
from meeting_manager.people.languages import speaking

SMS = "sms"
NOTICE = "notice"
_HOUR = timedelta(hours=1)


def register() -> None:
    """Called once at start-up."""
    handlers.register(planning.NOTIFY, notify)
    # One at a time, so that a worker that is killed repeats one at most: nobody knows if it was taken.
    handlers.register(planning.MAIL, mail, threads=1)
    handlers.register(NOTICE, notice, threads=1)
    handlers.register(elsewhere.BOOKING_NOTICE, booking_notice, threads=1)
    handlers.register(SMS, sms, threads=1)
    handlers.register(confirming.CONFIRMATION, confirmation, threads=1)


def notify(job: Job, now: datetime) -> Outcome:
    """Work out who hears of an event, and owe them their messages; no network."""
    event = Happened(job.payload["event_key"], job.payload["event"], job.payload)
    plan = _PLANS.get(event.type, planning.plan_event)
    try:
        count = plan(event, now)
    except Booking.DoesNotExist:
        return Outcome("The booking was deleted.", skipped=True)
    return Outcome(f"Messages planned: {count}", skipped=not count)


_PLANS = {
    "booking.deleted": planning.forget_thread,
    "booking.completed": follow_ups.plan_follow_up,
    "booking.no_show": follow_ups.plan_follow_up,
    reminders.EVENT: reminders.plan_reminder,
}


def mail(job: Job, now: datetime) -> Outcome:
    """Send one mail about a booking, unless it no longer makes sense."""
    if is_erased(job.recipient):
        return Outcome(ERASED_TEXT, skipped=True)
    try:
        return _tell_news(job, now) if "before" in job.payload else _remind_or_follow_up(job, now)
    except Booking.DoesNotExist:
        return Outcome("The booking was deleted.", skipped=True)


def _tell_news(job: Job, now: datetime) -> Outcome:
    """Tell the recipient what they do not know yet, and remember that they do."""
    wait_for_turn(job, now)
    planning.wait_for_second_thoughts(job.payload["uid"], now)
    found = news(job)
    if found is None:
        return Outcome("There is nothing left to tell.", skipped=True)
    telling, booking = found.telling, found.booking
    if why := outdated(telling.message, telling.role, telling.address, booking, now):
        return Outcome(why, skipped=True)
    awaiting.wait_for_link(booking, now)
    _spare_the_mailbox(job, now)
    if telling.message != job.payload["message"]:  # the timeline tells what was sent
        payload = {**job.payload, "message": telling.message, "role": telling.role}
        Delivery.objects.filter(pk=job.id).update(payload=payload, about=booking.name)
    about = occasion(found.payload, job.recipient, booking)
    method = entry_method(about, has_entry=found.has_entry)
    note = _send(job, about, method, now)
    has_entry = method == REQUEST or (found.has_entry and not method)
    note_heard(job.recipient, booking, has_entry=has_entry)
    return Outcome(note)


def _remind_or_follow_up(job: Job, now: datetime) -> Outcome:
    found = _sensible(job, now)
    if isinstance(found, Outcome):
        return found
    note = _send(job, found, "", now)
    _keep_record(job, found, now)
    return Outcome(note)


def _send(job: Job, about: Occasion, method: str, now: datetime) -> str:
    with speaking(about.recipient.language):
        rendered = render(about, now)
        message = compose(job, about, rendered, method)
    deliver(message)
    return " ".join(filter(None, ["Sent.", job.payload.get("note", ""), rendered.note]))


def booking_notice(job: Job, now: datetime) -> Outcome:
    """Tell of a booking and its host's own calendar, unless it no longer matters."""
    try:
        found = elsewhere.sensible(job, now)
    except Booking.DoesNotExist:
        return Outcome("The booking was deleted.", skipped=True)
    if isinstance(found, str):
        return Outcome(found, skipped=True)
    with speaking(found.recipient.language):
        message = compose_notice(job, found, render(found, now))
    deliver(message)
    return Outcome("Sent.")


def notice(job: Job, now: datetime) -> Outcome:
    """Send one message that is not about a booking."""
    recipient = Recipient(job.recipient, Role(job.payload["role"]), job.payload.get("name", ""))
    about = Notice(Message(job.payload["message"]), recipient, job.payload["facts"])
    with speaking(about.recipient.language):
        message = compose_notice(job, about, render(about, now))
    deliver(message)
    return Outcome("Sent.")


def confirmation(job: Job, now: datetime) -> Outcome:
    """Send the link a guest confirms a booking by, unless it opens nothing any more; it is forgotten either way."""
    if confirming.is_empty(job):  # the worker before ended between forgetting and saying so
        return Outcome("Sent.")
    found = confirming.find(job, now)
    if found is None:
        confirming.empty(job.id)
        return Outcome("Not sent: its link has expired.", skipped=True)
    _spare_the_mailbox(job, now)
    with speaking(found.recipient.language):
        message = compose_notice(job, found, render(found, now))
    deliver(message)
    confirming.empty(job.id)
    return Outcome("Sent.")


def sms(job: Job, now: datetime) -> Outcome:
    """Send one reminder as SMS; where that cannot be done, owe it as a mail that says so in its timeline."""
    if is_erased(job.recipient):
        return Outcome(ERASED_TEXT, skipped=True)
    try:
        found = _sensible(job, now)
    except Booking.DoesNotExist:
        return Outcome("The booking was deleted.", skipped=True)
    if isinstance(found, Outcome):
        return found
    out = gateway()
    if out is None:
        return _by_mail_instead(job, "No SMS gateway is set up.", now)
    with speaking(found.recipient.language):
        text = render_sms(found)
    try:
        out.send(to=found.booking.customer_phone, text=text, identity=job.key)
    except RefusedError as error:
        return _by_mail_instead(job, str(error), now)
    _keep_record(job, found, now)
    return Outcome("Sent.")


def _sensible(job: Job, now: datetime) -> Occasion | Outcome:
    """What a reminder or follow-up is about, or why it is not sent. Raises Booking.DoesNotExist."""
    booking = standing(whole(job.payload["booking"]))
    message = Message(job.payload["message"])
    why = why_not(message, Role(job.payload["role"]), job.recipient, booking, now) or _unwanted(job, message)
    if not why and message in REMINDERS:
        why = reminders.why_not_this_one(booking, job.payload["hours_before"], now)
    return Outcome(why, skipped=True) if why else occasion(job.payload, job.recipient, booking)


def _unwanted(job: Job, message: Message) -> str:
    if message not in FOLLOW_UPS:
        return ""
    if is_unsubscribed(job.recipient):
        return "This address wants no follow-ups."
    sent = Delivery.objects.filter(about=job.about, kind=planning.MAIL, state=DeliveryState.DONE)
    return "It was sent already." if sent.filter(payload__message=message).exists() else ""


def _spare_the_mailbox(job: Job, now: datetime) -> None:
    """Raise Postponed where guests caused so many mails to this address within an hour that it could be a nuisance."""
    limit = settings.GUEST_MAILS_PER_HOUR
    if not limit or not job.payload.get("by_guest"):
        return
    sent = Delivery.objects.filter(
        kind__in=(planning.MAIL, confirming.CONFIRMATION),
        state=DeliveryState.DONE,
        recipient=job.recipient,
        finished_at__gt=now - _HOUR,
        payload__by_guest=True,
    ).order_by("-finished_at")
    oldest = sent.values_list("finished_at", flat=True)[limit - 1 : limit].first()
    if oldest is not None:
        raise Postponed(oldest + _HOUR, f"This address already got {limit} mails this hour.")


def _keep_record(job: Job, found: Occasion, now: datetime) -> None:
    if found.message in REMINDERS:
        reminders.record(found, job.kind, now)


def _by_mail_instead(job: Job, why: str, now: datetime) -> Outcome:
    planning.owe_by_mail(job, f"Sent by mail: {why}", now)
    return Outcome(f"Goes by mail instead: {why}", skipped=True)
