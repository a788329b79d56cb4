"""How often guests may do what: counted in the database, so that all processes and machines of a site count together.

A limit of 0 is off. Hours are clock hours in UTC. A client is known by a keyed digest of its address only.
"""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from meeting_manager.web.models import GuestCounter, IdempotencyKey

_HOUR = 3600
_BOOKINGS, _LOOKUPS, _MISSES, _USES = "bookings", "lookups", "misses", "uses"
_EVERYBODY = ""
_NETWORK_OF_A_CUSTOMER = 64
KEPT_ANSWERS = timedelta(hours=24)

# One statement, so that simultaneous requests are counted one by one.
_COUNT = """
    INSERT INTO web_guestcounter (scope, client, hour, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, client, hour) DO UPDATE SET count = web_guestcounter.count + 1
    RETURNING count
"""


class LimitReached(Exception):  # noqa: N818 - it says what happened
    """Too often within this hour; `retry_after` is the seconds until the next begins."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Please try again in {retry_after} seconds.")
        self.retry_after = retry_after


def client_of(request: HttpRequest) -> str:
    """Who asks, as a keyed digest: the address, or of IPv6 the network of 64 bits that one customer has.

    ProxyMiddleware has put the true address into REMOTE_ADDR.
    """
    given = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("meeting_manager.web.limits", _network(given), algorithm="sha256").hexdigest()


def check_bookings(*, client: str, now: datetime) -> None:
    """Raise LimitReached where the client has booked as often as a guest may; counts nothing."""
    _check(_BOOKINGS, client, settings.GUEST_BOOKINGS_PER_HOUR, now)


def is_near(*, client: str, now: datetime) -> bool:
    """Whether the client has made half of the bookings that a guest may make in an hour, and has to prove its trouble
    (GUEST_PROOF_OF_WORK); counts nothing.
    """
    limit = settings.GUEST_BOOKINGS_PER_HOUR
    return bool(settings.GUEST_PROOF_OF_WORK and limit) and _read(_BOOKINGS, client, now) >= -(-limit // 2)


def use_once(secret: str, *, until: datetime) -> bool:
    """Whether this is the first use of a random text that is good for nothing after `until`; the use is counted, in
    the caller's transaction.
    """
    digest = salted_hmac("meeting_manager.web.limits.use_once", secret, algorithm="sha256").hexdigest()
    return _raise_counter(_USES, digest, until) == 1


def count_booking(*, client: str, now: datetime) -> None:
    """Count a guest's booking; to be called after it, in its transaction, which LimitReached then undoes.

    Only simultaneous requests can meet LimitReached here: `check_bookings` comes first.
    """
    _count(_BOOKINGS, client, settings.GUEST_BOOKINGS_PER_HOUR, now)


def count_lookup(*, client: str, now: datetime) -> None:
    """Count an access by reference without a valid token. Raises LimitReached; call it outside transactions."""
    _count(_LOOKUPS, client, settings.GUEST_LOOKUPS_PER_HOUR, now)


def check_misses(*, now: datetime) -> None:
    """Raise LimitReached where all guests together have guessed wrong too often: for access by bare reference only,
    so that links with a valid token go on working.
    """
    _check(_MISSES, _EVERYBODY, settings.GUEST_MISSES_PER_HOUR, now)


def count_miss(*, now: datetime) -> None:
    """Count a wrong reference, token or e-mail address. Never raises; call it outside transactions."""
    if settings.GUEST_MISSES_PER_HOUR:
        _raise_counter(_MISSES, _EVERYBODY, now)


def forget_old(now: datetime) -> None:
    """Delete counters of hours that are over and answers kept for more than 24 hours. Safe to run twice at once."""
    GuestCounter.objects.filter(hour__lt=_hour(now)).delete()
    IdempotencyKey.objects.filter(created_at__lte=now - KEPT_ANSWERS).delete()


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(parsed), _NETWORK_OF_A_CUSTOMER), strict=False))
    return str(parsed)


def _check(scope: str, client: str, limit: int, now: datetime) -> None:
    if limit and _read(scope, client, now) >= limit:
        raise LimitReached(_until_next_hour(now))


def _read(scope: str, client: str, now: datetime) -> int:
    row = GuestCounter.objects.filter(scope=scope, client=client, hour=_hour(now)).values_list("count", flat=True)
    return row.first() or 0


def _count(scope: str, client: str, limit: int, now: datetime) -> None:
    if limit and _raise_counter(scope, client, now) > limit:
        raise LimitReached(_until_next_hour(now))


def _raise_counter(scope: str, client: str, now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, [scope, client, _hour(now)])
        (count,) = cursor.fetchone()
    return int(count)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _HOUR


def _until_next_hour(now: datetime) -> int:
    return _HOUR - int(now.timestamp()) % _HOUR
