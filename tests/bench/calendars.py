"""Reading a calendar of 5,000 events on a real CalDAV server, as a worker does it: ten changes against everything."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from meeting_manager.adapters.calendar.caldav import CalDAV
from meeting_manager.adapters.calendar.google import GoogleCalendar
from meeting_manager.adapters.calendar.protocol import Window, WritableCalendar
from meeting_manager.adapters.calendar.reading import Reader
from meeting_manager.adapters.fetching import Connections, Fetched
from meeting_manager.calendars.access import Access, offer, open_calendar
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import pulling
from tests.bench import seed
from tests.bench.measure import Figure, milliseconds, ratio
from tests.calendarserver import HERE, PASSWORD, USER, CalendarServer, Collection, entry, whole
from tests.providers.google import Google
from tests.providers.web import good_token, serving

EVENTS, CHANGES, TIMES = 5_000, 10, 5
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def run() -> list[Figure]:
    """An incremental pull at most a twentieth of a full one, with rows written. Google's server is ours and counts;
    of CalDAV what we do ourselves counts, as Radicale looks at every file to tell what changed; beside it the whole.
    """
    return [*_by_caldav(), *_by_google()]


def _by_google() -> list[Figure]:
    google = Google()
    with serving(google, "/calendar/v3") as base:
        undo = offer(IntegrationType.GOOGLE, lambda access, window, zone: _google(base, window, zone))
        try:
            for at in range(EVENTS):
                google.add(f"e{at:05}", _start(at), _start(at) + 1800)
            calendar = _connected("me@gmail.example", IntegrationType.GOOGLE)
            everything = min(milliseconds(lambda: _pull_anew(calendar)) for _ in range(2))
            changes = min(_pull_moves(google, calendar, time) for time in range(TIMES))
        finally:
            undo()
    what = f"a calendar of {EVENTS:,} events by Google's API: pulling {CHANGES} changes / pulling all"
    note = f" ({changes:,.0f} ms against {everything:,.0f} ms)"
    return [ratio(what, changes / everything, 0.05, note=note)]


def _google(base: str, window: Window, zone: str) -> WritableCalendar:
    return GoogleCalendar(good_token, base=base, calendar_id="me@gmail.example", window=window, zone=zone, timeout=60)


def _pull_moves(google: Google, calendar: CalendarIntegration, time: int) -> float:
    for at in range(CHANGES):
        google.move(f"e{at:05}", _start(at) + 60 * (time + 1), _start(at) + 60 * (time + 1) + 1800)
    found: list[int | None] = []
    taken = milliseconds(lambda: found.append(_pull(calendar)))
    assert found == [CHANGES]
    return taken


def _start(at: int) -> int:
    return int(datetime(2026, 12, at % 28 + 1, 8 + at % 9, tzinfo=UTC).timestamp())


def _by_caldav() -> list[Figure]:
    with _serving() as collection:
        collection.fill({f"{at}.ics": _event(at) for at in range(EVENTS)})
        calendar = _connected(collection.url, IntegrationType.CALDAV)
        _pull(calendar)  # the server reads its files
        everything = min(_timed(lambda: _pull_anew(calendar)) for _ in range(2))
        changes = min(_pull_changes(collection, calendar, str(time)) for time in range(TIMES))
    what = f"a calendar of {EVENTS:,} events on a CalDAV server: pulling {CHANGES} changes / pulling all"
    whole = f"{(changes.ours + changes.theirs) / (everything.ours + everything.theirs):.2f} × with Radicale's own work"
    note = (
        f" ({changes.ours:,.0f} ms against {everything.ours:,.0f} ms; {whole}, {changes.theirs:,.0f} ms of the ten's)"
    )
    return [ratio(what, changes.ours / everything.ours, 0.05, note=note)]


class _Taken(NamedTuple):
    """Milliseconds of a pull: with us, and with the server and on the way there."""

    ours: float
    theirs: float


def _timed(pull: Callable[[], object]) -> _Taken:
    asked, waited = Connections.request, list[float]()

    def request(*arguments: Any, **named: Any) -> Fetched:  # noqa: ANN401 - handed on as they are
        answers: list[Fetched] = []
        waited.append(milliseconds(lambda: answers.append(asked(*arguments, **named))))
        return answers[0]

    with mock.patch.object(Connections, "request", request):
        taken = milliseconds(pull)
    return _Taken(taken - sum(waited), sum(waited))


@contextmanager
def _serving() -> Iterator[Collection]:
    with tempfile.TemporaryDirectory(prefix="meeting-manager-bench-calendars-") as folder:
        server = CalendarServer(Path(folder))
        server.start()
        undo = offer(IntegrationType.CALDAV, _open)
        try:
            yield server.make("bench")
        finally:
            undo()
            server.stop()


def _open(access: Access, window: Window, zone: str) -> WritableCalendar:
    reader = Reader(zone, access.addresses)
    return CalDAV(access.calendar_id, USER, PASSWORD, window, reader, allowed=HERE, seconds=600)


def _connected(calendar_id: str, kind: IntegrationType) -> CalendarIntegration:
    user = seed.department(f"calendars-{kind.name.lower()}", 1).department.department_leader
    assert user
    return CalendarIntegration.objects.create(
        name=f"MM-CI-bench-{kind.name}",
        user=user,
        integration_type=kind,
        integration_name="Bench",
        calendar_id=calendar_id,
    )


def _pull_anew(calendar: CalendarIntegration) -> None:
    """As when it was just connected."""
    CalendarEventSync.objects.filter(calendar_integration=calendar).delete()
    CalendarIntegration.objects.filter(pk=calendar.pk).update(sync_cursor="")
    assert _pull(calendar) == EVENTS


def _pull(calendar: CalendarIntegration) -> int | None:
    begun = pulling.begin(calendar.pk, NOW)
    assert begun
    pulled = open_calendar(begun.access, begun.window, begun.zone).pull(begun.cursor)
    return pulling.keep(begun, pulled, NOW)


def _pull_changes(collection: Collection, calendar: CalendarIntegration, title: str) -> _Taken:
    for at in range(CHANGES):
        collection.put(f"{at}.ics", _event(at, title))
    found: list[int | None] = []
    taken = _timed(lambda: found.append(_pull(calendar)))
    assert found == [CHANGES]
    return taken


def _event(at: int, title: str = "Meeting") -> str:
    day, hour = f"202612{at % 28 + 1:02d}", 8 + at % 9
    words = ("LOCATION:Room", "DESCRIPTION:What it is about")
    return whole(entry(f"{at}@bench", f"{day}T{hour:02d}0000Z", f"{day}T{hour:02d}3000Z", *words, title=title))
