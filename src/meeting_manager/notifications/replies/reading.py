"""One mail, read without a database: who answers what (iMIP, RFC 6047). Strangers write here; sizes are capped, and of
the calendar only lines are read that say who, what and when: time zones and recurrences are never worked out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from urllib.parse import unquote

from icalendar import Parameters
from icalendar.parser import Contentlines

from meeting_manager.bookings.choices import ResponseStatus
from meeting_manager.notifications.replies.addresses import addressed
from meeting_manager.notifications.replies.refusals import Reason, Refused

LONGEST_MAIL = 5_000_000
_LONGEST_CALENDAR = 300_000
_LONGEST_HEADER = 10_000
_MOST_LINES = 200_000
_MOST_BOUNDARIES = 20
"""The parser of mails compares each line with every boundary around it; no mail of people comes near either number."""

_DEEPEST = 10
_HEADERS = ("X-Original-To", "Delivered-To", "To", "Cc")
_OF_CALENDAR, _OF_EVENT = ("VCALENDAR",), ("VCALENDAR", "VEVENT")
_ONCE = ("UID", "ATTENDEE", "DTSTAMP")
_READ = {"BEGIN", "END", "METHOD", "SEQUENCE", "RECURRENCE-ID", *_ONCE}
_BOUNDARY = re.compile(rb"boundary[*0-9]*[ \t\r\n]*=", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z-]+")
_RESPONSES = {
    "ACCEPTED": ResponseStatus.ACCEPTED,
    "DECLINED": ResponseStatus.DECLINED,
    "TENTATIVE": ResponseStatus.TENTATIVE,
}

Property = tuple[Parameters, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a mail says: by the address it came to (`thread`, `token`), and by the calendar in it.

    `email` is in lower case, `sequence` that of the invitation it answers, `answered_at` aware UTC.
    """

    thread: int
    token: str
    uid: str
    email: str
    response: ResponseStatus
    sequence: int
    answered_at: datetime


def read(raw: bytes, recipient: str = "") -> Answer:
    """The answer in a mail; `recipient` is the address it came to, else its headers say. Raises nothing but Refused."""
    if len(raw) > LONGEST_MAIL or raw.count(b"\n") > _MOST_LINES:
        raise Refused(Reason.TOO_LARGE)
    if len(_BOUNDARY.findall(raw)) > _MOST_BOUNDARIES:
        raise Refused(Reason.MALFORMED)
    try:
        mail = message_from_bytes(raw)
        return _answer(mail, _addressed(mail, recipient))
    except Refused:
        raise
    except Exception as error:  # whatever a stranger's mail makes of the parsers, it is no answer
        raise Refused(Reason.MALFORMED) from error


def _addressed(mail: Message, recipient: str) -> tuple[int, str]:
    headers = [recipient] if recipient else [str(value) for name in _HEADERS for value in mail.get_all(name, [])]
    found = next(filter(None, (addressed(header[:_LONGEST_HEADER]) for header in headers)), None)
    if found is None:
        raise Refused(Reason.NOT_ADDRESSED)
    return found


def _answer(mail: Message, to: tuple[int, str]) -> Answer:
    part = _calendar_part(mail)
    calendar, event = _properties(_text(part))
    _require_reply(part, calendar["METHOD"])
    if event["RECURRENCE-ID"] or any(len(event[name]) != 1 for name in _ONCE):
        raise Refused(Reason.MALFORMED)
    ((parameters, attendee),) = event["ATTENDEE"]
    response = _RESPONSES.get(str(parameters.get("PARTSTAT", "")).upper())
    if response is None:
        raise Refused(Reason.NO_ANSWER)
    return Answer(
        *to,
        uid=event["UID"][0][1],
        email=_email(attendee),
        response=response,
        sequence=_number(event["SEQUENCE"]),
        answered_at=datetime.strptime(event["DTSTAMP"][0][1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
    )


def _calendar_part(mail: Message) -> Message:
    parts = [part for part in mail.walk() if not part.is_multipart()]
    shown = [part for part in parts if part.get_content_type() == "text/calendar"]
    attached = [part for part in parts if _is_file(part)]
    if not shown and not attached:
        raise Refused(Reason.NO_CALENDAR)
    return (shown or attached)[0]


def _is_file(part: Message) -> bool:
    return part.get_content_type() == "application/ics" or str(part.get_filename("")).lower().endswith(".ics")


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise Refused(Reason.MALFORMED)
    if len(content) > _LONGEST_CALENDAR:
        raise Refused(Reason.TOO_LARGE)
    return content.decode(part.get_content_charset("utf-8"))


def _properties(text: str) -> tuple[dict[str, list[Property]], dict[str, list[Property]]]:
    """What is said of the calendar, and of its one event."""
    within: dict[tuple[str, ...], dict[str, list[Property]]] = defaultdict(lambda: defaultdict(list))
    place: tuple[str, ...] = ()
    events = 0
    for name, parameters, value in _lines(text):
        if name == "BEGIN":
            place = (*place, value.upper())
            events += place == _OF_EVENT
            if len(place) > _DEEPEST:
                raise Refused(Reason.MALFORMED)
        elif name == "END":
            place = place[:-1]
        else:
            within[place][name].append((parameters, value))
    if events != 1:
        raise Refused(Reason.MALFORMED)
    return within[_OF_CALENDAR], within[_OF_EVENT]


def _lines(text: str) -> Iterator[tuple[str, Parameters, str]]:
    for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call] # the library's
        name = _NAME.match(line)
        if name and name[0].upper() in _READ:
            yield name[0].upper(), *line.parts()[1:]


def _require_reply(part: Message, methods: Sequence[Property]) -> None:
    """The mail's own header may say it, or the calendar; where both do, they agree."""
    said = [str(part.get_param("method", "")), *(value for _, value in methods)]
    if {method.strip().upper() for method in said if method} != {"REPLY"}:
        raise Refused(Reason.NOT_A_REPLY)


def _email(attendee: str) -> str:
    scheme, _, address = attendee.partition(":")
    return unquote(address).strip().lower() if scheme.lower() == "mailto" else ""


def _number(given: Sequence[Property]) -> int:
    """Left out means 0."""
    (_, text) = given[0] if given else ({}, "0")
    if len(given) > 1 or not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise Refused(Reason.MALFORMED)
    return int(text)
