"""What Microsoft Graph tells of events."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar.timezone import tzp

from meeting_manager.adapters.calendar.errors import NotFoundError
from meeting_manager.adapters.calendar.instants import instant, midnight
from meeting_manager.adapters.calendar.json_api import Json
from meeting_manager.adapters.calendar.outlook.writing import uid_of
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window

CANNOT_BE_READ: Final = (LookupError, ValueError, TypeError, AttributeError, OverflowError)
"""What reading an event raises where it is not as it should be."""

_FREE = {"free", "workingElsewhere"}
_HIDDEN = {"private", "confidential"}
_PARTSTAT = {
    "none": "NEEDS-ACTION",
    "notResponded": "NEEDS-ACTION",
    "tentativelyAccepted": "TENTATIVE",
    "accepted": "ACCEPTED",
    "organizer": "ACCEPTED",
    "declined": "DECLINED",
}


class Reader:
    """Reads events for somebody whose zone is `zone`, and who is known by `addresses` (lower case)."""

    def __init__(self, zone: str, addresses: frozenset[str]) -> None:
        self._zone = zone
        self._addresses = addresses

    def event(self, item: Json) -> PulledEvent:
        """What an item says. Raises one of CANNOT_BE_READ."""
        is_all_day = item.get("isAllDay") is True
        start, end = (self._moment(item[edge], is_all_day=is_all_day) for edge in ("start", "end"))
        facts: dict[str, Any] = {
            "id": _id_of(item),
            "uid": uid_of(item),
            "start": start,
            "end": end,
            "is_busy": self._is_busy(item),
            "is_all_day": is_all_day,
            "last_modified": instant(item["lastModifiedDateTime"]) if "lastModifiedDateTime" in item else None,
            "etag": str(item.get("@odata.etag", "")),
        }
        if item.get("sensitivity") in _HIDDEN:
            return PulledEvent(**facts)
        return PulledEvent(
            **facts,
            title=str(item.get("subject") or ""),
            description=str(item.get("bodyPreview") or ""),
            location=str((item.get("location") or {}).get("displayName") or ""),
            organizer=_address((item.get("organizer") or {}).get("emailAddress")),
            attendees=tuple(_attendee(each) for each in (item.get("attendees") or [])[:50]),
        )

    def _moment(self, edge: Json, *, is_all_day: bool) -> int:
        """Whole days are their owner's, although Graph tells them from midnight to midnight in UTC."""
        text = str(edge["dateTime"])
        if is_all_day:
            return midnight(text[:10], self._zone)
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=self._named(edge))).timestamp())

    def _named(self, edge: Json) -> Any:  # noqa: ANN401 - whatever kind of zone the library knows
        name = str(edge.get("timeZone") or "UTC")
        return UTC if name == "UTC" else tzp.timezone(name) or ZoneInfo(self._zone)

    def _is_busy(self, item: Json) -> bool:
        if item.get("isCancelled") is True or item.get("showAs") in _FREE:
            return False
        if (item.get("responseStatus") or {}).get("response") == "declined":
            return False
        people = (_attendee(each) for each in item.get("attendees") or [])
        return not any(one["email"] in self._addresses and one["response"] == "DECLINED" for one in people)


class Told:
    """What the items of one pull say, of which the last word on each event counts.

    `master` fetches the series of an occurrence that is not told itself; it raises NotFoundError.
    """

    def __init__(self, reader: Reader, window: Window, items: Sequence[Json], master: Callable[[str], Json]) -> None:
        self._reader, self._window, self._fetched = reader, window, master
        self._masters = {str(item["id"]): item for item in items if item.get("type") == "seriesMaster"}
        # By Graph's own ids, as what is removed does not say which series it was of.
        self._last: dict[str, PulledEvent | None] = {}
        self.unread: dict[str, set[str]] = {}
        """By Graph's ids those by which we may know what could not be read."""
        for item in items:
            self._take(item)

    @property
    def events(self) -> list[PulledEvent]:
        """What is there."""
        return [event for event in self._last.values() if event is not None]

    @property
    def gone(self) -> list[str]:
        """What is not, or not in the window any more."""
        return [id_ for id_, event in self._last.items() if event is None]

    def _take(self, item: Json) -> None:
        id_, is_removed = str(item["id"]), "@removed" in item
        if item.get("type") == "seriesMaster" and not is_removed:
            return  # its occurrences are told each
        for known in (self._last, self.unread):
            known.pop(id_, None)
        try:
            event = None if is_removed else self._reader.event(self._whole(item))
        except CANNOT_BE_READ:
            self.unread[id_] = {_id_of(item), str(item.get("iCalUId") or id_)}
        else:
            self._last[id_] = event if event and self._is_inside(event) else None

    def _is_inside(self, event: PulledEvent) -> bool:
        """Whether an event has length in the window."""
        return max(event.start, self._window.start) < min(event.end, self._window.end)

    def _whole(self, item: Json) -> Json:
        """An occurrence may say no more than when it is: the rest is its series'."""
        if item.get("type") != "occurrence" or "showAs" in item:
            return item
        id_ = str(item["seriesMasterId"])
        if id_ not in self._masters:
            self._masters[id_] = self._master(id_)
        return {**self._masters[id_], **item}

    def _master(self, id_: str) -> Json:
        try:
            return self._fetched(id_)
        except NotFoundError:
            return {}


def _id_of(item: Json) -> str:
    """Occurrences stand behind their series, so that a series can go as a whole."""
    id_, series = str(item["id"]), item.get("seriesMasterId")
    return f"{series}/{id_}" if series else id_


def _attendee(person: Json) -> dict[str, str]:
    known = person.get("emailAddress") or {}
    answer = str((person.get("status") or {}).get("response") or "")
    return {"email": _address(known), "name": str(known.get("name") or ""), "response": _PARTSTAT.get(answer, "")}


def _address(known: Json | None) -> str:
    return str((known or {}).get("address") or "").lower()
