"""Mails about accounts, which workers send: here at once."""

import re

from django.core import mail
from django.test import Client
from django.utils import timezone

from meeting_manager.ledger.running import run_due

RESET = "/accounts/password/reset/"
RESET_LINK = re.compile(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)")


def ask_for_a_new_password(email: str, client: Client) -> None:
    """Fill in the page of those who forgot their password."""
    answer = client.post(RESET, {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, f"{RESET}done/")


def collect() -> list[str]:
    """Have everything sent that is owed; the texts of all mails so far, oldest first."""
    run_due(timezone.now())
    return [str(message.body) for message in mail.outbox]


def reset_link(email: str, client: Client) -> str:
    """The path in the mail that somebody gets who asks for a new password."""
    ask_for_a_new_password(email, client)
    (text,) = collect()
    link = RESET_LINK.search(text)
    assert link, text
    return link[1]
