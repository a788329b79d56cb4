"""From a connected calendar to the adapter that speaks with it. Opening one uses no network."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings

from meeting_manager.adapters.calendar.caldav import CalDAV, CalDAVAccount
from meeting_manager.adapters.calendar.errors import AuthRevokedError
from meeting_manager.adapters.calendar.google import GoogleCalendar
from meeting_manager.adapters.calendar.ical import ICalFeed
from meeting_manager.adapters.calendar.outlook import OutlookCalendar
from meeting_manager.adapters.calendar.protocol import (
    NO_WINDOW,
    CalendarAccount,
    ReadableCalendar,
    Window,
    WritableCalendar,
)
from meeting_manager.adapters.calendar.reading import Reader
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.people.sealing import UnreadableError, unseal


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to open a calendar, for use outside transactions. `credentials` are still sealed."""

    integration_id: int
    kind: IntegrationType
    calendar_id: str
    account: str
    ical_url: str
    email: str
    """Of its owner here."""
    credentials: bytes = field(repr=False, default=b"")

    @classmethod
    def of(cls, row: CalendarIntegration) -> "Access":
        """Of a stored calendar, read with its user."""
        return cls(
            row.pk,
            IntegrationType(row.integration_type),
            row.calendar_id,
            row.account,
            row.ical_url,
            row.user.email,
            bytes(row.credentials),
        )

    @property
    def addresses(self) -> tuple[str, ...]:
        """By which the owner is known among the attendees of an event."""
        return tuple(dict.fromkeys(address.lower() for address in (self.email, self.account) if address))

    def opened(self) -> Mapping[str, Any]:
        """The credentials in clear. Raises AuthRevokedError where there are none that can be read."""
        try:
            found = json.loads(unseal(self.credentials)) if self.credentials else {}
        except (UnreadableError, ValueError) as error:
            raise AuthRevokedError(
                "What lets us in was sealed with a key that is no longer there. Please connect the calendar anew."
            ) from error
        if not isinstance(found, Mapping) or not found:
            raise AuthRevokedError("Nothing that lets us in is stored. Please connect the calendar anew.")
        return found


class Opening(Protocol):
    """Opens the calendars of one kind; `zone` is its owner's, for whole days and floating times."""

    def __call__(self, access: Access, window: Window, zone: str) -> ReadableCalendar: ...


class WritableOpening(Protocol):
    """The same for kinds that take up bookings."""

    def __call__(self, access: Access, window: Window, zone: str) -> WritableCalendar: ...


class AccountOpening(Protocol):
    """Opens the accounts of one kind. `credentials` are in clear and need not be stored; `server` is for CalDAV, whose
    accounts are somewhere."""

    def __call__(self, credentials: Mapping[str, Any], server: str) -> CalendarAccount: ...


def _feed(access: Access, window: Window, zone: str) -> ReadableCalendar:
    return ICalFeed(access.ical_url, window, Reader(zone, access.addresses), allowed=settings.ALLOW_PRIVATE_ADDRESSES)


def _caldav(access: Access, window: Window, zone: str) -> WritableCalendar:
    found = access.opened()
    return CalDAV(
        access.calendar_id,
        str(found.get("username", "")),
        str(found.get("password", "")),
        window,
        Reader(zone, access.addresses),
        allowed=settings.ALLOW_PRIVATE_ADDRESSES,
    )


def _google(access: Access, window: Window, zone: str) -> WritableCalendar:
    from meeting_manager.calendars.tokens import token_source  # which needs Access

    return GoogleCalendar(
        token_source(access),
        base=settings.GOOGLE_API_URL,
        calendar_id=access.calendar_id or "primary",
        window=window,
        zone=zone,
        addresses=access.addresses,
    )


def _outlook(access: Access, window: Window, zone: str) -> WritableCalendar:
    from meeting_manager.calendars.tokens import token_source  # as above

    return OutlookCalendar(
        token_source(access),
        base=settings.MICROSOFT_API_URL,
        calendar_id=access.calendar_id,
        window=window,
        zone=zone,
        addresses=access.addresses,
    )


def _google_account(
    credentials: Mapping[str, Any],
    server: str,  # noqa: ARG001 - the Protocol's signature
) -> CalendarAccount:
    from meeting_manager.calendars.tokens import given_token, tokens_of  # as above

    return GoogleCalendar(given_token(tokens_of(credentials)), base=settings.GOOGLE_API_URL)


def _outlook_account(
    credentials: Mapping[str, Any],
    server: str,  # noqa: ARG001 - the Protocol's signature
) -> CalendarAccount:
    from meeting_manager.calendars.tokens import given_token, tokens_of  # as above

    return OutlookCalendar(given_token(tokens_of(credentials)), base=settings.MICROSOFT_API_URL)


def _caldav_account(credentials: Mapping[str, Any], server: str) -> CalendarAccount:
    username, password = str(credentials["username"]), str(credentials["password"])
    return CalDAVAccount(server, username, password, allowed=settings.ALLOW_PRIVATE_ADDRESSES)


_WRITABLE: dict[IntegrationType, WritableOpening] = {
    IntegrationType.GOOGLE: _google,
    IntegrationType.OUTLOOK: _outlook,
    IntegrationType.CALDAV: _caldav,
}
_READABLE: dict[IntegrationType, Opening] = {IntegrationType.ICAL: _feed}
_ACCOUNTS: dict[IntegrationType, AccountOpening] = {
    IntegrationType.CALDAV: _caldav_account,
    IntegrationType.GOOGLE: _google_account,
    IntegrationType.OUTLOOK: _outlook_account,
}


def writable_kinds() -> tuple[IntegrationType, ...]:
    """The kinds that take up bookings."""
    return tuple(_WRITABLE)


def readable_kinds() -> tuple[IntegrationType, ...]:
    """The kinds that are read."""
    return (*_READABLE, *_WRITABLE)


def account_kinds() -> tuple[IntegrationType, ...]:
    """The kinds of which whole accounts can be connected."""
    return tuple(_ACCOUNTS)


def offer(kind: IntegrationType, opening: WritableOpening) -> Callable[[], None]:
    """Have calendars of this kind opened by `opening` from now on; returns its undoing."""
    before = _WRITABLE.get(kind)
    _WRITABLE[kind] = opening

    def undo() -> None:
        if before is None:
            _WRITABLE.pop(kind, None)
        else:
            _WRITABLE[kind] = before

    return undo


def open_calendar(access: Access, window: Window, zone: str) -> ReadableCalendar:
    """The calendar, to be read in `window`."""
    opening = _WRITABLE.get(access.kind) or _READABLE[access.kind]
    return opening(access, window, zone)


def open_for_writing(access: Access, zone: str) -> WritableCalendar:
    """The calendar, to take up bookings; `access.kind` is one of `writable_kinds`."""
    return _WRITABLE[access.kind](access, NO_WINDOW, zone)


def offer_account(kind: IntegrationType, opening: AccountOpening) -> Callable[[], None]:
    """Have accounts of this kind opened by `opening` from now on; returns its undoing."""
    before = _ACCOUNTS.get(kind)
    _ACCOUNTS[kind] = opening

    def undo() -> None:
        if before is None:
            _ACCOUNTS.pop(kind, None)
        else:
            _ACCOUNTS[kind] = before

    return undo


def open_account(kind: IntegrationType, credentials: Mapping[str, Any], server: str = "") -> CalendarAccount:
    """The account, to see its calendars; `kind` is one of `account_kinds`. Uses no network."""
    return _ACCOUNTS[kind](credentials, server)
