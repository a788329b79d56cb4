"""Google Calendar (API v3): what changed since a sync token, and events under ids of our own.

Google writes to nobody on our account (`sendUpdates=none`): mails about bookings are ours. The uid of a booking travels
in a private extended property, as Google makes iCalendar's UID of an event that has an id itself.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from meeting_manager.adapters.calendar import cursors
from meeting_manager.adapters.calendar.errors import ConflictError, CursorInvalidError, NotFoundError, UnreadableError
from meeting_manager.adapters.calendar.instants import instant, midnight, written
from meeting_manager.adapters.calendar.json_api import TIMEOUT_SECONDS, Json, JsonApi, left_out
from meeting_manager.adapters.calendar.oauth import TokenSource
from meeting_manager.adapters.calendar.protocol import (
    NO_WINDOW,
    CalendarChoice,
    OutgoingEvent,
    Pulled,
    PulledEvent,
    Subscription,
    Window,
    Written,
)

_FORM = 1
"""Raised when the same events would be read differently by a new release."""

_PAGE = "2500"
_MOST_PAGES = 40
_OURS = "meetingManager"
_HIDDEN = {"private", "confidential"}
_NEVER_BUSY = {"workingLocation", "birthday"}
_PARTSTAT = {
    "needsAction": "NEEDS-ACTION",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
    "accepted": "ACCEPTED",
}
_ANSWERS = {word: answer for answer, word in _PARTSTAT.items()}
_LIMITS: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"})
_SILENTLY = {"sendUpdates": "none"}
_WRITERS = {"owner", "writer"}


class GoogleCalendar:
    """One calendar of an account, opened for a window and its owner's zone and addresses; also the account itself."""

    def __init__(
        self,
        token: TokenSource,
        *,
        base: str,
        calendar_id: str = "primary",
        window: Window = NO_WINDOW,
        zone: str = "UTC",
        addresses: Sequence[str] = (),
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._api = JsonApi("Google", base, token, word_of=_word_of, limits=_LIMITS, timeout=timeout)
        self._events = f"calendars/{quote(calendar_id, safe='')}/events"
        self._window, self._zone = window, zone
        self._addresses = frozenset(address.lower() for address in addresses)
        self._about = cursors.about(_FORM, base, calendar_id, window, zone, sorted(self._addresses))

    # Reading

    def pull(self, cursor: str) -> Pulled:
        """See `ReadableCalendar`."""
        mark = cursors.mark_of(cursor, self._about)
        items, following = self._pages(self._asked(mark))
        events: dict[str, PulledEvent] = {}
        gone: dict[str, None] = {}
        unread: set[str] = set()
        failed = 0
        for item in items:
            failed += not self._take(item, events, gone, unread)
        return Pulled(
            cursors.packed(self._about, following),
            list(events.values()),
            retold=list(gone),
            is_complete=not mark,
            unread=frozenset(unread),
            problems=left_out(failed),
        )

    def _asked(self, mark: str) -> dict[str, str]:
        asked = {"singleEvents": "true", "maxResults": _PAGE}
        if mark:
            return {**asked, "syncToken": mark}
        return {**asked, "timeMin": written(self._window.start), "timeMax": written(self._window.end)}

    def _pages(self, asked: dict[str, str]) -> tuple[list[Json], str]:
        items: list[Json] = []
        for page in self._walk(self._events, asked):
            items += [item for item in page.get("items", []) if isinstance(item, dict)]
            if following := page.get("nextSyncToken"):
                return items, str(following)
        raise CursorInvalidError("Google told no place to go on from.")

    def _walk(self, path: str, asked: dict[str, str]) -> Iterator[Json]:
        """All pages of a list. Raises UnreadableError where there is no end to them."""
        params = dict(asked)
        for _ in range(_MOST_PAGES):
            page = self._api.call("GET", path, params=params)
            yield page
            if "nextPageToken" not in page:
                return
            params = {**asked, "pageToken": str(page["nextPageToken"])}
        raise UnreadableError(
            f"This calendar has more than {_MOST_PAGES * int(_PAGE)} events in the time that is read."
        )

    def _take(self, item: Json, events: dict[str, PulledEvent], gone: dict[str, None], unread: set[str]) -> bool:
        """Add what an item says, of which the last word counts; false where it cannot be read."""
        id_ = _id_of(item)
        events.pop(id_, None)
        gone[id_] = None
        if item.get("status") == "cancelled":
            return True
        try:
            event = self._event(item)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            unread |= {id_, str(item.get("iCalUID", id_))}
            del gone[id_]
            return False
        if max(event.start, self._window.start) < min(event.end, self._window.end):
            events[id_] = event
            del gone[id_]
        return True

    def _event(self, item: Json) -> PulledEvent:
        start, end = (self._moment(item[edge]) for edge in ("start", "end"))
        people = tuple(_attendee(each) for each in item.get("attendees", []))
        uid = item.get("extendedProperties", {}).get("private", {}).get(_OURS) or item.get("iCalUID", "")
        facts: dict[str, Any] = {
            "id": _id_of(item),
            "uid": str(uid),
            "start": start,
            "end": end,
            "is_busy": self._is_busy(item),
            "is_all_day": "date" in item["start"],
            "last_modified": instant(item["updated"]) if "updated" in item else None,
            "etag": str(item.get("etag", "")),
        }
        if item.get("visibility") in _HIDDEN:
            return PulledEvent(**facts)
        return PulledEvent(
            **facts,
            title=str(item.get("summary", "")),
            description=str(item.get("description", ""))[:2_000],
            location=str(item.get("location", "")),
            organizer=str(item.get("organizer", {}).get("email", "")).lower(),
            attendees=people[:50],
        )

    def _moment(self, edge: Json) -> int:
        return midnight(edge["date"], self._zone) if "date" in edge else instant(edge["dateTime"])

    def _is_busy(self, item: Json) -> bool:
        is_shown_free = item.get("transparency") == "transparent" or item.get("eventType") in _NEVER_BUSY
        return not is_shown_free and not any(self._declined(each) for each in item.get("attendees", []))

    def _declined(self, person: Json) -> bool:
        is_owner = person.get("self") is True or str(person.get("email", "")).lower() in self._addresses
        return is_owner and person.get("responseStatus") == "declined"

    # Writing

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """See `WritableCalendar`."""
        if etag:
            return self._patched(ref, event, etag)
        asked = {**_SILENTLY, "conferenceDataVersion": "1"}
        try:
            body = {"id": ref, **_body(event), **_conference(ref, event)}
            return self._written(self._api.call("POST", self._events, params=asked, body=body), event)
        except ConflictError:
            # It is there: an answer got lost, or it was deleted once. With its status it is there again.
            there = self._get(ref)
            return self._patched(ref, event, str(there.get("etag", "")), there)

    def _patched(self, ref: str, event: OutgoingEvent, etag: str, there: Json | None = None) -> Written:
        """Change what is ours of it, and only if it is still that version."""
        body = _body(event)
        if event.wants_conference and not _call_of(there if there is not None else self._get(ref)):
            body |= _conference(ref, event)
        asked = {**_SILENTLY, "conferenceDataVersion": "1"}
        headers = {"If-Match": etag} if etag else {}
        return self._written(self._on_one("PATCH", ref, params=asked, body=body, headers=headers), event)

    def _written(self, item: Json, event: OutgoingEvent) -> Written:
        if event.wants_conference and not _call_of(item):
            item = self._get(str(item["id"]))  # the call is made a moment later
        return Written(str(item["id"]), str(item.get("etag", "")), str(item.get("htmlLink", "")), _call_of(item))

    def delete(self, ref: str, etag: str) -> None:
        """See `WritableCalendar`."""
        headers = {"If-Match": etag} if etag else {}
        self._on_one("DELETE", ref, params=_SILENTLY, headers=headers)

    def find(self, ref: str) -> PulledEvent:
        """See `WritableCalendar`."""
        item = self._get(ref)
        if item.get("status") == "cancelled":
            raise NotFoundError("The event was deleted at Google.")
        try:
            return self._event(item)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise UnreadableError("Google sent an event that cannot be read.") from error

    def _get(self, ref: str) -> Json:
        return self._on_one("GET", ref)

    def _on_one(
        self,
        method: str,
        ref: str,
        *,
        params: dict[str, str] | None = None,
        body: Json | None = None,
        headers: dict[str, str] | None = None,
    ) -> Json:
        path = f"{self._events}/{quote(ref.rpartition('/')[2], safe='')}"
        try:
            return self._api.call(method, path, params=params, body=body, headers=headers)
        except CursorInvalidError as error:  # 410: deleted already
            raise NotFoundError("The event was deleted at Google.") from error

    # The account

    def address(self) -> str:
        """See `CalendarAccount`."""
        return next((choice.id for choice in self.calendars() if choice.is_primary), "")

    def calendars(self) -> Sequence[CalendarChoice]:
        """See `CalendarAccount`."""
        pages = self._walk("users/me/calendarList", {"maxResults": "250"})
        return [_choice(item) for page in pages for item in page.get("items", [])]

    # Being told

    def subscribe(self, address: str, identity: str, secret: str) -> Subscription:
        """See `PushingCalendar`."""
        body = {"id": identity, "type": "web_hook", "address": address, "token": secret}
        told = self._api.call("POST", f"{self._events}/watch", body=body)
        return Subscription(str(told["id"]), int(told["expiration"]) // 1000, str(told["resourceId"]))

    def renew(self, subscription: Subscription) -> Subscription:  # noqa: ARG002 - the Protocol's signature
        """Google prolongs nothing: raises NotFoundError, so that whoever asks subscribes anew."""
        raise NotFoundError("Google's subscriptions cannot be prolonged.")

    def unsubscribe(self, subscription: Subscription) -> None:
        """See `PushingCalendar`."""
        try:
            body = {"id": subscription.id, "resourceId": subscription.resource}
            self._api.call("POST", "channels/stop", body=body)
        except NotFoundError:
            return


def _word_of(told: Json) -> object:
    errors = told["error"].get("errors") or [{}]
    return errors[0].get("reason") or told["error"].get("status")


def _id_of(item: Json) -> str:
    """Occurrences stand behind their series, so that a series can go as a whole."""
    id_, series = str(item["id"]), item.get("recurringEventId")
    return f"{series}/{id_}" if series else id_


def _attendee(person: Json) -> dict[str, str]:
    return {
        "email": str(person.get("email", "")).lower(),
        "name": str(person.get("displayName", "")),
        "response": _PARTSTAT.get(str(person.get("responseStatus", "")), ""),
    }


def _body(event: OutgoingEvent) -> Json:
    """What is ours of an event; what its owner adds (colour, reminders) is not among it."""
    return {
        "status": "tentative" if event.is_tentative else "confirmed",
        "summary": event.title,
        "description": event.description,
        "location": event.location,
        "start": {"dateTime": written(event.start)},
        "end": {"dateTime": written(event.end)},
        "attendees": [
            {
                "email": person["email"],
                "displayName": person.get("name", ""),
                "responseStatus": _ANSWERS.get(person.get("response", ""), "needsAction"),
            }
            for person in event.attendees
        ],
        "guestsCanInviteOthers": False,
        "source": {"title": event.title, "url": event.url},
        "extendedProperties": {"private": {_OURS: event.uid}},
    }


def _conference(ref: str, event: OutgoingEvent) -> Json:
    if not event.wants_conference:
        return {}
    asked = {"requestId": ref, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    return {"conferenceData": {"createRequest": asked}}


def _call_of(item: Json) -> str:
    """The address of an event's video call; empty without."""
    points = item.get("conferenceData", {}).get("entryPoints", [])
    video = next((str(point.get("uri", "")) for point in points if point.get("entryPointType") == "video"), "")
    return str(item.get("hangoutLink", "")) or video


def _choice(item: Json) -> CalendarChoice:
    name = str(item.get("summaryOverride") or item.get("summary") or item["id"])
    return CalendarChoice(str(item["id"]), name, item.get("accessRole") in _WRITERS, item.get("primary") is True)
