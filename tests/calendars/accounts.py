"""An account of a member elsewhere, as adapters give it, and the provider that signs them in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from pytest_django import Settings

from meeting_manager.adapters.calendar.protocol import CalendarChoice
from meeting_manager.calendars.access import offer_account
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.services.consent import Offer, begin_consent, end_consent
from tests.cast import NOW
from tests.providers.signin import CLIENT, SECRET, SignIn

WORK = CalendarChoice("https://dav.example/work/", "Work", is_writable=True, is_primary=True)
TEAM = CalendarChoice("https://dav.example/team/", "Team", is_writable=True)
HOLIDAYS = CalendarChoice("https://dav.example/holidays/", "Holidays", is_writable=False)
BACK = "https://meet.example/calendars/connected"


@dataclass
class Account:
    """Opened with whatever credentials; it remembers them."""

    name: str = "sarah@calendars.example"
    choices: tuple[CalendarChoice, ...] = (WORK, TEAM, HOLIDAYS)
    opened: list[tuple[Mapping[str, Any], str]] = field(default_factory=list)

    def __call__(self, credentials: Mapping[str, Any], server: str) -> "Account":
        self.opened.append((credentials, server))
        return self

    def address(self) -> str:
        return self.name

    def calendars(self) -> Sequence[CalendarChoice]:
        return self.choices


@contextmanager
def accounts(account: Account) -> Iterator[Account]:
    """Have all kinds of accounts be this one."""
    kinds = (IntegrationType.GOOGLE, IntegrationType.OUTLOOK, IntegrationType.CALDAV)
    undoings = [offer_account(kind, account) for kind in kinds]
    yield account
    for undo in undoings:
        undo()


def know(settings: Settings, signin: SignIn) -> None:
    """Set the site up to know this provider as Google."""
    base = f"http://127.0.0.1:{signin.port}"
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = CLIENT, SECRET
    settings.GOOGLE_SIGNIN_URL, settings.GOOGLE_TOKEN_URL = f"{base}/authorize", base


def consented(kind: IntegrationType = IntegrationType.GOOGLE) -> Offer:
    """What is let into by a member who agrees at once."""
    address, pending = begin_consent(kind=kind, redirect=BACK, now=NOW)
    params = agree(address)
    return end_consent(pending=pending, state=params["state"], code=params["code"], now=NOW)


def agree(address: str) -> httpx.QueryParams:
    """With what the provider sends the member back."""
    return httpx.URL(httpx.get(address).headers["Location"]).params
