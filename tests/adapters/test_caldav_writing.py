"""Bookings written into calendars of a real CalDAV server, and never over somebody else's change."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    ConflictError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreadableError,
)
from meeting_manager.adapters.calendar.protocol import OutgoingEvent
from meeting_manager.adapters.calendar.writing import made
from tests.adapters.caldavs import BERLIN, REF, UID, WINDOW, at, booking, opened, read_here
from tests.calendarserver import Answer, Asked, CalendarServer, Collection, HandOn, door_to, entry, whole

pytestmark = pytest.mark.engine

NAME = f"{REF}.ics"
ADDED = (
    "CATEGORIES:Important\r\nX-COLOR:red\r\nTRANSP:TRANSPARENT\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT7M\r\nDESCRIPTION:Go\r\nEND:VALARM\r\nEND:VEVENT"
)


def _lines(collection: Collection, name: str = NAME) -> set[str]:
    return set(collection.get(name).split("\r\n"))


def test_a_booking_is_written_with_all_it_says(collection: Collection) -> None:
    written = opened(collection.url).upsert(REF, booking(), "")
    assert (written.id, written.link, written.conference) == (NAME, "", "")
    assert _lines(collection) >= {
        f"UID:{UID}",
        "SEQUENCE:0",
        "DTSTART:20261202T100000Z",
        "DTEND:20261202T103000Z",
        "SUMMARY:Product tour with Erin",
        r"DESCRIPTION:Erin asks:\nHow much?",
        r"LOCATION:Room 1\; upstairs",
        "URL:https://meet.example.com/b/7",
        "STATUS:CONFIRMED",
    }


def test_what_was_written_is_told_by_the_next_pull_under_the_same_id(collection: Collection) -> None:
    calendar = opened(collection.url)
    cursor = calendar.pull("").cursor
    written = calendar.upsert(REF, booking(), "")
    (event,) = calendar.pull(cursor).events
    assert (event.id, event.etag, event.uid) == (written.id, written.etag, UID)
    assert (event.start, event.end, event.title) == (booking().start, booking().end, booking().title)
    assert event.attendees == booking().attendees


def test_no_server_is_to_write_to_anybody_who_is_listed(collection: Collection) -> None:
    opened(collection.url).upsert(REF, booking(), "")
    (event,) = Calendar.from_ical(collection.get(NAME)).walk("VEVENT")
    known: dict[str, Any] = dict(event)
    people = [known["ORGANIZER"], *known["ATTENDEE"]]
    assert [str(each) for each in people] == [
        "mailto:sales@example.com",
        "mailto:sarah@example.com",
        "mailto:erin@example.org",
    ]
    assert {each.params["SCHEDULE-AGENT"] for each in people} == {"CLIENT"}
    assert [each.params["CN"] for each in people] == ["Sales 'North'", "Sarah", "Erin"]
    assert [each.params["PARTSTAT"] for each in people[1:]] == ["ACCEPTED", "NEEDS-ACTION"]


@pytest.mark.parametrize(
    "title",
    ["A\r\nATTENDEE:mailto:x@example.com", r"C:\New; a, b", "Ä" * 300, "tab\tand \x07bell"],
    ids=["lines", "signs", "long", "control"],
)
def test_texts_of_all_kinds_stay_texts(collection: Collection, title: str) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(title=title, attendees=(), organizer=("", "")), "")
    found = calendar.find(REF)
    assert (found.title, found.attendees) == (title.replace("\r", "").replace("\x07", ""), ())


def test_a_tentative_booking_is_confirmed_later(collection: Collection) -> None:
    calendar = opened(collection.url)
    written = calendar.upsert(REF, booking(is_tentative=True), "")
    assert "STATUS:TENTATIVE" in _lines(collection)
    calendar.upsert(written.id, booking(), written.etag)
    assert "STATUS:CONFIRMED" in _lines(collection)


def test_a_change_says_what_is_new_and_keeps_what_the_owner_added(collection: Collection) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(), "")
    etag = collection.put(NAME, collection.get(NAME).replace("END:VEVENT", ADDED, 1))
    moved = booking("20261203T100000Z", "20261203T110000Z", sequence=1, location="", attendees=())
    written = calendar.upsert(NAME, moved, etag)
    lines = _lines(collection)
    assert {"CATEGORIES:Important", "X-COLOR:red", "TRANSP:TRANSPARENT", "TRIGGER:-PT7M"} <= lines
    assert {"DTSTART:20261203T100000Z", "DTEND:20261203T110000Z", "SEQUENCE:1"} <= lines
    assert not any(line.startswith(("LOCATION", "ATTENDEE")) for line in lines)
    assert written.etag not in {"", etag}
    assert sum(line.startswith("DTSTART") for line in collection.get(NAME).split("\r\n")) == 1


def test_a_length_that_the_owner_set_gives_way_to_our_end(collection: Collection) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(), "")
    text = collection.get(NAME).replace("DTEND:20261202T103000Z", "DURATION:PT3H").replace("SEQUENCE:0", "SEQUENCE:4")
    calendar.upsert(REF, booking(sequence=2), collection.put(NAME, text))
    lines = _lines(collection)
    assert {"DTEND:20261202T103000Z", "SEQUENCE:4"} <= lines
    assert "DURATION:PT3H" not in lines


def test_what_was_changed_there_since_is_not_written_over(collection: Collection) -> None:
    calendar = opened(collection.url)
    written = calendar.upsert(REF, booking(), "")
    collection.put(NAME, collection.get(NAME).replace("Product tour", "My tour"))
    with pytest.raises(ConflictError):
        calendar.upsert(written.id, booking(sequence=1), written.etag)
    with pytest.raises(ConflictError):
        calendar.delete(written.id, written.etag)
    assert "SUMMARY:My tour with Erin" in _lines(collection)


def test_a_change_in_the_moment_of_writing_is_not_written_over(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    written = opened(collection.url).upsert(REF, booking(), "")

    def meddle(asked: Asked, hand_on: HandOn) -> Answer:
        if asked.method in {"PUT", "DELETE"}:
            collection.put(NAME, collection.get(NAME).replace("Product tour", "My tour"))
        return hand_on(asked)

    with door_to(calendar_server, meddle) as door:
        calendar = opened(collection.through(door))
        with pytest.raises(ConflictError):
            calendar.upsert(written.id, booking(sequence=1), written.etag)
        etag = calendar.find(REF).etag
        collection.put(NAME, collection.get(NAME).replace("My tour", "Product tour"))
        with pytest.raises(ConflictError):
            calendar.delete(written.id, opened(collection.url).find(REF).etag)
        assert etag
    assert "SUMMARY:My tour with Erin" in _lines(collection)


def test_a_repeat_of_a_create_finds_the_event_that_is_there(collection: Collection) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(), "")
    again = calendar.upsert(REF, booking("20261204T100000Z", "20261204T110000Z"), "")
    assert collection.names() == [NAME]
    assert (again.id, again.etag) == (NAME, calendar.find(REF).etag)
    assert "DTSTART:20261204T100000Z" in _lines(collection)


def test_an_answer_that_got_lost_after_the_write_makes_nothing_twice(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    def lose(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        return replace(answer, is_lost=asked.method == "PUT" and answer.status < 300)

    with door_to(calendar_server, lose) as door, pytest.raises(TransientError):
        opened(collection.through(door)).upsert(REF, booking(), "")
    assert collection.names() == [NAME]
    written = opened(collection.url).upsert(REF, booking(), "")
    assert collection.names() == [NAME]
    assert opened(collection.url).find(written.id).etag == written.etag


@pytest.mark.parametrize("status", [409, 400, 403])
def test_what_the_owner_took_up_from_our_mail_is_adopted(
    calendar_server: CalendarServer, collection: Collection, status: int
) -> None:
    collection.put("mail.ics", whole(entry("other", "20261202T120000Z", "20261202T130000Z")))
    collection.put("taken.ics", whole(entry(UID, "20261202T100000Z", "20261202T103000Z", "CATEGORIES:Work")))
    collection.put("longer.ics", whole(entry(f"x{UID}", "20261202T100000Z", "20261202T103000Z")))

    def refuse(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        return replace(answer, status=status) if answer.status == 409 else answer

    with door_to(calendar_server, refuse) as door:
        written = opened(collection.through(door)).upsert(REF, booking(), "")
    assert written.id == "taken.ics"
    assert {"SUMMARY:Product tour with Erin", "CATEGORIES:Work"} <= _lines(collection, "taken.ics")
    assert collection.names() == ["longer.ics", "mail.ics", "taken.ics"]


def test_an_event_is_found_by_its_id_and_by_the_identity_it_was_made_with(collection: Collection) -> None:
    calendar = opened(collection.url)
    written = calendar.upsert(REF, booking("20401202T100000Z", "20401202T103000Z"), "")
    by_id, by_ref = calendar.find(written.id), calendar.find(REF)
    assert by_id == by_ref
    assert (by_id.id, by_id.etag, by_id.start) == (NAME, written.etag, at("20401202T100000Z"))


def test_what_its_owner_made_a_series_without_an_end_is_found(collection: Collection) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(), "")
    etag = collection.put(NAME, collection.get(NAME).replace("END:VEVENT", "RRULE:FREQ=DAILY\r\nEND:VEVENT"))
    found = calendar.find(REF)
    assert (found.id, found.etag, found.uid) == (NAME, etag, UID)


def test_deleting_takes_the_event_away(collection: Collection) -> None:
    calendar = opened(collection.url)
    written = calendar.upsert(REF, booking(), "")
    calendar.delete(written.id, written.etag)
    assert collection.names() == []
    for act in (lambda: calendar.find(REF), lambda: calendar.delete(REF, ""), lambda: calendar.delete(REF, '"1"')):
        with pytest.raises(NotFoundError):
            act()
    with pytest.raises(NotFoundError):
        calendar.upsert(written.id, booking(), written.etag)


def test_without_an_etag_an_event_is_deleted_whatever_it_is_like(collection: Collection) -> None:
    calendar = opened(collection.url)
    calendar.upsert(REF, booking(), "")
    collection.put(NAME, collection.get(NAME).replace("Product tour", "My tour"))
    calendar.delete(REF, "")
    assert collection.names() == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(403), AuthRevokedError),
        (Answer(404), NotFoundError),
        (Answer(413), UnreadableError),
        (Answer(423), TransientError),
        (Answer(429, headers={"Retry-After": "7"}), RateLimitedError),
        (Answer(500), TransientError),
        (Answer(507), TransientError),
    ],
)
def test_a_write_that_is_refused_says_what_is_to_be_done(
    calendar_server: CalendarServer, collection: Collection, answer: Answer, error: type[Exception]
) -> None:
    def refuse(asked: Asked, hand_on: HandOn) -> Answer:
        return answer if asked.method == "PUT" else hand_on(asked)

    collection.put("other.ics", whole(entry("other", "20261202T120000Z", "20261202T130000Z")))

    with door_to(calendar_server, refuse) as door, pytest.raises(error):
        opened(collection.through(door)).upsert(REF, replace(booking(), uid="never@there"), "")


def test_an_event_that_cannot_be_read_is_written_anew(calendar_server: CalendarServer, collection: Collection) -> None:
    calendar = opened(collection.url)
    written = calendar.upsert(REF, booking(), "")

    def scramble(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        return replace(answer, body=b"no calendar") if asked.method == "GET" and answer.status == 200 else answer

    with door_to(calendar_server, scramble) as door:
        opened(collection.through(door)).upsert(written.id, booking(title="New"), written.etag)
    assert "SUMMARY:New" in _lines(collection)


def test_a_booking_needs_no_more_than_a_time() -> None:
    bare = OutgoingEvent(uid="u", sequence=0, start=at("20261202T100000Z"), end=at("20261202T103000Z"), title="T")
    (event,) = read_here({"n": made(bare, datetime(2026, 12, 1, tzinfo=UTC))}, WINDOW, BERLIN).events
    assert (event.title, event.description, event.location, event.attendees) == ("T", "", "", ())
