"""How long a server asks us to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(days=1)


def retry_after(headers: Mapping[str, str]) -> timedelta:
    """What the server asks for, in seconds or as a date; a quarter of an hour where it does not say."""
    told = headers.get("retry-after", "").strip()
    try:
        wait = timedelta(seconds=int(told)) if told.isdigit() else _until(told)
    except (ValueError, TypeError, OverflowError):
        return _WAIT
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _until(told: str) -> timedelta:
    moment = parsedate_to_datetime(told)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
