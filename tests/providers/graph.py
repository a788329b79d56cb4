"""Microsoft Graph on this machine: what its reference says of calendars, with delta links, pages, versions and calls.

Names of fields were compared with the model `Event` of msgraph-sdk-python: what is asked and answered is held against
the tables below.
"""

import html
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.providers.web import Call, Fault

Json = dict[str, Any]

_PERSON: Json = {"emailAddress": {"address": str, "name": str}}
_TIME: Json = {"dateTime": str, "timeZone": str}
_EVENT: Json = {
    "@odata.etag": str,
    "@removed": {"reason": str},
    "id": str,
    "type": str,
    "seriesMasterId": (str, type(None)),
    "iCalUId": str,
    "transactionId": (str, type(None)),
    "subject": str,
    "body": {"contentType": str, "content": str},
    "bodyPreview": str,
    "start": _TIME,
    "end": _TIME,
    "location": {"displayName": str},
    "organizer": _PERSON,
    "attendees": [{**_PERSON, "status": {"response": str, "time": str}, "type": str}],
    "showAs": str,
    "sensitivity": str,
    "isAllDay": bool,
    "isCancelled": bool,
    "isOnlineMeeting": bool,
    "onlineMeetingProvider": str,
    "onlineMeeting": ({"joinUrl": str}, type(None)),
    "responseStatus": {"response": str, "time": str},
    "responseRequested": bool,
    "categories": [str],
    "lastModifiedDateTime": str,
    "webLink": str,
}
_SUBSCRIPTION: Json = {
    "id": str,
    "changeType": str,
    "notificationUrl": str,
    "lifecycleNotificationUrl": str,
    "resource": str,
    "expirationDateTime": str,
    "clientState": str,
}
_READ_ONLY = {"@odata.etag", "id", "type", "iCalUId", "bodyPreview", "lastModifiedDateTime", "webLink", "onlineMeeting"}
_BLOB = "<div><div>" + "_" * 80 + "</div><div>Join the meeting now: {url}</div></div>"


def iso(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.0000000"


@dataclass
class Graph:
    """One account with the calendar "cal-1", beside one that it may only read."""

    base: str = ""
    page: int = 1_000
    items: dict[str, Json] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)
    links: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    subscriptions: dict[str, Json] = field(default_factory=dict)
    doubles: bool = False
    terse: bool = False
    """Whether occurrences say no more than when they are."""
    gives_existing: bool = False
    """Whether a repeated transaction is answered with the event it made, instead of refused."""
    wrong: list[str] = field(default_factory=list)
    serial: int = 0

    # What its owner does.

    def add(self, id_: str, start: int, end: int, **fields: object) -> None:
        """A new event, or another version of it; times in UTC epoch seconds."""
        self.put({"id": id_, "start": _time(start), "end": _time(end), **fields})

    def move(self, id_: str, start: int, end: int) -> None:
        self.put({**self.items[id_], "start": _time(start), "end": _time(end)})

    def remove(self, id_: str) -> None:
        del self.items[id_]
        self.removed.add(id_)
        self.log.append(id_)

    def events(self) -> dict[str, tuple[str, str]]:
        """What is there, by id: from when to when."""
        return {id_: (item["start"]["dateTime"], item["end"]["dateTime"]) for id_, item in self.items.items()}

    def forget_tokens(self) -> None:
        self.links.clear()

    def put(self, item: Json) -> None:
        """Any version of an event, as Graph has it."""
        id_ = item["id"]
        self.log.append(id_)
        self.removed.discard(id_)
        usual = {
            "type": "singleInstance",
            "iCalUId": f"ical-{id_}",
            "subject": "",
            "showAs": "busy",
            "isAllDay": False,
            "isCancelled": False,
            "sensitivity": "normal",
            "webLink": f"https://outlook.example/{id_}",
        }
        changed = {"@odata.etag": f'W/"{len(self.log)}"', "lastModifiedDateTime": "2026-11-30T08:00:00.1234567Z"}
        self.items[id_] = {**usual, **item, **changed}

    # What it answers.

    def answer(self, call: Call) -> tuple[int, Json | None]:
        self._judge(call.body, call.path, asked=True)
        status, told = self._route(call)
        for each in (told or {}).get("value", [told] if told else []):
            self._judge(each, call.path, asked=False)
        if 'IdType="ImmutableId"' not in call.headers.get("prefer", ""):
            self.wrong.append(f"{call.path} does not ask for immutable ids")
        return status, told

    def refusal(self, fault: Fault) -> Json:
        return {"error": {"code": fault.reason, "message": "secret details"}}

    def _route(self, call: Call) -> tuple[int, Json | None]:
        match call.path.split("/"):
            case ["me"]:
                return 200, {"mail": "me@contoso.example", "userPrincipalName": "me@contoso.example"}
            case ["me", "calendars"]:
                return 200, {"value": _CALENDARS}
            case ["me", "calendars", "cal-1", "calendarView", "delta"]:
                return self._delta(call.query)
            case ["me", "calendars", "cal-1", "calendarView"]:
                window = (call.query["startDateTime"], call.query["endDateTime"])
                return 200, {"value": [deepcopy(item) for item in self.items.values() if _is_between(item, *window)]}
            case ["me", "calendars", "cal-1", "events"] if call.verb == "POST":
                return self._create(call.body or {})
            case ["me", "events", id_]:
                return self._one(call, id_)
            case ["subscriptions", *rest]:
                return self._subscribe(call, rest)
        return 404, self.refusal(Fault(404, "ErrorItemNotFound"))

    def _delta(self, query: dict[str, str]) -> tuple[int, Json | None]:
        at, window = len(self.log), (query.get("startDateTime", ""), query.get("endDateTime", ""))
        first = int(query.get("$skiptoken", "0").partition(":")[0])
        token = query.get("$deltatoken") or query.get("$skiptoken", "").partition(":")[2]
        if token:
            if token not in self.links:
                return 410, self.refusal(Fault(410, "SyncStateNotFound"))
            since, *edges = self.links[token]
            window = (edges[0], edges[1])
            found = [self._shown(id_, *window) for id_ in dict.fromkeys(self.log[since:])]
        else:
            found = [self._shown(id_, *window) for id_, item in self.items.items() if _is_between(item, *window)]
        if self.doubles:
            found = [*reversed(found), *found]
        return 200, self._page(found, first, at, window, token)

    def _page(self, found: list[Json], first: int, at: int, window: tuple[str, str], token: str) -> Json:
        path = f"{self.base}/me/calendars/cal-1/calendarView/delta"
        told: Json = {"value": found[first : first + self.page]}
        if first + self.page < len(found):
            edges = "" if token else f"&startDateTime={window[0]}&endDateTime={window[1]}"
            return {**told, "@odata.nextLink": f"{path}?$skiptoken={first + self.page}:{token}{edges}"}
        self.serial += 1
        self.links[f"d{self.serial}"] = (at, *window)
        return {**told, "@odata.deltaLink": f"{path}?$deltatoken=d{self.serial}"}

    def _shown(self, id_: str, since: str, until: str) -> Json:
        if id_ in self.removed or not _is_between(self.items[id_], since, until):
            return {"id": id_, "@removed": {"reason": "deleted"}}
        item = deepcopy(self.items[id_])
        if self.terse and item["type"] == "occurrence":
            return {name: item[name] for name in ("id", "type", "seriesMasterId", "start", "end", "@odata.etag")}
        return item

    def _create(self, body: Json) -> tuple[int, Json | None]:
        same = [item for item in self.items.values() if item.get("transactionId") == body.get("transactionId")]
        if same:
            return (201, deepcopy(same[0])) if self.gives_existing else self._no(409, "ErrorDuplicateTransactionId")
        self.serial += 1
        id_ = f"AAMk{self.serial}="
        self.put({**_padded(body), "id": id_, **self._call(id_, body, body)})
        return 201, deepcopy(self.items[id_])

    def _one(self, call: Call, id_: str) -> tuple[int, Json | None]:
        item = self.items.get(id_)
        if item is None:
            return self._no(404, "ErrorItemNotFound")
        if call.verb == "GET":
            return 200, deepcopy(item)
        if "if-match" in call.headers and call.headers["if-match"] != item["@odata.etag"]:
            return self._no(412, "ErrorIrresolvableConflict")
        if call.verb == "DELETE":
            self.remove(id_)
            return 204, None
        body = _padded(call.body or {})
        self.put({**item, **body, **self._call(id_, {**item, **body}, body)})
        return 200, deepcopy(self.items[id_])

    def _call(self, id_: str, item: Json, body: Json) -> Json:
        """A call lives as long as its part of the text."""
        url = f"https://teams.example/{id_}"
        if not item.get("isOnlineMeeting"):
            return {}
        if item.get("onlineMeeting"):
            is_kept = "body" not in body or url in body["body"]["content"]
            return {} if is_kept else {"isOnlineMeeting": False, "onlineMeeting": None}
        content = (item.get("body") or {"content": ""})["content"] + _BLOB.format(url=html.escape(url))
        return {"onlineMeeting": {"joinUrl": url}, "body": {"contentType": "html", "content": content}}

    def _subscribe(self, call: Call, rest: list[str]) -> tuple[int, Json | None]:
        if not rest:
            self.subscriptions["sub-1"] = {**(call.body or {}), "id": "sub-1"}
            return 201, self.subscriptions["sub-1"]
        if rest[0] not in self.subscriptions:
            return self._no(404, "ResourceNotFound")
        if call.verb == "DELETE":
            del self.subscriptions[rest[0]]
            return 204, None
        self.subscriptions[rest[0]] |= call.body or {}
        return 200, self.subscriptions[rest[0]]

    def _no(self, status: int, reason: str) -> tuple[int, Json]:
        return status, self.refusal(Fault(status, reason))

    def _judge(self, body: Json | None, path: str, *, asked: bool) -> None:
        if body is None or "error" in body or path in {"me", "me/calendars"}:
            return
        schema = _SUBSCRIPTION if path.startswith("subscriptions") else _EVENT
        known = {name: kind for name, kind in schema.items() if not (asked and name in _READ_ONLY)}
        try:
            _fits(body, known, path)
        except AssertionError as error:
            self.wrong.append(str(error))


_CALENDARS: list[Json] = [
    {"id": "cal-1", "name": "Calendar", "canEdit": True, "isDefaultCalendar": True},
    {"id": "cal-2", "name": "Birthdays", "canEdit": False, "isDefaultCalendar": False},
]


def _fits(value: Any, kind: Any, where: str) -> None:  # noqa: ANN401 - any JSON, any table
    if isinstance(kind, dict):
        assert isinstance(value, dict), where
        for name, inner in value.items():
            assert name in kind, f"{where}.{name} is not known"
            _fits(inner, kind[name], f"{where}.{name}")
    elif isinstance(kind, list):
        for each in value:
            _fits(each, kind[0], where)
    elif isinstance(kind, tuple) and isinstance(kind[0], dict):
        assert value is None or isinstance(value, dict), where
    else:
        assert isinstance(value, kind), f"{where}: {value!r}"


def _time(seconds: int) -> Json:
    return {"dateTime": iso(seconds), "timeZone": "UTC"}


def _padded(body: Json) -> Json:
    """Times come back with seven digits behind the seconds."""
    times: Json = {
        edge: {**body[edge], "dateTime": f"{body[edge]['dateTime'][:19]}.0000000"}
        for edge in ("start", "end")
        if edge in body
    }
    return {**body, **times}


def _is_between(item: Json, since: str, until: str) -> bool:
    return bool(item["end"]["dateTime"][:19] > since[:19]) and bool(item["start"]["dateTime"][:19] < until[:19])
