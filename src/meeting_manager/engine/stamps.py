"""ISO 8601 text for many instants at once: offsets are looked up once for the whole range."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime

from meeting_manager.engine.facts import DAY
from meeting_manager.engine.zones import first_change, utc_offset

_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST_STEP = 7 * DAY  # no zone changes its clocks there and back within a week


def iso_formatter(zone: str, low: int, high: int) -> Callable[[int], str]:
    """A function that writes instants of [low, high] as "2026-12-07T09:00:00+01:00" in that zone.

    Instants outside the range get the offset of its nearer end.
    """
    changes, offsets = _offset_table(zone, low, high)
    formats = [_formatter(offset) for offset in offsets]
    if len(formats) == 1:
        return _Written(formats[0]).__getitem__
    return _Written(lambda instant: formats[bisect_right(changes, instant)](instant)).__getitem__


class _Written(dict[int, str]):
    """The texts written so far: one slot's end is mostly another's start."""

    def __init__(self, write: Callable[[int], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, instant: int) -> str:
        text = self[instant] = self._write(instant)
        return text


def iso(zone: str, instant: int) -> str:
    """One instant as ISO 8601 with the offset of a zone."""
    return iso_formatter(zone, instant, instant)(instant)


def iso_utc(instant: float) -> str:
    """One instant as ISO 8601 in UTC: "2026-12-07T08:00:00+00:00"."""
    return datetime.fromtimestamp(instant, UTC).isoformat()


def _offset_table(zone: str, low: int, high: int) -> tuple[list[int], list[int]]:
    """The instants of offset changes in (low, high], and the offsets before, between and after them."""
    changes: list[int] = []
    offsets = [utc_offset(zone, low)]
    for start in range(low, high, _LONGEST_STEP):
        end = min(start + _LONGEST_STEP, high)
        offset = utc_offset(zone, end)
        if offset != offsets[-1]:
            changes.append(first_change(zone, start, end))
            offsets.append(offset)
    return changes, offsets


def _formatter(offset: int) -> Callable[[int], str]:
    days: dict[int, str] = {}
    clocks: dict[int, str] = {}
    suffix = _suffix(offset)

    def write(instant: int) -> str:
        day, second = divmod(instant + offset, DAY)
        if day not in days:
            days[day] = date.fromordinal(day + _EPOCH).isoformat()
        if second not in clocks:
            clocks[second] = f"T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{suffix}"
        return days[day] + clocks[second]

    return write


def _suffix(offset: int) -> str:
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    seconds = f":{size % 60:02}" if size % 60 else ""
    return f"{sign}{size // 3600:02}:{size // 60 % 60:02}{seconds}"
