"""What is ours of an event at Microsoft Graph, and what has to stay in it.

Attendees are never written: Graph would send them its own invitations, which cannot be switched off, and ours are on
their way.
"""

import re
from html import escape
from typing import Any

from meeting_manager.adapters.calendar.instants import instant, written
from meeting_manager.adapters.calendar.json_api import Json
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Written

_SIGN = 8
"""So many digits of our identity stand behind the uid: enough to tell the second event of a booking from its first."""
_OURS = re.compile(rf"(.+)\.([0-9a-f]{{{_SIGN}}})")

_LINE = "_" * 20
_LONG_LINE = re.compile(f"{_LINE}+")
_OPENED = re.compile(r"(?:\s*>[^<>]*(?<!/)<)*")
"""Tags that open right before something, read backwards, which takes no more time than there is text."""


def transaction(ref: str, uid: str) -> str:
    """The `transactionId` of an event of ours, by which a repeat is known, and in which the booking's uid travels:
    changes in a view tell it, but no extended properties."""
    return f"{uid}.{ref[:_SIGN]}"


def is_made_with(item: Json, ref: str) -> bool:
    """Whether an event was made with this identity of ours."""
    found = _OURS.fullmatch(str(item.get("transactionId") or ""))
    return found is not None and found[2] == ref[:_SIGN]


def uid_of(item: Json) -> str:
    """The booking's uid where we made it, else the one that Graph tells."""
    found = _OURS.fullmatch(str(item.get("transactionId") or ""))
    return found[1] if found else str(item.get("iCalUId") or "")


def new(ref: str, event: OutgoingEvent) -> Json:
    """All of an event that is to be made."""
    call = _CALL if event.wants_conference else {}
    return {**ours(event), "transactionId": transaction(ref, event.uid), "body": _text(_html(event)), **call}


def changed(there: Json, event: OutgoingEvent) -> Json:
    """All that is to be different of an event that is there; what its owner adds (categories, reminders) is not."""
    return {**ours(event), **_kept_call(there, event)}


def ours(event: OutgoingEvent) -> Json:
    """What is ours of an event, besides its text."""
    return {
        "subject": event.title,
        "start": {"dateTime": written(event.start)[:19], "timeZone": "UTC"},
        "end": {"dateTime": written(event.end)[:19], "timeZone": "UTC"},
        "location": {"displayName": event.location},
        "showAs": "tentative" if event.is_tentative else "busy",
    }


def is_older(item: Json, event: OutgoingEvent) -> bool:
    """Whether what is there was made by an earlier try that knew the booking otherwise.

    Of its text Graph tells a preview only, so that a different text alone is not seen.
    """
    wanted = ours(event)
    if any(_second(item, edge) != instant(wanted[edge]["dateTime"]) for edge in ("start", "end")):
        return True
    place = str((item.get("location") or {}).get("displayName") or "")
    told = (item.get("subject"), item.get("showAs"), place)
    return told != (event.title, wanted["showAs"], event.location)


def as_written(item: Json) -> Written:
    """What became of it."""
    call = str((item.get("onlineMeeting") or {}).get("joinUrl") or "")
    return Written(str(item["id"]), str(item.get("@odata.etag", "")), str(item.get("webLink") or ""), call)


_CALL: dict[str, Any] = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


def _second(item: Json, edge: str) -> int:
    return instant(str(item[edge]["dateTime"]))


def _html(event: OutgoingEvent) -> str:
    """Its text, without lines that look like the one Teams begins its part with."""
    text = _LONG_LINE.sub(_LINE[1:], event.description)
    return f"<p>{escape(text)}</p>".replace("\n", "<br>")


def _text(html: str) -> Json:
    return {"contentType": "html", "content": html}


def _kept_call(there: Json, event: OutgoingEvent) -> Json:
    """The text, with what Teams added to it, as whoever takes that away takes the call away; none where a call is there
    whose part of the text cannot be told apart."""
    if not there.get("isOnlineMeeting"):
        return {"body": _text(_html(event)), **(_CALL if event.wants_conference else {})}
    added = _of_the_call(str((there.get("body") or {}).get("content") or ""))
    return {"body": _text(_html(event) + added)} if added else {}


def _of_the_call(content: str) -> str:
    """What Teams added to a text: from a long line on, with the tags that stand right before it."""
    line = _LONG_LINE.search(content)
    if line is None:
        return ""
    opened = _OPENED.match(content[: line.start()][::-1])
    return content[line.start() - (opened.end() if opened else 0) :]
