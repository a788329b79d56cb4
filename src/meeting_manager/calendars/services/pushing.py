"""Being told of changes by Google and Outlook: who is subscribed, and what a notice makes us do.

A notice says that something changed and never what: it owes a pull. Pulls by interval go on, because notices get lost.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from meeting_manager.adapters.calendar.protocol import Subscription
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.providers import SLUGS
from meeting_manager.calendars.services import pulling
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.people.validators import storable

PUSH = "calendar_push"
"""The kind of delivery that subscribes a calendar to its changes, or prolongs that."""

CHANGED, EXPIRING, REMOVED, MISSED = "changed", "expiring", "removed", "missed"
"""What a notice may be about."""

_AHEAD = timedelta(days=1)
_HOURS_BETWEEN = 6
"""So often a calendar whose provider refuses to tell is asked again."""

_MOST_AT_ONCE = 500
_STORM_SECONDS = 3
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody tells us who says that they are a provider."""

    id: str
    secret: str = field(repr=False)
    event: str = CHANGED


@dataclass(frozen=True, slots=True)
class Subscribing:
    """A subscription that is to be made or prolonged, for use outside transactions."""

    integration_id: int
    access: Access
    address: str
    before: Subscription | None
    identity: str
    secret: str = field(repr=False)


def can_be_told() -> bool:
    """Whether providers can reach this site: by https, under a name that is not this machine's own."""
    parts = urlsplit(settings.SITE_URL)
    return bool(settings.CALENDAR_PUSH and parts.scheme == "https" and not _is_here(parts.hostname or ""))


def plan_due(now: datetime) -> int:
    """Owe a subscription to every calendar that has none, or one that ends within a day; returns how many. Periodic;
    `now` aware UTC. One that cannot be had is owed again some hours later."""
    if not can_be_told():
        return 0
    rows = CalendarIntegration.objects.filter(pulling.readable(), integration_type__in=SLUGS).exclude(credentials=b"")
    due = rows.filter(Q(push_until=None) | Q(push_until__lte=now + _AHEAD)).only("name").order_by("pk")
    bucket = int(now.timestamp()) // (_HOURS_BETWEEN * 3600)
    return enqueue([_owed(row, str(bucket), now) for row in due[:_MOST_AT_ONCE]], now=now)


def begin(integration_id: int) -> Subscribing | None:
    """What it takes to subscribe a calendar; none where it is not read (any more), or this site cannot be told."""
    rows = CalendarIntegration.objects.filter(pulling.readable(), integration_type__in=SLUGS)
    row = rows.select_related("user").filter(pk=integration_id).first()
    if row is None or not can_be_told():
        return None
    until = int(row.push_until.timestamp()) if row.push_until else 0
    before = Subscription(row.push_id, until, row.push_resource) if row.push_id else None
    identity, secret = str(uuid.uuid4()), secrets.token_urlsafe(32)
    return Subscribing(row.pk, Access.of(row), _address(row.integration_type), before, identity, secret)


def keep(begun: Subscribing, made: Subscription) -> bool:
    """Record a subscription; False where the calendar is gone, or somebody else has subscribed it meanwhile."""
    before = begun.before.id if begun.before else ""
    changes: dict[str, object] = {
        "push_id": made.id,
        "push_resource": made.resource,
        "push_until": datetime.fromtimestamp(made.until, UTC),
    }
    if made.id != before:
        changes["push_digest"] = _digest(begun.secret)
    rows = CalendarIntegration.objects.filter(pk=begun.integration_id, push_id=before)
    return rows.update(**changes) == 1


def hear(kind: IntegrationType, notices: Sequence[Notice], now: datetime) -> int:
    """Act on what the provider of these calendars tells; returns how many of the notices were true.

    Who does not know the secret of a subscription is not listened to. Effects: pulls that are owed, one for all that
    comes within seconds; subscriptions that are to be made anew or prolonged.
    """
    told = {notice.id: notice for notice in notices if storable(notice.id)}
    found = CalendarIntegration.objects.filter(integration_type=kind, push_id__in=told.keys() - {""})
    rows = {row.push_id: row for row in found.defer("credentials")}
    true = [each for each in notices if each.id in rows and _knows(each.secret, rows[each.id].push_digest)]
    if true:
        with transaction.atomic():
            for notice in true:
                _act(rows[notice.id], notice.event, now)
    return len(true)


def _act(row: CalendarIntegration, event: str, now: datetime) -> None:
    mine = CalendarIntegration.objects.filter(pk=row.pk, push_id=row.push_id)
    if event == REMOVED:
        mine.update(push_id="", push_resource="", push_digest="", push_until=None)
    if event == MISSED:
        mine.update(sync_cursor="")
    if event in {REMOVED, EXPIRING}:
        enqueue([_owed(row, f"{event}:{now:%Y-%m-%dT%H:%M}", now)], now=now)
    if event != EXPIRING:
        pulling.owe(row, now, cause="told", seconds=_STORM_SECONDS)


def _owed(row: CalendarIntegration, cause: str, now: datetime) -> Owed:
    return Owed(PUSH, f"{PUSH}:{row.pk}:{cause}", {"calendar": row.pk}, now, about=row.name)


def _address(kind: str) -> str:
    return f"{settings.SITE_URL}{reverse(_ROUTES[kind])}"


_ROUTES: Mapping[str, str] = {kind: f"calendar-hook-{slug}" for kind, slug in SLUGS.items()}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _knows(secret: str, digest: str) -> bool:
    given = _digest(secret[:_LONGEST_SECRET])
    return bool(digest) and hmac.compare_digest(given, digest)


def _is_here(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return not host or host == "localhost" or host.endswith(".localhost")
