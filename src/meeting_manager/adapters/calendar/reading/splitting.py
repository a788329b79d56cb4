"""Cutting a file into its events, so that each can be read, or fail, by itself."""

import re
from dataclasses import dataclass, field

from meeting_manager.adapters.calendar.errors import UnreadableError

_FOLD = re.compile(r"\n[ \t]")
_ENDS = re.compile(r"^END:VCALENDAR\s*\Z", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(r"^(BEGIN|END):(VEVENT|VTIMEZONE|VALARM)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(r"^(X-WR-TIMEZONE|X-WR-CALNAME)(?:;[^:\n]*)?:(.*)$", re.IGNORECASE | re.MULTILINE)
_PROPERTY = "^{name}(?:;[^:\n]*)?:(.*)$"


@dataclass(slots=True)
class Parts:
    """The texts of a file's events and zones, in the order of the file, without alarms; and what it says of itself."""

    events: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    zone: str = ""
    calendar_name: str = ""
    broken: list[str] = field(default_factory=list)
    """Events without an end."""


def split(text: bytes) -> Parts:
    """The parts of a file. Raises UnreadableError where it is no calendar, or does not go on to its end."""
    whole = text.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    whole = _FOLD.sub("", whole).lstrip()
    if not whole[:15].upper() == "BEGIN:VCALENDAR":
        raise UnreadableError("What is at this address is no calendar.")
    if not _ENDS.search(whole):
        raise UnreadableError("The calendar breaks off before its end.")
    parts = Parts()
    for name, value in _HEADER.findall(whole[: _first_event(whole)]):
        if name.upper() == "X-WR-TIMEZONE":
            parts.zone = value.strip()
        else:
            parts.calendar_name = value.strip()
    _cut(whole, parts)
    return parts


def raw(event: str, name: str) -> str:
    """The value of a property as it is written in the text of an event; for events that cannot be read."""
    found = re.search(_PROPERTY.format(name=name), event, re.IGNORECASE | re.MULTILINE)
    return found.group(1).strip() if found else ""


def _first_event(whole: str) -> int:
    found = re.search(r"^BEGIN:VEVENT", whole, re.IGNORECASE | re.MULTILINE)
    return found.start() if found else len(whole)


def _cut(whole: str, parts: Parts) -> None:
    kept: list[str] = []
    inside, at = "", 0
    for mark in _MARK.finditer(whole):
        begins, kind = mark.group(1).upper() == "BEGIN", mark.group(2).upper()
        if kind == "VALARM":
            # Alarms do not say when anybody is busy, and there may be more of them than of events.
            if inside and begins:
                kept.append(whole[at : mark.start()])
            at = mark.end() + 1
        elif begins:
            if inside == "VEVENT":
                parts.broken.append("".join([*kept, whole[at : mark.start()]]))
            kept, inside, at = [], kind, mark.start()
        elif inside == kind:
            kept.append(whole[at : mark.end()] + "\n")
            (parts.events if kind == "VEVENT" else parts.zones).append("".join(kept))
            kept, inside = [], ""
    if inside == "VEVENT":
        parts.broken.append("".join([*kept, whole[at:]]))
