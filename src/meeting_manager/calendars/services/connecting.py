"""Connecting the calendars of an account: tested before anything is stored, chosen, let in anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meeting_manager.adapters.calendar.ical import ICalFeed
from meeting_manager.adapters.calendar.protocol import CalendarChoice, Pulled, Window
from meeting_manager.adapters.calendar.reading import Reader
from meeting_manager.calendars import validators
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.rules import may_edit, takes_bookings
from meeting_manager.calendars.services.consent import Offer, begin_consent, end_consent, look_into
from meeting_manager.calendars.services.disconnecting import disconnect
from meeting_manager.calendars.services.integrations import create_integration, lock_calendars_of, owe_bookings
from meeting_manager.calendars.services.pulling import is_read, owe
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account

__all__ = [
    "Chosen",
    "Offer",
    "begin_consent",
    "connect_account",
    "disconnect",
    "end_consent",
    "reconnect",
    "sync_now",
    "test_caldav",
    "test_feed",
]

_LONGEST_NAME = 140
_SECONDS_BETWEEN = 10
_TRIED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the calendars of an account, and how it is to be connected. An empty `name` is the calendar's own."""

    id: str
    name: str = ""
    two_way: bool = False
    primary: bool = False


def test_caldav(*, url: str, username: str, password: str) -> Offer:
    """The account at a CalDAV server, with its calendars. Uses the network; raises ValidationError for what is missing,
    and the errors of `adapters.calendar.errors`."""
    given = {"url": url, "username": username, "password": password}
    missing = {name: _("This field is required.") for name, value in given.items() if not value.strip()}
    if missing:
        raise ValidationError(missing)
    credentials = {"username": username, "password": password}
    return look_into(IntegrationType.CALDAV, credentials, url.strip())


def test_feed(*, url: str, zone: str, now: datetime) -> Pulled:
    """What is in a feed, a month to either side of `now`. Uses the network; raises ValidationError for what is no
    address, and the errors of `adapters.calendar.errors`."""
    if not url.strip():
        raise ValidationError({"ical_url": _("This field is required.")})
    address = validators.read({"ical_url": url}, validators.INTEGRATION)["ical_url"]
    window = Window(int((now - _TRIED).timestamp()), int((now + _TRIED).timestamp()))
    return ICalFeed(address, window, Reader(zone, ()), allowed=settings.ALLOW_PRIVATE_ADDRESSES).pull("")


def connect_account(
    *, actor: User, user: User, offer: Offer, chosen: Sequence[Chosen], now: datetime
) -> list[CalendarIntegration]:
    """Connect the chosen calendars of an account; returns those that are new.

    Effects: one calendar each; where the user has no primary one, the first that takes up bookings becomes it. Those of
    the account that are connected already are let in with the new credentials. Raises PermissionDenied,
    ValidationError.
    """
    if not may_edit_account(actor, user):
        raise PermissionDenied("You may edit your own calendars only.")
    pairs = _pairs(offer, chosen)
    with transaction.atomic():
        lock_calendars_of(user)
        known = set(_of_account(user, offer).values_list("calendar_id", flat=True))
        fresh = [(choice, how) for choice, how in pairs if choice.id not in known]
        primary = _primary(user, fresh)
        new = [
            create_integration(
                actor=actor,
                user=user,
                fields=_fields(user, offer, choice, how, is_primary=choice is primary),
                account=offer.account,
                now=now,
            )
            for choice, how in fresh
        ]
        _let_in(user, offer, now)
    return new


def reconnect(*, actor: User, integration: CalendarIntegration, offer: Offer, now: datetime) -> CalendarIntegration:
    """Let a calendar in anew, and with it all others of its account; returns it as stored.

    Effects: they are read at once, and bookings are owed to them. Raises PermissionDenied, ValidationError where the
    account is another one.
    """
    if not may_edit(actor, integration):
        raise PermissionDenied("You may edit your own calendars only.")
    if offer.kind != integration.integration_type or _is_another(offer.account, integration.account):
        raise ValidationError(
            _("You signed in as %(account)s, but this calendar belongs to %(owner)s. Please sign in as its owner.")
            % {"account": offer.account, "owner": integration.account or integration.integration_name}
        )
    with transaction.atomic():
        lock_calendars_of(integration.user)
        CalendarIntegration.objects.filter(pk=integration.pk).update(account=offer.account)
        _let_in(integration.user, offer, now)
    return CalendarIntegration.objects.select_related("user").get(pk=integration.pk)


def sync_now(*, actor: User, integration: CalendarIntegration, now: datetime) -> bool:
    """Have a calendar read within seconds; False where that was asked for a moment ago.

    Effects: one delivery; a calendar that waits longer because it was refused waits no more. Raises PermissionDenied,
    ValidationError where it is not read at all.
    """
    if not may_edit(actor, integration):
        raise PermissionDenied("You may edit your own calendars only.")
    with transaction.atomic():
        if not is_read(integration):
            raise ValidationError(_("This calendar is not read. Please switch it on first."))
        rows = CalendarIntegration.objects.filter(pk=integration.pk)
        rows.update(next_sync=now + timedelta(minutes=integration.sync_interval_minutes))
        return owe(integration, now, cause="asked", seconds=_SECONDS_BETWEEN)


def _pairs(offer: Offer, chosen: Sequence[Chosen]) -> list[tuple[CalendarChoice, Chosen]]:
    known: Mapping[str, CalendarChoice] = {choice.id: choice for choice in offer.choices}
    wanted = {each.id: each for each in chosen}
    if not wanted:
        raise ValidationError({"calendars": _("Please choose at least one calendar.")})
    if wanted.keys() - known.keys():
        raise ValidationError({"calendars": _("One of these calendars is not there any more. Please choose again.")})
    pairs = [(known[id_], how) for id_, how in wanted.items()]
    for choice, how in pairs:
        if (how.two_way or how.primary) and not choice.is_writable:
            words = _("Calendar '%(name)s' can only be read.") % {"name": choice.name}
            raise ValidationError({"calendars": words})
    return pairs


def _primary(user: User, pairs: Sequence[tuple[CalendarChoice, Chosen]]) -> CalendarChoice | None:
    """Which of the new calendars gets the bookings: the one that was meant, else the first where none does yet."""
    able = [(choice, how) for choice, how in pairs if how.two_way or how.primary]
    meant = [choice for choice, how in able if how.primary]
    if meant:
        return meant[0]
    has_one = CalendarIntegration.objects.filter(user=user, is_active=True, is_primary=True).exists()
    return able[0][0] if able and not has_one else None


def _fields(user: User, offer: Offer, choice: CalendarChoice, how: Chosen, *, is_primary: bool) -> dict[str, object]:
    is_two_way = how.two_way or is_primary
    return {
        "integration_type": str(offer.kind),
        "integration_name": how.name.strip() or _free_name(user, choice.name, offer.account),
        "calendar_id": choice.id,
        "sync_direction": str(SyncDirection.TWO_WAY if is_two_way else SyncDirection.ONE_WAY),
        "is_primary": is_primary,
    }


def _free_name(user: User, name: str, account: str) -> str:
    """The calendar's name; where the user has one of that name already, with its account or a number."""
    taken = set(CalendarIntegration.objects.filter(user=user).values_list("integration_name", flat=True))
    name = name.strip() or account or _("Calendar")
    candidates = [name, f"{name[:60]} ({account[:70]})", *(f"{name[:130]} {number}" for number in range(2, 1000))]
    return next(each[:_LONGEST_NAME] for each in candidates if each[:_LONGEST_NAME] not in taken)


def _of_account(user: User, offer: Offer) -> QuerySet[CalendarIntegration]:
    rows = CalendarIntegration.objects.filter(user=user, integration_type=offer.kind, account=offer.account)
    return rows.select_related("user")


def _let_in(user: User, offer: Offer, now: datetime) -> None:
    """Store the credentials with all calendars of the account, as the same bytes: they are refreshed together."""
    rows = _of_account(user, offer)
    rows.update(credentials=offer.sealed.encode(), next_sync=None)
    if any(takes_bookings(row) for row in rows):
        owe_bookings(user, now)


def _is_another(account: str, owner: str) -> bool:
    return bool(account and owner) and account.lower() != owner.lower()
