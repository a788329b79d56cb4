"""Outlook's calendars (Microsoft Graph v1.0): what changed in a view of them, and events that are made once.

Attendees are never written: Graph would send them its own invitations, which cannot be switched off, and ours are on
their way. Events get Graph's ids; ours travels in the `transactionId`, behind the booking's uid, by which a repeat is
known.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar.timezone import tzp

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

_PAGE = 200
_MOST_PAGES = 200
_DAY = 86_400
_SEARCHED_DAYS = 730
_LIFE = 4_000 * 60
"""Seconds that a subscription lives; Graph allows 4,230 minutes for events."""

_PREFER: Final = {"Prefer": 'outlook.timezone="UTC", IdType="ImmutableId"'}
_PREFER_PAGES: Final = {"Prefer": f"{_PREFER['Prefer']}, odata.maxpagesize={_PAGE}"}
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
_LOST_CURSORS: Final = frozenset({"SyncStateNotFound", "SyncStateInvalid", "resyncRequired", "syncStateNotFound"})
_CONFLICTS: Final = frozenset({"ErrorIrresolvableConflict", "ErrorDuplicateTransactionId"})
_LIMITS: Final = frozenset({"TooManyRequests", "ApplicationThrottled", "ErrorServerBusy"})
_REF = re.compile("[0-9a-f]{32}")
_SIGN = 8
"""So many digits of our identity stand behind the uid: enough to tell the second event of a booking from its first."""
_OF_THE_CALL = re.compile(r"(<[^>]*>\s*)*_{20,}")
"""With this line begins what Teams adds to the text of an event; whoever takes it away takes the call away."""


class OutlookCalendar:
    """One calendar of an account, opened for a window and its owner's zone and addresses; also the account itself."""

    def __init__(
        self,
        token: TokenSource,
        *,
        base: str,
        calendar_id: str = "",
        window: Window = NO_WINDOW,
        zone: str = "UTC",
        addresses: Sequence[str] = (),
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._api = JsonApi(
            "Microsoft",
            base,
            token,
            word_of=lambda told: told["error"]["code"],
            limits=_LIMITS,
            conflicts=_CONFLICTS,
            lost_cursors=_LOST_CURSORS,
            headers=_PREFER,
            timeout=timeout,
        )
        self._calendar = f"me/calendars/{quote(calendar_id, safe='')}" if calendar_id else "me/calendar"
        self._window, self._zone = window, zone
        self._addresses = frozenset(address.lower() for address in addresses)
        self._about = cursors.about(_FORM, base, calendar_id, window, zone)

    # Reading

    def pull(self, cursor: str) -> Pulled:
        """See `ReadableCalendar`."""
        mark = cursors.mark_of(cursor, self._about)
        items, following = self._changes(mark)
        told = _Told(self, items)
        for item in items:
            told.take(item)
        return Pulled(
            cursors.packed(self._about, following),
            list(told.events.values()),
            gone=list(told.gone),
            retold=list(told.gone),
            is_complete=not mark,
            unread=frozenset(told.unread),
            problems=left_out(told.failed),
        )

    def _changes(self, mark: str) -> tuple[list[Json], str]:
        """Everything that is told, and the address that tells what changes after it."""
        edges = {"startDateTime": written(self._window.start), "endDateTime": written(self._window.end)}
        items: list[Json] = []
        for page in self._walk(mark or f"{self._calendar}/calendarView/delta", None if mark else edges):
            items += [item for item in page.get("value", []) if isinstance(item, dict)]
            if following := page.get("@odata.deltaLink"):
                return items, str(following)
        raise CursorInvalidError("Microsoft told no place to go on from.")

    def _walk(self, path: str, params: dict[str, str] | None) -> Iterator[Json]:
        """All pages of a list. Raises UnreadableError where there is no end to them."""
        for _ in range(_MOST_PAGES):
            page = self._api.call("GET", path, params=params, headers=_PREFER_PAGES)
            yield page
            if "@odata.nextLink" not in page:
                return
            path, params = str(page["@odata.nextLink"]), None
        raise UnreadableError(f"This calendar has more than {_MOST_PAGES * _PAGE} events in the time that is read.")

    def master(self, id_: str) -> Json:
        """The series an occurrence belongs to, which says what the occurrence leaves out."""
        return self._api.call("GET", f"me/events/{quote(id_, safe='')}")

    def is_inside(self, event: PulledEvent) -> bool:
        """Whether an event has length in the window."""
        return max(event.start, self._window.start) < min(event.end, self._window.end)

    def event(self, item: Json) -> PulledEvent:
        """What an item says. Raises LookupError, ValueError, TypeError, AttributeError where it cannot be read."""
        is_all_day = item.get("isAllDay") is True
        start, end = (self._moment(item[edge], is_all_day=is_all_day) for edge in ("start", "end"))
        facts: dict[str, Any] = {
            "id": id_of(item),
            "uid": _uid_of(item),
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

    # Writing

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """See `WritableCalendar`."""
        if etag:
            return self._patched(ref, event, etag)
        body = {**_body(event), "transactionId": _transaction(ref, event.uid), "body": _text(_html(event))}
        if event.wants_conference:
            body |= {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
        try:
            item = self._api.call("POST", f"{self._calendar}/events", body=body)
        except ConflictError:
            item = self._found(ref, Window(event.start - _DAY, event.end + _DAY))
        if _is_older(item, event):
            return self._patched(str(item["id"]), event, str(item.get("@odata.etag", "")))
        return _written(item)

    def _patched(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """Change what is ours of it, and only if it is still that version."""
        there = self._api.call("GET", self._one(ref))
        body = {**_body(event), **_kept_call(there, event)}
        headers = {"If-Match": etag} if etag else {}
        return _written(self._api.call("PATCH", self._one(ref), body=body, headers=headers))

    def delete(self, ref: str, etag: str) -> None:
        """See `WritableCalendar`."""
        self._api.call("DELETE", self._one(ref), headers={"If-Match": etag} if etag else {})

    def find(self, ref: str) -> PulledEvent:
        """See `WritableCalendar`."""
        item = self._found(ref, _far_and_wide()) if _REF.fullmatch(ref) else self._api.call("GET", self._one(ref))
        try:
            return self.event(item)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise UnreadableError("Microsoft sent an event that cannot be read.") from error

    def _found(self, ref: str, window: Window) -> Json:
        """The event that was made with this identity, looked for in a window. Raises NotFoundError."""
        edges = {"startDateTime": written(window.start), "endDateTime": written(window.end)}
        for page in self._walk(f"{self._calendar}/calendarView", edges):
            for item in page.get("value", []):
                if str(item.get("transactionId") or "").rpartition(".")[2] == ref[:_SIGN]:
                    return dict(item)
        raise NotFoundError("Microsoft does not have the event.")

    def _one(self, ref: str) -> str:
        return f"me/events/{quote(ref.rpartition('/')[2], safe='')}"

    # The account

    def address(self) -> str:
        """See `CalendarAccount`."""
        told = self._api.call("GET", "me")
        return str(told.get("mail") or told.get("userPrincipalName") or "")

    def calendars(self) -> Sequence[CalendarChoice]:
        """See `CalendarAccount`."""
        return [
            CalendarChoice(
                str(item["id"]),
                str(item.get("name") or ""),
                item.get("canEdit") is True,
                item.get("isDefaultCalendar") is True,
            )
            for page in self._walk("me/calendars", None)
            for item in page.get("value", [])
        ]

    # Being told

    def subscribe(self, address: str, identity: str, secret: str) -> Subscription:  # noqa: ARG002 - Graph has ids of its own
        """See `PushingCalendar`."""
        body = {
            "changeType": "created,updated,deleted",
            "notificationUrl": address,
            "lifecycleNotificationUrl": address,
            "resource": f"{self._calendar}/events",
            "expirationDateTime": _end(),
            "clientState": secret,
        }
        return _subscription(self._api.call("POST", "subscriptions", body=body))

    def renew(self, subscription: Subscription) -> Subscription:
        """See `PushingCalendar`."""
        body = {"expirationDateTime": _end()}
        return _subscription(self._api.call("PATCH", f"subscriptions/{quote(subscription.id, safe='')}", body=body))

    def unsubscribe(self, subscription: Subscription) -> None:
        """See `PushingCalendar`."""
        try:
            self._api.call("DELETE", f"subscriptions/{quote(subscription.id, safe='')}")
        except NotFoundError:
            return


class _Told:
    """What the items of one pull say, of which the last word on each event counts."""

    def __init__(self, calendar: OutlookCalendar, items: Sequence[Json]) -> None:
        self._calendar = calendar
        self._masters = {str(item["id"]): item for item in items if item.get("type") == "seriesMaster"}
        self.events: dict[str, PulledEvent] = {}
        self.gone: dict[str, None] = {}
        self.unread: set[str] = set()
        self.failed = 0

    def take(self, item: Json) -> None:
        """Add what one item says."""
        id_ = id_of(item)
        if item.get("type") == "seriesMaster" and "@removed" not in item:
            return  # its occurrences are told each
        self.events.pop(id_, None)
        self.gone[id_] = None
        if "@removed" in item:
            return
        try:
            event = self._calendar.event(self._whole(item))
        except (LookupError, ValueError, TypeError, AttributeError, OverflowError):
            del self.gone[id_]
            self.unread |= {id_, str(item.get("iCalUId") or id_)}
            self.failed += 1
            return
        if self._calendar.is_inside(event):
            del self.gone[id_]
            self.events[id_] = event

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
            return self._calendar.master(id_)
        except NotFoundError:
            return {}


def id_of(item: Json) -> str:
    """Occurrences stand behind their series, so that a series can go as a whole."""
    id_, series = str(item["id"]), item.get("seriesMasterId")
    return f"{series}/{id_}" if series else id_


def _uid_of(item: Json) -> str:
    uid, _, sign = str(item.get("transactionId") or "").rpartition(".")
    is_ours = len(sign) == _SIGN and len(uid) > 0
    return uid if is_ours else str(item.get("iCalUId") or "")


def _transaction(ref: str, uid: str) -> str:
    return f"{uid}.{ref[:_SIGN]}"


def _is_older(item: Json, event: OutgoingEvent) -> bool:
    """Whether what is there was made by an earlier try that knew another time or title."""
    told = {"subject": item.get("subject"), "start": str(item["start"]["dateTime"])[:19]}
    return told != {"subject": event.title, "start": written(event.start)[:19]}


def _body(event: OutgoingEvent) -> Json:
    """What is ours of an event, besides its text; what its owner adds (categories, reminders) is not among it."""
    return {
        "subject": event.title,
        "start": {"dateTime": written(event.start)[:19], "timeZone": "UTC"},
        "end": {"dateTime": written(event.end)[:19], "timeZone": "UTC"},
        "location": {"displayName": event.location},
        "showAs": "tentative" if event.is_tentative else "busy",
    }


def _html(event: OutgoingEvent) -> str:
    return f"<p>{escape(event.description)}</p>".replace("\n", "<br>")


def _text(html: str) -> Json:
    return {"contentType": "html", "content": html}


def _kept_call(there: Json, event: OutgoingEvent) -> Json:
    """The text, with what Teams added to it; none where a call is there whose part of the text cannot be told apart."""
    if not there.get("isOnlineMeeting"):
        call = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"} if event.wants_conference else {}
        return {"body": _text(_html(event)), **call}
    content = str((there.get("body") or {}).get("content") or "")
    added = _OF_THE_CALL.search(content)
    return {"body": _text(_html(event) + content[added.start() :])} if added else {}


def _written(item: Json) -> Written:
    call = str((item.get("onlineMeeting") or {}).get("joinUrl") or "")
    return Written(str(item["id"]), str(item.get("@odata.etag", "")), str(item.get("webLink") or ""), call)


def _attendee(person: Json) -> dict[str, str]:
    known = person.get("emailAddress") or {}
    answer = str((person.get("status") or {}).get("response") or "")
    return {"email": _address(known), "name": str(known.get("name") or ""), "response": _PARTSTAT.get(answer, "")}


def _address(known: Json | None) -> str:
    return str((known or {}).get("address") or "").lower()


def _far_and_wide() -> Window:
    now = int(datetime.now(UTC).timestamp())
    return Window(now - _DAY, now + _SEARCHED_DAYS * _DAY)


def _end() -> str:
    return written(int(datetime.now(UTC).timestamp()) + _LIFE)


def _subscription(told: Json) -> Subscription:
    return Subscription(str(told["id"]), instant(str(told["expirationDateTime"])))
