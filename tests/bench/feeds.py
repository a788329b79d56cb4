"""Reading a feed, as a worker does it, against the two libraries alone: `icalendar` and `recurring-ical-events`."""

from datetime import UTC, datetime

import icalendar
import recurring_ical_events

from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading import Reader, read_apart
from meeting_manager.adapters.calendar.reading.whole import read
from tests.bench.measure import Figure, alternating_ms, ratio

EVENTS, SERIES, DAYS = 1_000, 200, 90
FROM = datetime(2026, 11, 30, tzinfo=UTC)
UNTIL = datetime(2027, 2, 28, tzinfo=UTC)
BERLIN = Reader("Europe/Berlin")


def run() -> list[Figure]:
    """The feed of the plan: parse and expand at most 1.2 times the libraries, also with a process of its own."""
    text = feed()
    window = Window(int(FROM.timestamp()), int(UNTIL.timestamp()))
    found = len(read(text, window, BERLIN).events)
    assert found == len(_libraries(text))
    ours, apart, theirs = alternating_ms(
        lambda: read(text, window, BERLIN),
        lambda: read_apart(text, window, BERLIN),
        lambda: _libraries(text),
        times=5,
    )
    what = f"a feed of {EVENTS:,} events, {SERIES} of them series, {DAYS} days: parse + expand / the libraries alone"
    note = f" ({ours:.0f} ms against {theirs:.0f} ms, {found:,} occurrences; {apart:.0f} ms in a process of its own)"
    return [ratio(what, ours / theirs, 1.2, note=note)]


def feed() -> bytes:
    """Meetings of an hour in Berlin: single ones, and weekly series that have gone on for a while."""
    single = "".join(_event(at, "202612", "") for at in range(EVENTS - SERIES))
    series = "".join(_event(EVENTS + at, "202609", "RRULE:FREQ=WEEKLY\r\n") for at in range(SERIES))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bench//EN\r\n{single}{series}END:VCALENDAR\r\n".encode()


def _event(at: int, month: str, rule: str) -> str:
    day, hour = f"{month}{at % 28 + 1:02d}", 8 + at % 9
    zone = "TZID=Europe/Berlin"
    times = f"DTSTART;{zone}:{day}T{hour:02d}0000\r\nDTEND;{zone}:{day}T{hour + 1:02d}0000\r\n{rule}"
    words = f"SUMMARY:Meeting {at}\r\nLOCATION:Room {at}\r\nDESCRIPTION:What it is about\r\n"
    return f"BEGIN:VEVENT\r\nUID:{at}@bench\r\nDTSTAMP:20261101T000000Z\r\n{times}{words}END:VEVENT\r\n"


def _libraries(text: bytes) -> list[object]:
    calendar = icalendar.Calendar.from_ical(text)
    return list(recurring_ical_events.of(calendar).between(FROM, UNTIL))
