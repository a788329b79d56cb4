"""What CalDAV servers do wrong, and what comes of it: the right error, or everything all the same."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    CursorInvalidError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreadableError,
)
from tests.adapters.caldavs import Mirror, opened, titles
from tests.calendarserver import Answer, Asked, CalendarServer, Collection, HandOn, Spoiling, door_to, entry, whole

pytestmark = pytest.mark.engine

START, END = "20261201T090000Z", "20261201T100000Z"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b']><multistatus xmlns="DAV:"><sync-token>&j;</sync-token></multistatus>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<multistatus xmlns="DAV:"><sync-token>&a;</sync-token></multistatus>'
)


def _always(answer: Answer) -> Spoiling:
    return lambda _asked, _hand_on: answer


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401), AuthRevokedError),
        (Answer(403), AuthRevokedError),
        (Answer(404), NotFoundError),
        (Answer(410), NotFoundError),
        (Answer(429), RateLimitedError),
        (Answer(500), TransientError),
        (Answer(503), TransientError),
        (Answer(405), UnreadableError),
        (Answer(200, b"<html>Welcome</html>"), UnreadableError),
        (Answer(207, b"<html>Welcome</html>"), UnreadableError),
        (Answer(207, b"no XML"), TransientError),
        (Answer(207, b""), TransientError),
        (Answer(207, BOMB), UnreadableError),
        (Answer(207, OUTSIDE), UnreadableError),
        (Answer(is_lost=True), TransientError),
    ],
)
def test_answers_say_what_is_to_be_done(answer: Answer, error: type[Exception]) -> None:
    with door_to(None, _always(answer)) as door, pytest.raises(error) as raised:
        opened(f"{door.url}/secret-path/").pull("")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_may_say_how_long_to_wait(status: int) -> None:
    busy = Answer(status, headers={"Retry-After": "120"})
    with door_to(None, _always(busy)) as door, pytest.raises(RateLimitedError) as raised:
        opened(f"{door.url}/cal/").pull("")
    assert raised.value.retry_after == timedelta(minutes=2)


@pytest.mark.parametrize("report", [b"sync-token", b"calendar-query", b"calendar-multiget"])
def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(
    calendar_server: CalendarServer, collection: Collection, report: bytes
) -> None:
    collection.put("1.ics", whole(entry("1", START, END)))

    def cut(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        return replace(answer, body=answer.body[:-20]) if report in asked.body else answer

    with door_to(calendar_server, cut) as door, pytest.raises(TransientError):
        opened(collection.through(door)).pull("")


def test_changes_that_are_told_in_parts_are_asked_for_to_the_end(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    """RFC 6578, 3.6: the server tells one change at a time, says so, and gives a token to go on with."""

    def part(asked: Asked, hand_on: HandOn) -> Answer:
        found = re.search(rb"<D:sync-token>([^<]*)#(\d+)</D:sync-token>", asked.body)
        token, skipped = (found.group(1), int(found.group(2))) if found else (None, 0)
        if b"sync-collection" not in asked.body:
            return hand_on(asked)
        body = re.sub(rb"#\d+</D:sync-token>", b"</D:sync-token>", asked.body)
        answer = hand_on(replace(asked, body=body))
        responses = re.findall(rb"<response>.*?</response>", answer.body)
        if len(responses) <= skipped + 1:
            return replace(answer, body=_kept(answer.body, responses[skipped:]))
        base = token or re.findall(rb"<D:sync-token>([^<]*)</D:sync-token>", asked.body)[0]
        cut = b"<response><href>%s</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
        some = [responses[skipped], cut % collection.path.encode()]
        onward = b"<sync-token>%s#%d</sync-token>" % (base, skipped + 1)
        return replace(answer, body=re.sub(rb"<sync-token>.*</sync-token>", onward, _kept(answer.body, some)))

    mirror = Mirror()
    collection.put("0.ics", whole(entry("0", START, END)))
    with door_to(calendar_server, part) as door:
        calendar = opened(collection.through(door))
        mirror.apply(calendar.pull(""))
        for name in "123":
            collection.put(f"{name}.ics", whole(entry(name, START, END)))
        collection.delete("0.ics")
        mirror.apply(calendar.pull(mirror.cursor))
        assert door.methods().count("sync-collection") == 1 + 4  # the first was asked who we are
        assert sorted(mirror.events) == ["1.ics", "2.ics", "3.ics"]
        mirror.apply(calendar.pull(mirror.cursor))
        assert sorted(mirror.events) == ["1.ics", "2.ics", "3.ics"]


def _kept(body: bytes, responses: list[bytes]) -> bytes:
    """A multistatus with these responses only."""
    return re.sub(rb"<response>.*</response>", lambda _: b"".join(responses), body)


def test_parts_without_an_end_are_given_up(calendar_server: CalendarServer, collection: Collection) -> None:
    def endless(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        cut = f"<response><href>{collection.path}</href><status>HTTP/1.1 507 x</status></response></multistatus>"
        return answer.saying("</multistatus>", cut) if b"sync-collection" in asked.body else answer

    with door_to(calendar_server, endless) as door:
        calendar = opened(collection.through(door))
        cursor = calendar.pull("").cursor
        with pytest.raises(CursorInvalidError):
            calendar.pull(cursor)


@pytest.mark.parametrize("status", [400, 403, 405, 409, 410, 412, 501])
def test_a_token_that_is_refused_in_whatever_way_means_reading_everything(
    calendar_server: CalendarServer, collection: Collection, status: int
) -> None:
    def refuse(asked: Asked, hand_on: HandOn) -> Answer:
        return Answer(status) if b"sync-collection" in asked.body else hand_on(asked)

    with door_to(calendar_server, refuse) as door:
        calendar = opened(collection.through(door))
        cursor = calendar.pull("").cursor
        with pytest.raises(CursorInvalidError):
            calendar.pull(cursor)


def test_a_query_that_tells_only_a_part_is_refused(calendar_server: CalendarServer, collection: Collection) -> None:
    def cut(asked: Asked, hand_on: HandOn) -> Answer:
        more = f"<response><href>{collection.path}</href><status>HTTP/1.1 507 x</status></response></multistatus>"
        answer = hand_on(asked)
        return answer.saying("</multistatus>", more) if b"calendar-query" in asked.body else answer

    collection.put("1.ics", whole(entry("1", START, END)))
    with door_to(calendar_server, cut) as door, pytest.raises(UnreadableError):
        opened(collection.through(door)).pull("")


def test_a_server_that_tells_tokens_but_no_changes_is_compared_with(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    def spoil(asked: Asked, hand_on: HandOn) -> Answer:
        return hand_on(asked).saying("<sync-collection />", "<expand-property />")

    collection.put("1.ics", whole(entry("1", START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        calendar = opened(collection.through(door))
        mirror.apply(calendar.pull(""))
        collection.delete("1.ics")
        pulled = calendar.pull(mirror.cursor)
        assert "sync-collection" not in door.methods()
    assert (pulled.is_complete, pulled.retold) == (False, ("1.ics",))


def _left_out(name: str, status: int) -> Spoiling:
    """A server whose reports leave a resource out, and that answers with `status` when it is asked for it alone."""

    def spoil(asked: Asked, hand_on: HandOn) -> Answer:
        if asked.method == "GET" and asked.path.endswith(name):
            return hand_on(asked) if status == 200 else Answer(status)
        answer = hand_on(asked)
        if b"calendar-multiget" not in asked.body:
            return answer
        responses = re.findall(rb"<response>.*?</response>", answer.body, re.DOTALL)
        body = re.sub(
            rb"<response>.*</response>", lambda _: b"".join(_without(responses, name)), answer.body, flags=re.DOTALL
        )
        return replace(answer, body=body)

    return spoil


def _without(responses: list[bytes], name: str) -> list[bytes]:
    return [each for each in responses if name.encode() not in each]


@pytest.mark.parametrize(
    ("status", "unread", "found"),
    [(200, set(), ["a", "b"]), (404, set(), ["a"]), (403, {"b.ics"}, ["a"])],
    ids=["is asked for alone", "was deleted meanwhile", "is there but cannot be had"],
)
def test_what_a_report_leaves_out(
    calendar_server: CalendarServer, collection: Collection, status: int, unread: set[str], found: list[str]
) -> None:
    for name in "ab":
        collection.put(f"{name}.ics", whole(entry(name, START, END, title=name)))
    with door_to(calendar_server, _left_out("b.ics", status)) as door:
        pulled = opened(collection.through(door)).pull("")
    assert (titles(pulled), set(pulled.unread)) == (found, unread)
    assert bool(pulled.problems) is bool(unread)


def test_a_server_without_any_etags_is_read_again_every_time(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    def spoil(asked: Asked, hand_on: HandOn) -> Answer:
        return hand_on(asked).saying("getetag>", "no-etag>").saying("sync-token>", "no-token>")

    collection.put("1.ics", whole(entry("1", START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        calendar = opened(collection.through(door))
        mirror.apply(calendar.pull(""))
        collection.put("1.ics", whole(entry("1", START, END, title="Other")))
        mirror.apply(calendar.pull(mirror.cursor))
        assert [event.title for event in mirror.events.values()] == ["Other"]
        collection.delete("1.ics")
        mirror.apply(calendar.pull(mirror.cursor))
    assert mirror.events == {}


def test_resources_in_other_folders_are_none_of_the_calendar(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    collection.put("1.ics", whole(entry("1", START, END)))

    def spoil(asked: Asked, hand_on: HandOn) -> Answer:
        answer = hand_on(asked)
        if b"calendar-query" not in asked.body:
            return answer
        folder = f"<response><href>{collection.path}sub/</href><status>HTTP/1.1 200 OK</status></response>"
        return answer.saying("</multistatus>", f"{folder}</multistatus>")

    with door_to(calendar_server, spoil) as door:
        assert [event.id for event in opened(collection.through(door)).pull("").events] == ["1.ics"]
