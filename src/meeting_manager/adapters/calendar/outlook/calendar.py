"""One calendar of an account at Microsoft Graph.

Events get Graph's ids; ours travels in the `transactionId`, by which a repeat is known.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from meeting_manager.adapters.calendar import cursors
from meeting_manager.adapters.calendar.errors import ConflictError, CursorInvalidError, NotFoundError, UnreadableError
from meeting_manager.adapters.calendar.instants import instant, written
from meeting_manager.adapters.calendar.json_api import TIMEOUT_SECONDS, Json, JsonApi, left_out
from meeting_manager.adapters.calendar.oauth import TokenSource
from meeting_manager.adapters.calendar.outlook import writing
from meeting_manager.adapters.calendar.outlook.reading import CANNOT_BE_READ, Reader, Told
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
_LOST_CURSORS: Final = frozenset({"SyncStateNotFound", "SyncStateInvalid", "resyncRequired", "syncStateNotFound"})
_CONFLICTS: Final = frozenset({"ErrorIrresolvableConflict", "ErrorDuplicateTransactionId"})
_LIMITS: Final = frozenset({"TooManyRequests", "ApplicationThrottled", "ErrorServerBusy"})
_REF = re.compile("[0-9a-f]{32}")


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
        known_by = frozenset(address.lower() for address in addresses)
        self._window, self._reader = window, Reader(zone, known_by)
        self._about = cursors.about(_FORM, base, calendar_id, window, zone, sorted(known_by))

    # Reading

    def pull(self, cursor: str) -> Pulled:
        """See `ReadableCalendar`."""
        mark = cursors.mark_of(cursor, self._about)
        items, following = self._changes(mark)
        told = Told(self._reader, self._window, items, self._one)
        return Pulled(
            cursors.packed(self._about, following),
            told.events,
            gone=told.gone,
            retold=told.gone,
            is_complete=not mark,
            unread=frozenset().union(*told.unread.values()),
            problems=left_out(len(told.unread)),
        )

    def _changes(self, mark: str) -> tuple[list[Json], str]:
        """Everything that is told, and the address that tells what changes after it."""
        edges = {"startDateTime": written(self._window.start), "endDateTime": written(self._window.end)}
        items: list[Json] = []
        for page in self._walk(mark or f"{self._calendar}/calendarView/delta", None if mark else edges):
            items += _values(page)
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

    # Writing

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """See `WritableCalendar`."""
        if etag:
            return self._patched(ref, event, etag)
        item = self._made(ref, event)
        if writing.is_older(item, event):
            return self._patched(str(item["id"]), event, str(item.get("@odata.etag", "")))
        return writing.as_written(item)

    def _made(self, ref: str, event: OutgoingEvent) -> Json:
        """The event made with this identity, now or by an earlier try, in which it may have been at another time."""
        try:
            return self._api.call("POST", f"{self._calendar}/events", body=writing.new(ref, event))
        except ConflictError:
            near = Window(event.start - _DAY, event.end + _DAY)
            found = self._search(ref, near) or self._search(ref, _far_and_wide())
            if found is None:
                raise  # it is used up and its event gone: only another identity can make it again
            return found

    def _patched(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """Change what is ours of it, and only if it is still that version."""
        body = writing.changed(self._one(ref), event)
        headers = {"If-Match": etag} if etag else {}
        return writing.as_written(self._api.call("PATCH", _path(ref), body=body, headers=headers))

    def delete(self, ref: str, etag: str) -> None:
        """See `WritableCalendar`."""
        self._api.call("DELETE", _path(ref), headers={"If-Match": etag} if etag else {})

    def find(self, ref: str) -> PulledEvent:
        """See `WritableCalendar`."""
        item = self._search(ref, _far_and_wide()) if _REF.fullmatch(ref) else self._one(ref)
        if item is None:
            raise NotFoundError("Microsoft does not have the event.")
        try:
            return self._reader.event(item)
        except CANNOT_BE_READ as error:
            raise UnreadableError("Microsoft sent an event that cannot be read.") from error

    def _search(self, ref: str, window: Window) -> Json | None:
        """The event that was made with this identity, if it is in a window."""
        edges = {"startDateTime": written(window.start), "endDateTime": written(window.end)}
        pages = self._walk(f"{self._calendar}/calendarView", edges)
        return next((item for page in pages for item in _values(page) if writing.is_made_with(item, ref)), None)

    def _one(self, ref: str) -> Json:
        return self._api.call("GET", _path(ref))

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
            for item in _values(page)
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


def _path(ref: str) -> str:
    return f"me/events/{quote(ref.rpartition('/')[2], safe='')}"


def _values(page: Json) -> list[Json]:
    """What a page lists, without what has no id."""
    return [item for item in page.get("value") or [] if isinstance(item, dict) and item.get("id")]


def _far_and_wide() -> Window:
    now = int(datetime.now(UTC).timestamp())
    return Window(now - _DAY, now + _SEARCHED_DAYS * _DAY)


def _end() -> str:
    return written(int(datetime.now(UTC).timestamp()) + _LIFE)


def _subscription(told: Json) -> Subscription:
    return Subscription(str(told["id"]), instant(str(told["expirationDateTime"])))
