"""How values are written into JSON."""

from datetime import UTC, datetime
from typing import overload


@overload
def instant(moment: datetime) -> str: ...
@overload
def instant(moment: None) -> None: ...
def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with offset, whole seconds: "2026-12-07T08:00:00+00:00"."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
