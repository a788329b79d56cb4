"""Keeping our events in a collection: written, found and deleted, each only if it is still what we think it is."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from caldav.elements import cdav

from meeting_manager.adapters.calendar import writing
from meeting_manager.adapters.calendar.caldav.answers import plain
from meeting_manager.adapters.calendar.caldav.collection import Collection
from meeting_manager.adapters.calendar.caldav.pulling import Reads
from meeting_manager.adapters.calendar.caldav.session import refusal
from meeting_manager.adapters.calendar.errors import ConflictError, NotFoundError, UnreadableError
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, PulledEvent, Window, Written
from meeting_manager.adapters.calendar.reading import Reader
from meeting_manager.adapters.fetching import Fetched

_IDENTITY = re.compile(r"[0-9a-f]{32}")
_ICS = {"Content-Type": "text/calendar; charset=utf-8"}
_WRITTEN = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})
_UID_TAKEN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT})
"""By which servers say so: the standard's, and those of some that only mean it."""

_ALWAYS = Window(0, 8_000_000_000)
_YEAR = 366 * 86_400


class Keeping:
    """Our events in `collection`. `ref` is the name of a resource, or the identity that it was made with."""

    def __init__(self, collection: Collection, reader: Reader, read: Reads) -> None:
        self._collection = collection
        self._reader = reader
        self._read = read

    def write(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """See WritableCalendar.upsert."""
        name = _name(ref)
        return self._change(name, event, etag) if etag else self._create(name, event)

    def _create(self, name: str, event: OutgoingEvent) -> Written:
        answer = self._put(name, writing.made(event, _now()), {"If-None-Match": "*"})
        if answer.status in _WRITTEN:
            return self._written(name, answer)
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            return self._change(name, event, "")  # it is there: the answer to an earlier try got lost
        if answer.status in _UID_TAKEN and (other := self._holding(event.uid)):
            return self._change(other, event, "")  # its owner took it up from our mail
        raise refusal(answer)

    def _holding(self, uid: str) -> str:
        """The name of the resource that is the event of this UID; empty where there is none."""
        for name, each in self._collection.of_uid(uid).items():
            if writing.is_of(each.text(cdav.CalendarData.tag).encode(), uid):
                return name
        return ""

    def _change(self, name: str, event: OutgoingEvent, etag: str) -> Written:
        """Write it over what is there, which has to be `etag` unless that is empty."""
        there = self._get(name)
        current = there.headers.get("etag", "") or self._collection.etag(name)
        _compare(current, etag)
        text = writing.changed(there.body, event, _now())
        for condition in _conditions(current):
            answer = self._put(name, text, condition)
            if answer.status in _WRITTEN:
                return self._written(name, answer)
        raise refusal(answer)

    def _put(self, name: str, text: bytes, condition: dict[str, str]) -> Fetched:
        return self._collection.session.ask("PUT", self._collection.at(name), text, _ICS | condition)

    def _written(self, name: str, answer: Fetched) -> Written:
        # Without an etag the server has changed what it was given, and only it knows what it is now.
        return Written(name, plain(answer.headers.get("etag", "") or self._collection.etag(name)))

    def _get(self, name: str) -> Fetched:
        answer = self._collection.get(self._collection.at(name))
        if answer.status != HTTPStatus.OK:
            raise refusal(answer)
        return answer

    def delete(self, ref: str, etag: str) -> None:
        """See WritableCalendar.delete."""
        name, conditions = _name(ref), [dict[str, str]()]
        if etag:
            current = self._collection.etag(name)
            _compare(current, etag)
            conditions = _conditions(current)
        for condition in conditions:
            answer = self._collection.session.ask("DELETE", self._collection.at(name), headers=condition)
            if answer.status in _WRITTEN:
                return
        raise refusal(answer)

    def find(self, ref: str) -> PulledEvent:
        """See WritableCalendar.find."""
        name = _name(ref)
        there = self._get(name)
        etag = plain(there.headers.get("etag", "") or self._collection.etag(name))
        found = self._events(name, there.body)
        return _first(found, name, etag)

    def _events(self, name: str, text: bytes) -> list[PulledEvent]:
        """Its times ever; of a series without an end those around now."""
        now = int(time.time())
        for window in (_ALWAYS, Window(now - _YEAR, now + _YEAR)):
            if found := self._read({name: text}, window, self._reader).events:
                return found
        raise UnreadableError("The event cannot be read.")


def _name(ref: str) -> str:
    name = ref.partition("/")[0]
    return f"{name}.ics" if _IDENTITY.fullmatch(name) else name


def _compare(current: str, expected: str) -> None:
    if expected and _bare(current) != _bare(expected):
        raise ConflictError("The event was changed there meanwhile.")


def _bare(etag: str) -> str:
    return plain(etag).strip('"')  # some servers leave the quotes out in reports


def _conditions(etag: str) -> list[dict[str, str]]:
    """Headers to be tried one after the other. A weak etag mostly is a strong one that a proxy marked; where the server
    itself means it, it wants it as it is."""
    if not etag:
        raise NotFoundError("The server does not say which version of the event it has.")
    return [{"If-Match": each} for each in dict.fromkeys((plain(etag), etag))]


def _first(events: list[PulledEvent], name: str, etag: str) -> PulledEvent:
    first = min(events, key=lambda event: (event.id != name, event.start))
    return replace(first, id=name, etag=etag)


def _now() -> datetime:
    return datetime.now(UTC)
