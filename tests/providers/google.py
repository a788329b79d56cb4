"""Google Calendar on this machine: what is published of it, with sync tokens, pages, ids, versions and video calls.

Every request and answer is held against Google's own description of the API (`discovery.py`).
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.providers import discovery
from tests.providers.web import Call, Fault

Json = dict[str, Any]
_INCOMPATIBLE = {"timeMin", "timeMax", "iCalUID", "orderBy", "privateExtendedProperty", "q", "updatedMin"}
_BASE32HEX = re.compile("[a-v0-9]{5,1024}")


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


@dataclass
class Google:
    """One account with one calendar, `me@gmail.example`, beside one that it may only read."""

    page: int = 1_000
    items: dict[str, Json] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    """The ids that changed, in order; a sync token is a place in it."""
    windows: dict[str, tuple[str, str]] = field(default_factory=dict)
    serial: int = 0
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    channels: dict[str, Json] = field(default_factory=dict)
    makes_calls_late: bool = False
    doubles: bool = False
    """Whether a page repeats what was told, in another order."""
    wrong: list[str] = field(default_factory=list)
    """What was asked or answered that Google does not publish."""

    # What its owner does.

    def add(self, id_: str, start: int, end: int, **fields: object) -> None:
        """A new event, or another version of it; times in UTC epoch seconds."""
        self.put({"id": id_, "start": {"dateTime": iso(start)}, "end": {"dateTime": iso(end)}, **fields})

    def move(self, id_: str, start: int, end: int) -> None:
        self.put({**self.items[id_], "start": {"dateTime": iso(start)}, "end": {"dateTime": iso(end)}})

    def remove(self, id_: str) -> None:
        self.put({**self.items[id_], "status": "cancelled"})

    def answer_as(self, id_: str, email: str, status: str) -> None:
        item = deepcopy(self.items[id_])
        for person in item["attendees"]:
            if person["email"] == email:
                person["responseStatus"] = status
        self.put(item)

    def events(self) -> dict[str, tuple[str, str]]:
        """What is there, by id: from when to when."""
        return {
            id_: (item["start"].get("dateTime", ""), item["end"].get("dateTime", ""))
            for id_, item in self.items.items()
            if item["status"] != "cancelled"
        }

    def forget_tokens(self) -> None:
        self.windows.clear()

    # What it answers.

    def answer(self, call: Call) -> tuple[int, Json | None]:
        status, told = self._route(call)
        try:
            discovery.check(call.verb, call.path, call.query, call.body, status, told)
        except AssertionError as error:
            self.wrong.append(str(error))
        return status, told

    def refusal(self, fault: Fault) -> Json:
        errors = [{"domain": "global", "reason": fault.reason, "message": "secret details"}]
        return {"error": {"code": fault.status, "message": "secret details", "errors": errors}}

    def _route(self, call: Call) -> tuple[int, Json | None]:
        if call.path == "users/me/calendarList":
            return 200, {"kind": "calendar#calendarList", "items": _CALENDARS}
        if call.path == "channels/stop":
            known = self.channels.pop(str((call.body or {}).get("id")), None)
            return (204, None) if known else self._no(404, "notFound")
        if not call.path.startswith("calendars/me@gmail.example/events"):
            return self._no(404, "notFound")
        id_ = call.path.removeprefix("calendars/me@gmail.example/events").strip("/")
        if id_ == "watch":
            return 200, self._watch(call.body or {})
        if not id_:
            return self._list(call.query) if call.verb == "GET" else self._insert(call.query, call.body or {})
        return self._one(call, id_)

    def _list(self, query: dict[str, str]) -> tuple[int, Json | None]:
        if "syncToken" in query and query.keys() & _INCOMPATIBLE:
            return self._no(400, "badRequest")
        at, since, until = len(self.log), query.get("timeMin", ""), query.get("timeMax", "")
        if token := query.get("syncToken"):
            if token not in self.windows:
                return self._no(410, "fullSyncRequired")
            since, until = self.windows[token]
            ids = list(dict.fromkeys(self.log[int(token.partition(":")[0]) :]))
            found = [self.items[id_] for id_ in ids]
        else:
            found = [item for item in self.items.values() if _is_between(item, since, until)]
        if self.doubles:
            found = [*reversed(found), *found]
        first = int(query.get("pageToken", 0))
        told: Json = {"kind": "calendar#events", "items": [_shown(each) for each in found[first : first + self.page]]}
        if first + self.page < len(found):
            return 200, {**told, "nextPageToken": str(first + self.page)}
        self.serial += 1
        following = f"{at}:{self.serial}"
        self.windows[following] = (since, until)
        return 200, {**told, "nextSyncToken": following}

    def _insert(self, query: dict[str, str], body: Json) -> tuple[int, Json | None]:
        assert _BASE32HEX.fullmatch(body["id"])
        if body["id"] in self.items:
            return self._no(409, "duplicate")
        self.put({**body, **self._call_for(query, body)})
        return 200, deepcopy(self.items[body["id"]])

    def _one(self, call: Call, id_: str) -> tuple[int, Json | None]:
        item = self.items.get(id_)
        if item is None:
            return self._no(404, "notFound")
        if call.verb == "GET":
            if item.get("conferenceData", {}).get("createRequest"):
                self.items[id_] = item = {**item, **_call(id_)}
            return 200, deepcopy(item)
        if "if-match" in call.headers and call.headers["if-match"] != item["etag"]:
            return self._no(412, "conditionNotMet")
        if call.verb == "DELETE":
            if item["status"] == "cancelled":
                return self._no(410, "deleted")
            self.remove(id_)
            return 204, None
        body = call.body or {}
        self.put({**item, **body, **self._call_for(call.query, {**body, "id": id_})})
        return 200, deepcopy(self.items[id_])

    def _call_for(self, query: dict[str, str], body: Json) -> Json:
        asked = body.get("conferenceData", {}).get("createRequest")
        if not asked or query.get("conferenceDataVersion") != "1":
            return {}
        return {"conferenceData": {"createRequest": asked}} if self.makes_calls_late else _call(body["id"])

    def _watch(self, body: Json) -> Json:
        self.channels[body["id"]] = body
        return {"kind": "api#channel", "id": body["id"], "resourceId": "res-1", "expiration": "1800000000000"}

    def _no(self, status: int, reason: str) -> tuple[int, Json]:
        return status, self.refusal(Fault(status, reason))

    def put(self, item: Json) -> None:
        """Any version of an event, as Google has it."""
        id_ = item["id"]
        self.log.append(id_)
        usual = {"status": "confirmed", "iCalUID": f"{id_}@google.com", "htmlLink": f"https://calendar.example/{id_}"}
        self.items[id_] = {**usual, **item, "etag": f'"{len(self.log)}"', "updated": "2026-11-30T08:00:00.000Z"}


_CALENDARS: list[Json] = [
    {"id": "me@gmail.example", "summary": "me@gmail.example", "accessRole": "owner", "primary": True},
    {"id": "holidays@group.example", "summary": "Holidays", "accessRole": "reader"},
]


def _call(id_: str) -> Json:
    return {"hangoutLink": f"https://meet.google.example/{id_[:8]}"}


def _shown(item: Json) -> Json:
    """Of what is gone hardly more than its id is told."""
    if item["status"] != "cancelled":
        return deepcopy(item)
    kept = ("id", "status", "recurringEventId", "etag")
    return {name: item[name] for name in kept if name in item}


def _is_between(item: Json, since: str, until: str) -> bool:
    if item["status"] == "cancelled":
        return False
    start, end = (item[edge].get("dateTime") or f"{item[edge]['date']}T00:00:00Z" for edge in ("start", "end"))
    return bool(datetime.fromisoformat(end) > datetime.fromisoformat(since)) and bool(
        datetime.fromisoformat(start) < datetime.fromisoformat(until)
    )
