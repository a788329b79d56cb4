"""One event as the library parsed it: its times settled, and what it says of itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Event

from meeting_manager.adapters.calendar.protocol import PulledEvent
from meeting_manager.adapters.calendar.reading.zones import Time, Zones

_LONGEST_TITLE = 500
_LONGEST_PLACE = 1_000
_LONGEST_TEXT = 2_000
_MOST_ATTENDEES = 50
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})
_LISTS = ("EXDATE", "RDATE")


class BadEventError(Exception):
    """An event that cannot be read; the text says why, without quoting it."""


def settle(event: Event, zones: Zones) -> None:
    """Give all times of the event a zone, in place. Raises BadEventError where it does not say when it begins."""
    if any(name in {"DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", *_LISTS} for name, _ in event.errors):
        raise BadEventError("its times cannot be read")
    if any(name is None for name, _ in event.errors):
        raise BadEventError("it has a line that cannot be read")
    if "DTSTART" not in event or isinstance(event["DTSTART"], list):
        raise BadEventError("it does not say when it begins")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            prop = valued(event, name)
            prop.dt = zones.settle(prop, prop.dt)
    for name in _LISTS:
        for each in _all(event, name):
            for one in each.dts:
                one.dt = zones.settle(each, one.dt)
    _settle_until(event)


def valued(event: Event, name: str) -> Any:  # noqa: ANN401 - the library's types know every property by every name
    """A property that the event has, whose value is its `dt`."""
    return event[name]


def _settle_until(event: Event) -> None:
    """A rule's end, told as a day or without a zone, in UTC: in the event's zone, and with all of that day."""
    start = valued(event, "DTSTART").dt
    if not isinstance(start, datetime):
        return
    for rule in _all(event, "RRULE"):
        for at, until in enumerate(rule.get("UNTIL", [])):
            if not isinstance(until, datetime):
                end = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=start.tzinfo)
                rule["UNTIL"][at] = _utc(end)
            elif until.tzinfo is None:
                rule["UNTIL"][at] = _utc(until.replace(tzinfo=start.tzinfo))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def span(event: Event) -> tuple[Time, Time]:
    """From when to when, as it is written; without an end a day is whole and a time has no length."""
    start: Time = valued(event, "DTSTART").dt
    if "DTEND" in event:
        end: Time = valued(event, "DTEND").dt
    elif "DURATION" in event:
        end = _after(start, valued(event, "DURATION").dt)
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    if not isinstance(start, datetime) and end == start:
        end = start + timedelta(days=1)  # the mistake of calendars that count the last day in
    return start, end


def _after(start: Time, length: timedelta) -> Time:
    if isinstance(start, datetime) or length % timedelta(days=1) == timedelta(0):
        return start + length
    return start + timedelta(days=length.days + 1)


def describe(
    event: Event, identity: str, times: tuple[Time, Time], zones: Zones, addresses: frozenset[str]
) -> PulledEvent | None:
    """The event at `times`, for the owner of `addresses`; none where it has no length. Raises BadEventError."""
    start, end = (zones.instant(moment) for moment in times)
    if end < start:
        raise BadEventError("it ends before it begins")
    if end == start:
        return None
    uid, is_all_day = _text(event, "UID"), not isinstance(times[0], datetime)
    is_busy = not (_is_free(event) or _is_declined(event, addresses))
    modified = _modified(event)
    if _text(event, "CLASS").upper() in _PRIVATE:
        return PulledEvent(identity, uid, start, end, is_busy, is_all_day, last_modified=modified)
    return PulledEvent(
        identity,
        uid,
        start,
        end,
        is_busy,
        is_all_day,
        title=_text(event, "SUMMARY")[:_LONGEST_TITLE],
        description=_text(event, "DESCRIPTION")[:_LONGEST_TEXT],
        location=_text(event, "LOCATION")[:_LONGEST_PLACE],
        organizer=_address(event.get("ORGANIZER", "")),
        attendees=tuple(_attendee(each) for each in _all(event, "ATTENDEE")[:_MOST_ATTENDEES]),
        last_modified=modified,
    )


def _is_free(event: Event) -> bool:
    return (
        _text(event, "STATUS").upper() == "CANCELLED"
        or _text(event, "TRANSP").upper() == "TRANSPARENT"
        or _text(event, "X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE"
    )


def _is_declined(event: Event, addresses: frozenset[str]) -> bool:
    return any(_address(each) in addresses and _answer(each) == "DECLINED" for each in _all(event, "ATTENDEE"))


def _attendee(each: Any) -> dict[str, str]:  # noqa: ANN401 - whatever the library makes of the line
    name = str(getattr(each, "params", {}).get("CN", ""))
    return {"email": _address(each), "name": name[:_LONGEST_TITLE], "response": _answer(each)}


def _answer(each: Any) -> str:  # noqa: ANN401 - as above
    return str(getattr(each, "params", {}).get("PARTSTAT", "")).upper()


def _address(value: object) -> str:
    text = str(value[0] if isinstance(value, list) and value else value).strip()
    return text.removeprefix("mailto:").removeprefix("MAILTO:").removeprefix("Mailto:").lower()[:254]


def _modified(event: Event) -> int | None:
    moment = getattr(event.get("LAST-MODIFIED"), "dt", None)
    return int(moment.timestamp()) if isinstance(moment, datetime) and moment.tzinfo else None


def _text(event: Event, name: str) -> str:
    values = _all(event, name)
    return str(values[0]).strip() if values else ""


def _all(event: Event, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def stamp(moment: Time) -> str:
    """A time or a day as part of an identity, in UTC."""
    return f"{_utc(moment):%Y%m%dT%H%M%SZ}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"
