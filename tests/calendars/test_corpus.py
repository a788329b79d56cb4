"""The corpus of awkward files: beside each `.ics` lies what has to come of it, in UTC, for Sarah in Berlin.

A line of `.expected` is an event: from, to, whether it blocks, title; one with `!` is what its owner is told.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from meeting_manager.adapters.calendar.errors import UnreadableError
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window
from meeting_manager.adapters.calendar.reading import Reader, Reading, read_apart
from meeting_manager.adapters.calendar.reading.whole import read

pytestmark = pytest.mark.engine

CORPUS = Path(__file__).parent / "corpus"
SARAH = Reader("Europe/Berlin", ("sarah@bestsecurity.example",))
WINDOW = Window(
    int(datetime(2026, 10, 19, tzinfo=UTC).timestamp()), int(datetime(2026, 12, 14, tzinfo=UTC).timestamp())
)
FILES = sorted(path.stem for path in CORPUS.glob("*.ics"))


def told(reading: Reading) -> list[str]:
    events = sorted(reading.events, key=lambda event: (event.start, event.title))
    return [*map(line, events), *(f"! {problem}" for problem in sorted(reading.problems))]


def line(event: PulledEvent) -> str:
    edges = [f"{datetime.fromtimestamp(edge, UTC):%Y-%m-%d %H:%M}" for edge in (event.start, event.end)]
    words = [*edges, "busy" if event.is_busy else "free", "all-day" if event.is_all_day else "", event.title]
    return " ".join(filter(None, words)).replace("\n", "\\n")


def text_of(name: str) -> bytes:
    return (CORPUS / f"{name}.ics").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_corpus_makes_the_busy_times_beside_it(name: str) -> None:
    expected = (CORPUS / f"{name}.expected").read_text(encoding="utf-8").splitlines()
    assert told(read(text_of(name), WINDOW, SARAH)) == expected


@pytest.mark.parametrize("name", sorted(set(FILES) - {"never_and_for_ever"}))
def test_every_occurrence_has_an_identity_of_its_own_that_stays(name: str) -> None:
    first, second = (read(text_of(name), WINDOW, SARAH).events for _ in range(2))
    assert len({event.id for event in first}) == len(first)
    assert [event.id for event in first] == [event.id for event in second]


@pytest.mark.parametrize("name", ["exceptions", "bad_events", "windows_zones", "all_day"])
def test_the_process_apart_reads_the_same_with_lines_of_any_kind(name: str) -> None:
    text = text_of(name)
    expected = read(text, WINDOW, SARAH)
    assert read_apart(text.replace(b"\n", b"\r\n"), WINDOW, SARAH) == expected
    assert read_apart(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r"), WINDOW, SARAH) == expected


def test_a_moved_occurrence_keeps_its_identity() -> None:
    moved = text_of("exceptions")
    unmoved = moved.replace(
        b"DTSTART;TZID=Europe/Berlin:20261104T150000", b"DTSTART;TZID=Europe/Berlin:20261104T090000"
    )
    unmoved = unmoved.replace(b"DTEND;TZID=Europe/Berlin:20261104T153000", b"DTEND;TZID=Europe/Berlin:20261104T093000")
    ids = [{event.id for event in read(text, WINDOW, SARAH).events} for text in (moved, unmoved)]
    assert ids[0] == ids[1]
    assert "1/20261104T080000Z" in ids[0]


def test_nothing_of_a_private_event_is_handed_out() -> None:
    first = read(text_of("private"), WINDOW, SARAH).events[0]
    assert "ecret" not in repr(first)


def test_the_uids_of_what_could_not_be_read_are_told() -> None:
    assert set(read(text_of("bad_events"), WINDOW, SARAH).unread) == {"1", "2", "3", "4", "5", "6"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<!DOCTYPE html><title>Sign in</title>",
        b"BEGIN:VCALENDAR\nVERSION:2.0\n",
        b"\xff\xfe\x00",
        text_of("single")[:-20],
        text_of("single").partition(b"UID:3")[0],
    ],
    ids=["nothing", "a page", "a beginning", "bytes", "nearly all", "half"],
)
def test_what_is_no_whole_calendar_is_refused_rather_than_believed(text: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_apart(text, WINDOW, SARAH)


def test_a_calendar_with_too_many_events_is_refused_rather_than_half_read() -> None:
    series = (
        f"BEGIN:VEVENT\nUID:{at}\nDTSTART:20261019T000000Z\nDTEND:20261019T000100Z\n"
        "RRULE:FREQ=HOURLY;BYMINUTE=0,30\nEND:VEVENT\n"
        for at in range(8)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(series)}END:VCALENDAR\n".encode()
    with pytest.raises(UnreadableError, match="more than"):
        read_apart(text, WINDOW, SARAH)


def test_a_file_that_takes_for_ever_is_left_with_its_process() -> None:
    endless = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    events = "".join(f"BEGIN:VEVENT\nUID:{at}\nDTSTART:16010101T000000Z\n{endless}\nEND:VEVENT\n" for at in range(50))
    with pytest.raises(UnreadableError, match="longer than 2 seconds"):
        read_apart(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode(), WINDOW, SARAH, seconds=2)
