"""Reading a calendar of 5,000 events on a real CalDAV server: ten changes against everything."""

import tempfile
from pathlib import Path

from meeting_manager.adapters.calendar.caldav import CalDAV
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading import Reader
from tests.bench.measure import Figure, milliseconds, ratio
from tests.calendarserver import HERE, PASSWORD, USER, CalendarServer, Collection, entry, whole

EVENTS, CHANGES, TIMES = 5_000, 10, 3
BERLIN = Reader("Europe/Berlin")
WINDOW = Window(1_796_000_000, 1_804_000_000)
"""From the end of November 2026, for three months."""


def run() -> list[Figure]:
    """An incremental pull at most a twentieth of a full one, the server's own work and the process apart included."""
    with tempfile.TemporaryDirectory(prefix="meeting-manager-bench-calendars-") as folder:
        server = CalendarServer(Path(folder))
        server.start()
        try:
            whole_ms, changes_ms = _measured(server.make("bench"))
        finally:
            server.stop()
    what = f"a calendar of {EVENTS:,} events on a CalDAV server: pulling {CHANGES} changes / pulling all"
    note = f" ({changes_ms:,.0f} ms against {whole_ms:,.0f} ms)"
    return [ratio(what, changes_ms / whole_ms, 0.05, note=note)]


def _measured(collection: Collection) -> tuple[float, float]:
    """The shortest times of both: what the machine does beside makes them only longer."""
    collection.fill({f"{at}.ics": _event(at) for at in range(EVENTS)})
    calendar = CalDAV(collection.url, USER, PASSWORD, WINDOW, BERLIN, allowed=HERE, seconds=600)
    first = calendar.pull("")  # the server reads its files
    assert len(first.events) == EVENTS
    cursors, all_of_it, changes = [first.cursor], [], []
    for time in range(TIMES):
        all_of_it.append(milliseconds(lambda: calendar.pull("")))
        for at in range(CHANGES):
            collection.put(f"{at}.ics", _event(at, f"Changed {time}"))
        changes.append(milliseconds(lambda: cursors.append(_changed(calendar, cursors[-1]))))
    return min(all_of_it), min(changes)


def _changed(calendar: CalDAV, cursor: str) -> str:
    pulled = calendar.pull(cursor)
    assert len(pulled.events) == CHANGES
    return pulled.cursor


def _event(at: int, title: str = "Meeting") -> str:
    day, hour = f"202612{at % 28 + 1:02d}", 8 + at % 9
    words = ("LOCATION:Room", "DESCRIPTION:What it is about")
    return whole(entry(f"{at}@bench", f"{day}T{hour:02d}0000Z", f"{day}T{hour:02d}3000Z", *words, title=title))
