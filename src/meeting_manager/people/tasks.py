"""The ledger's handler of this room: mails about an account."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from meeting_manager.adapters.mail.identity import message_id
from meeting_manager.adapters.mail.sending import deliver
from meeting_manager.ledger.handlers import Job, Outcome
from meeting_manager.people.services.account_mail import Words, empty, words_of


def send_account_mail(job: Job, now: datetime) -> Outcome:
    """Send one, unless its link has expired; what it said is forgotten either way. Raises what `deliver` does."""
    words = words_of(job.payload)
    if words is None:  # the worker before ended between forgetting and saying so
        return Outcome("Sent.")
    if now - job.created_at > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        empty(job.id)
        return Outcome("Not sent: its link has expired.", skipped=True)
    deliver(_message(job, words))
    empty(job.id)
    return Outcome("Sent.")


def _message(job: Job, words: Words) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[job.recipient],
        headers={"Message-ID": message_id(job.key), "Auto-Submitted": "auto-generated"},
    )
    if words.html:
        message.attach_alternative(words.html, "text/html")
    return message
