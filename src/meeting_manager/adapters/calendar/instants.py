"""Times as APIs write them: instants in ISO 8601, and whole days in somebody's zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def instant(text: str) -> int:
    """UTC epoch seconds of an instant with offset, cut to the second; one without offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def midnight(text: str, zone: str) -> int:
    """UTC epoch seconds at which a day ("2026-11-30") begins in an IANA zone. Raises ValueError."""
    return int(datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)).timestamp())


def written(seconds: int) -> str:
    """An instant in UTC, as "2026-11-30T08:00:00Z"."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
