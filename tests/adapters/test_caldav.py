"""Reading calendars from a real CalDAV server: all of them, what changed, and what was deleted."""

import random
from dataclasses import replace

import pytest

from meeting_manager.adapters.calendar.caldav import CalDAV
from meeting_manager.adapters.calendar.caldav.collection import AT_ONCE
from meeting_manager.adapters.calendar.errors import CursorInvalidError, TransientError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading import Reader
from tests.adapters.caldavs import BERLIN, WINDOW, Mirror, at, opened, titles
from tests.calendarserver import (
    HERE,
    PASSWORD,
    USER,
    Answer,
    Asked,
    CalendarServer,
    Collection,
    Door,
    HandOn,
    Spoiling,
    door_to,
    entry,
    whole,
)

pytestmark = pytest.mark.engine

START, END = "20261201T090000Z", "20261201T100000Z"
LATER, LATER_END = "20261203T090000Z", "20261203T100000Z"
SERIES = ("20261201T080000Z", "20261201T083000Z", "RRULE:FREQ=DAILY;COUNT=4")


def _hide_tokens(asked: Asked, hand_on: HandOn) -> Answer:
    """A server that knows nothing of RFC 6578."""
    if b"sync-collection" in asked.body:
        return Answer(403)
    answer = hand_on(asked)
    return replace(answer, body=answer.body.replace(b"sync-token", b"no-token"))


@pytest.fixture(params=[None, _hide_tokens], ids=["with tokens", "without tokens"])
def spoil(request: pytest.FixtureRequest) -> Spoiling | None:
    found: Spoiling | None = request.param
    return found


def _told(door: Door, collection: Collection, mirror: Mirror) -> list[str]:
    """Pull and apply; the ids that are known then."""
    door.asked.clear()
    mirror.apply(opened(collection.through(door)).pull(mirror.cursor))
    return sorted(mirror.events)


def test_the_first_pull_brings_everything_in_the_window(collection: Collection) -> None:
    etag = collection.put("dentist.ics", whole(entry("1", START, END, "LOCATION:Kiel")))
    collection.put("old.ics", whole(entry("2", "20260101T090000Z", "20260101T100000Z")))
    pulled = opened(collection.url).pull("")
    (event,) = pulled.events
    assert pulled.is_complete
    assert (event.id, event.uid, event.title, event.location) == ("dentist.ics", "1", "Dentist", "Kiel")
    assert (event.start, event.end, event.etag) == (at(START), at(END), etag)


def test_a_calendar_is_read_in_a_process_apart_unless_somebody_else_does_it(collection: Collection) -> None:
    collection.put("dentist.ics", whole(entry("1", START, END)))
    calendar = CalDAV(collection.url.rstrip("/"), USER, PASSWORD, WINDOW, BERLIN, allowed=HERE)
    assert titles(calendar.pull("")) == ["Dentist"]


def test_only_changes_are_asked_for_afterwards(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    for number in range(3):
        collection.put(f"{number}.ics", whole(entry(str(number), START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        assert _told(door, collection, mirror) == ["0.ics", "1.ics", "2.ics"]
        cursor = mirror.cursor
        assert _told(door, collection, mirror) == ["0.ics", "1.ics", "2.ics"]
        assert "calendar-multiget" not in door.methods()
        assert mirror.cursor == cursor
        collection.put("1.ics", whole(entry("1", LATER, LATER_END)))
        collection.put("3.ics", whole(entry("3", START, END)))
        collection.delete("2.ics")
        assert _told(door, collection, mirror) == ["0.ics", "1.ics", "3.ics"]
        asked = [each.body for each in door.asked if b"calendar-multiget" in each.body]
        assert [b"0.ics" in body for body in asked] == [False]
    assert mirror.events["1.ics"].start == at(LATER)


def test_an_event_that_leaves_the_window_is_gone(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    collection.put("1.ics", whole(entry("1", START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        assert _told(door, collection, mirror) == ["1.ics"]
        collection.put("1.ics", whole(entry("1", "20280101T090000Z", "20280101T100000Z")))
        assert _told(door, collection, mirror) == []
        collection.put("1.ics", whole(entry("1", START, END)))
        assert _told(door, collection, mirror) == ["1.ics"]


def test_series_come_with_their_exceptions_and_go_as_a_whole(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    moved = entry("s", "20261202T140000Z", "20261202T143000Z", "RECURRENCE-ID:20261202T080000Z", title="Moved")
    collection.put("s.ics", whole(entry("s", *SERIES, "EXDATE:20261203T080000Z"), moved))
    collection.put("t.ics", whole(entry("t", START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        ids = [f"s.ics/202612{day}T080000Z" for day in ("01", "02", "04")]
        assert _told(door, collection, mirror) == [*ids, "t.ics"]
        assert mirror.events[ids[1]].start == at("20261202T140000Z")
        assert {event.etag for event in mirror.events.values() if event.uid == "s"} == {""}
        collection.put("s.ics", whole(entry("s", SERIES[0], SERIES[1], "RRULE:FREQ=DAILY;COUNT=2")))
        assert _told(door, collection, mirror) == [*ids[:2], "t.ics"]
        assert mirror.events[ids[1]].start == at("20261202T080000Z")
        collection.delete("s.ics")
        assert _told(door, collection, mirror) == ["t.ics"]


def test_two_resources_of_one_uid_are_two_events(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    collection.fill({name: whole(entry("same", START, END, title=name)) for name in ("a.ics", "b.ics")})
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        assert _told(door, collection, mirror) == ["a.ics", "b.ics"]
        collection.delete("a.ics")
        assert _told(door, collection, mirror) == ["b.ics"]


def test_names_of_any_kind_are_the_same_at_every_pull(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    names = ["a%40b.ics", "a%20b%25.ics", "%C3%BC%26.ics"]
    for number, name in enumerate(names):
        collection.put(name, whole(entry(str(number), START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        assert _told(door, collection, mirror) == ["%C3%BC&.ics", "a%20b%25.ics", "a@b.ics"]
        for name in names:
            collection.delete(name)
        assert _told(door, collection, mirror) == []


def test_a_bad_event_costs_only_itself(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None
) -> None:
    collection.put("good.ics", whole(entry("1", START, END)))
    collection.put("bad.ics", whole(entry("2", START, END)))
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        assert _told(door, collection, mirror) == ["bad.ics", "good.ics"]
        collection.put("bad.ics", whole(entry("2", START, END, "RRULE:FREQ=SECONDLY;COUNT=2")))
        pulled = opened(collection.through(door)).pull(mirror.cursor)
        mirror.apply(pulled)
    assert sorted(mirror.events) == ["bad.ics", "good.ics"]
    assert pulled.unread == {"bad.ics", "2"}
    assert "every minute or second" in pulled.problems[0]


@pytest.mark.parametrize(
    ("window", "reader"),
    [(Window(WINDOW.start + 86_400, WINDOW.end + 86_400), BERLIN), (WINDOW, Reader("Asia/Tokyo"))],
    ids=["another window", "another reader"],
)
def test_a_cursor_of_another_window_or_reader_reads_everything(
    collection: Collection, window: Window, reader: Reader
) -> None:
    collection.put("1.ics", whole(entry("1", LATER, LATER_END)))
    cursor = opened(collection.url).pull("").cursor
    assert opened(collection.url).pull(cursor).is_complete is False
    pulled = opened(collection.url, window=window, reader=reader).pull(cursor)
    assert (pulled.is_complete, titles(pulled)) == (True, ["Dentist"])


@pytest.mark.parametrize("cursor", ["x", "eJw=", "W10="])
def test_a_cursor_that_is_none_reads_everything(collection: Collection, cursor: str) -> None:
    assert opened(collection.url).pull(cursor).is_complete


def test_a_server_that_lost_its_tokens_says_so(collection: Collection) -> None:
    collection.put("1.ics", whole(entry("1", START, END)))
    calendar = opened(collection.url)
    cursor = calendar.pull("").cursor
    collection.delete("1.ics")
    collection.lose_tokens()
    with pytest.raises(CursorInvalidError):
        calendar.pull(cursor)
    assert calendar.pull("").events == []


def test_a_server_that_silently_begins_anew_is_found_out(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    def forget(asked: Asked, hand_on: HandOn) -> Answer:
        start, _, rest = asked.body.partition(b"<D:sync-token>")
        body = start + b"<D:sync-token>" + rest[rest.index(b"</D:sync-token>") :] if rest else start
        return hand_on(replace(asked, body=body))

    for name in "abc":
        collection.put(f"{name}.ics", whole(entry(name, START, END)))
    with door_to(calendar_server, forget) as door:
        calendar = opened(collection.through(door))
        cursor = calendar.pull("").cursor
        collection.delete("a.ics")
        collection.put("b.ics", whole(entry("b", LATER, LATER_END)))
        with pytest.raises(CursorInvalidError, match="everything anew"):
            calendar.pull(cursor)


def test_pulls_go_on_when_the_server_is_back(calendar_server: CalendarServer, collection: Collection) -> None:
    collection.put("1.ics", whole(entry("1", START, END)))
    calendar = opened(collection.url)
    mirror = Mirror()
    mirror.apply(calendar.pull(""))
    calendar_server.stop()
    try:
        with pytest.raises(TransientError):
            calendar.pull(mirror.cursor)
    finally:
        calendar_server.start()
    collection.put("2.ics", whole(entry("2", START, END)))
    mirror.apply(calendar.pull(mirror.cursor))
    assert sorted(mirror.events) == ["1.ics", "2.ics"]


def test_more_events_than_one_request_asks_for_are_all_read(
    calendar_server: CalendarServer, collection: Collection
) -> None:
    texts = {f"{number}.ics": whole(entry(str(number), START, END, title=f"{number}")) for number in range(AT_ONCE + 1)}
    collection.fill(texts)
    with door_to(calendar_server) as door:
        pulled = opened(collection.through(door)).pull("")
        assert door.methods().count("calendar-multiget") == 2
    assert len(pulled.events) == AT_ONCE + 1


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_edited_changes_add_up_to_what_there_is(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling | None, seed: int
) -> None:
    chance = random.Random(seed)
    mirror = Mirror()
    with door_to(calendar_server, spoil) as door:
        for _ in range(6):
            for _ in range(chance.randrange(4)):
                _edit(collection, chance)
            if chance.random() < 0.15:
                collection.lose_tokens()
            calendar = opened(collection.through(door))
            try:
                mirror.apply(calendar.pull(mirror.cursor))
            except CursorInvalidError:
                mirror.apply(calendar.pull(""))
            assert mirror.events == {event.id: event for event in calendar.pull("").events}


def _edit(collection: Collection, chance: random.Random) -> None:
    """One thing that somebody may do: write, make a series, move out of the window, delete."""
    name = f"{chance.randrange(6)}.ics"
    if chance.random() < 0.3 and name in collection.names():
        collection.delete(name)
        return
    month = chance.choice(["202612", "202612", "202801"])
    start = f"{month}{chance.randrange(1, 28):02d}T{chance.randrange(24):02d}"
    more = chance.choice([(), ("RRULE:FREQ=WEEKLY;COUNT=3",), ("RRULE:FREQ=DAILY;COUNT=5", f"EXDATE:{start}0000Z")])
    collection.put(name, whole(entry(name, f"{start}0000Z", f"{start}3000Z", *more, title=str(chance.random()))))
