"""Outlook's calendars: reading by delta links, and what goes wrong on the way."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    ConflictError,
    CursorInvalidError,
    NotFoundError,
    RateLimitedError,
    TransientError,
)
from meeting_manager.adapters.calendar.outlook import OutlookCalendar
from meeting_manager.adapters.calendar.outlook.reading import Reader, Told
from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent, Window
from meeting_manager.adapters.errors import RefusedError
from tests.adapters.events import T0, WINDOW, mirrored, only
from tests.adapters.outlooks import opened
from tests.providers.graph import Graph, Json, iso
from tests.providers.web import Fault, good_token

HOUR, DAY = 3600, 86_400


def _person(email: str, answer: str) -> dict[str, object]:
    return {"emailAddress": {"address": email, "name": "Ada"}, "status": {"response": answer}}


def test_an_event_is_read_with_what_matters(graph: Graph) -> None:
    people = [_person("Ada@X.example", "tentativelyAccepted")]
    graph.add("abc", T0, T0 + HOUR, subject="Dentist", location={"displayName": "Town"}, attendees=people)
    pulled = opened(graph).pull("")
    event = only(pulled)
    assert pulled.is_complete
    assert (event.id, event.start, event.end, event.is_busy) == ("abc", T0, T0 + HOUR, True)
    assert (event.title, event.location, event.uid) == ("Dentist", "Town", "ical-abc")
    assert event.attendees == ({"email": "ada@x.example", "name": "Ada", "response": "TENTATIVE"},)
    assert event.etag == 'W/"1"'


def test_only_what_changed_is_told_the_next_time(graph: Graph) -> None:
    graph.add("one", T0, T0 + HOUR)
    graph.add("two", T0, T0 + HOUR)
    calendar = opened(graph)
    cursor = calendar.pull("").cursor
    graph.move("one", T0 + HOUR, T0 + 2 * HOUR)
    graph.remove("two")
    pulled = calendar.pull(cursor)
    assert not pulled.is_complete
    assert only(pulled).start == T0 + HOUR
    assert list(pulled.gone) == ["two"]
    assert not calendar.pull(pulled.cursor).events


@pytest.mark.parametrize(
    "fields",
    [
        {"showAs": "free"},
        {"showAs": "workingElsewhere"},
        {"isCancelled": True},
        {"responseStatus": {"response": "declined"}},
        {"attendees": [_person("ME@contoso.example", "declined")]},
    ],
)
def test_what_is_free_cancelled_or_declined_takes_no_time(graph: Graph, fields: dict[str, object]) -> None:
    graph.add("abc", T0, T0 + HOUR, **fields)
    assert not only(opened(graph).pull("")).is_busy


@pytest.mark.parametrize("shown", ["tentative", "busy", "oof", "unknown"])
def test_everything_else_takes_time(graph: Graph, shown: str) -> None:
    graph.add("abc", T0, T0 + HOUR, showAs=shown)
    assert only(opened(graph).pull("")).is_busy


def test_a_private_event_takes_time_and_says_nothing(graph: Graph) -> None:
    graph.add("abc", T0, T0 + HOUR, subject="Secret", sensitivity="private")
    event = only(opened(graph).pull(""))
    assert (event.is_busy, event.title) == (True, "")


def test_whole_days_are_the_owners(graph: Graph) -> None:
    midnight = {"dateTime": "2026-12-01T00:00:00.0000000", "timeZone": "UTC"}
    following = {"dateTime": "2026-12-02T00:00:00.0000000", "timeZone": "UTC"}
    graph.put({"id": "abc", "start": midnight, "end": following, "isAllDay": True})
    event = only(opened(graph).pull(""))
    assert event.is_all_day
    assert event.start == int(datetime(2026, 11, 30, 23, tzinfo=UTC).timestamp())
    assert event.end - event.start == DAY


def test_a_time_in_a_zone_of_windows_is_understood(graph: Graph) -> None:
    start = {"dateTime": "2026-12-01T09:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    end = {"dateTime": "2026-12-01T10:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    graph.put({"id": "abc", "start": start, "end": end})
    assert only(opened(graph).pull("")).start == int(datetime(2026, 12, 1, 8, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("is_master_told", [True, False])
def test_occurrences_say_what_their_series_says(graph: Graph, is_master_told: bool) -> None:
    graph.terse = True
    start = T0 if is_master_told else T0 - 400 * DAY
    graph.add("series", start, start + HOUR, type="seriesMaster", subject="Standup", showAs="free")
    for day in range(2):
        at = T0 + day * DAY
        graph.add(f"occ{day}", at, at + HOUR, type="occurrence", seriesMasterId="series", subject="", showAs="busy")
    pulled = opened(graph).pull("")
    assert {event.id for event in pulled.events} == {"series/occ0", "series/occ1"}
    assert {(event.title, event.is_busy) for event in pulled.events} == {("Standup", False)}
    asked = [call for call in graph.calls if call.path == "me/events/series"]
    assert len(asked) == (0 if is_master_told else 1)


def test_a_series_or_one_of_its_occurrences_goes(graph: Graph) -> None:
    graph.add("series", T0, T0 + HOUR, type="seriesMaster")
    for day in range(3):
        graph.add(f"occ{day}", T0 + day * DAY, T0 + day * DAY + HOUR, type="occurrence", seriesMasterId="series")
    calendar = opened(graph)
    first = calendar.pull("")
    graph.remove("occ1")
    second = calendar.pull(first.cursor)
    known = mirrored(mirrored({}, first), second)
    assert set(known) == {"series/occ0", "series/occ2"}
    graph.remove("series")
    assert mirrored(known, calendar.pull(second.cursor)) == {}


def test_pages_are_read_to_their_end_and_repeats_count_once(graph: Graph) -> None:
    graph.page, graph.doubles = 2, True
    for number in range(5):
        graph.add(f"e{number}", T0 + number * HOUR, T0 + number * HOUR + 1800)
    assert len(opened(graph).pull("").events) == 5


def test_a_page_elsewhere_is_not_asked_for(graph: Graph) -> None:
    graph.links["x"] = (0, "", "")
    calendar = opened(graph)
    cursor = calendar.pull("").cursor.replace(graph.base, "https://evil.example/v1.0")
    with pytest.raises(RefusedError):
        calendar.pull(cursor)


def test_what_moves_out_of_the_window_is_gone_and_comes_back(graph: Graph) -> None:
    graph.add("abc", T0, T0 + HOUR)
    calendar = opened(graph)
    cursor = calendar.pull("").cursor
    graph.move("abc", WINDOW.end + DAY, WINDOW.end + DAY + HOUR)
    pulled = calendar.pull(cursor)
    assert (list(pulled.events), list(pulled.gone)) == ([], ["abc"])
    graph.move("abc", T0, T0 + HOUR)
    assert only(calendar.pull(pulled.cursor)).start == T0


def test_another_window_zone_or_address_reads_everything_anew(graph: Graph) -> None:
    cursor = opened(graph).pull("").cursor
    assert opened(graph, zone="UTC").pull(cursor).is_complete
    assert opened(graph, addresses=("other@contoso.example",)).pull(cursor).is_complete
    assert opened(graph, window=Window(T0 - DAY, T0 + DAY)).pull(cursor).is_complete
    assert opened(graph).pull("garbage").is_complete


def test_a_lost_delta_link_is_said(graph: Graph) -> None:
    cursor = opened(graph).pull("").cursor
    graph.forget_tokens()
    with pytest.raises(CursorInvalidError):
        opened(graph).pull(cursor)


def test_an_event_that_cannot_be_read_costs_only_itself(graph: Graph) -> None:
    graph.add("good", T0, T0 + HOUR)
    graph.add("bad", T0, T0 + HOUR)
    graph.items["bad"]["end"] = {"dateTime": "2026-12-99T00:00:00", "timeZone": "UTC"}
    pulled = opened(graph).pull("")
    assert only(pulled).id == "good"
    assert pulled.unread == {"bad", "ical-bad"}
    assert pulled.problems == ["1 event could not be read and was left out."]


def _occurrence() -> Json:
    edges = {edge: {"dateTime": iso(T0 + add), "timeZone": "UTC"} for edge, add in (("start", 0), ("end", HOUR))}
    return {"id": "occ", "type": "occurrence", "seriesMasterId": "series", "showAs": "busy", **edges}


@pytest.mark.parametrize("is_last_word_removed", [True, False])
def test_the_last_word_on_an_occurrence_counts(is_last_word_removed: bool) -> None:
    said: list[Json] = [_occurrence(), {"id": "occ", "@removed": {"reason": "deleted"}}]
    items = said if is_last_word_removed else said[::-1]
    told = Told(Reader("UTC", frozenset()), WINDOW, items, lambda _: {})
    assert [event.id for event in told.events] == ([] if is_last_word_removed else ["series/occ"])
    assert told.gone == (["occ"] if is_last_word_removed else [])


def test_what_has_no_id_costs_only_itself(graph: Graph) -> None:
    graph.add("good", T0, T0 + HOUR)
    graph.put({**graph.items["good"], "id": ""})
    assert only(opened(graph).pull("")).id == "good"


def test_a_token_that_is_refused_is_renewed_once(graph: Graph) -> None:
    asked: list[bool] = []

    def token(*, renew: bool = False) -> str:
        asked.append(renew)
        return good_token() if renew else "old"

    assert opened(graph, token).pull("").is_complete
    assert asked == [False, True]
    with pytest.raises(AuthRevokedError):
        opened(graph, lambda *, renew=False: "old").pull("")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(429, "TooManyRequests", {"Retry-After": "7"}), RateLimitedError),
        (Fault(503, "serviceNotAvailable", {"Retry-After": "7"}), RateLimitedError),
        (Fault(503, "ErrorServerBusy"), RateLimitedError),
        (Fault(503), TransientError),
        (Fault(504), TransientError),
        (Fault(truncated=True), TransientError),
        (Fault(silent=True), TransientError),
        (Fault(403, "ErrorAccessDenied"), AuthRevokedError),
        (Fault(404, "ErrorItemNotFound"), NotFoundError),
        (Fault(409, "ErrorIrresolvableConflict"), ConflictError),
        (Fault(400, "ErrorInvalidRequest"), RefusedError),
        (Fault(400, "resyncRequired"), CursorInvalidError),
        (Fault(410, "SyncStateNotFound"), CursorInvalidError),
    ],
)
def test_what_goes_wrong_is_told_by_what_is_to_be_done(graph: Graph, fault: Fault, error: type[Exception]) -> None:
    graph.faults = [fault]
    with pytest.raises(error) as raised:
        opened(graph).pull("")
    assert type(raised.value) is error
    assert "secret" not in str(raised.value)
    if isinstance(raised.value, RateLimitedError) and fault.headers:
        assert raised.value.retry_after == timedelta(seconds=7)
    assert opened(graph).pull("").is_complete, "and the next time it works"


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_there_the_mirror_is_equal(graph: Graph, seed: int) -> None:
    chance = random.Random(seed)
    calendar = opened(graph)
    known: dict[str, PulledEvent] = {}
    cursor, graph.page, graph.doubles = "", 3, bool(seed % 2)
    for number in range(60):
        _edit(graph, chance, number)
        if chance.random() < 0.3:
            graph.faults = chance.choice([[], [Fault(503)], [Fault(429)], [Fault(truncated=True)]])
            if chance.random() < 0.1:
                graph.forget_tokens()
            known, cursor = _pulled(calendar, known, cursor)
    graph.faults = []
    for _ in range(2):
        known, cursor = _pulled(calendar, known, cursor)
    assert known == {event.id: event for event in calendar.pull("").events}


def _pulled(
    calendar: OutlookCalendar, known: dict[str, PulledEvent], cursor: str
) -> tuple[dict[str, PulledEvent], str]:
    try:
        pulled: Pulled = calendar.pull(cursor)
    except CursorInvalidError:
        return known, ""
    except TransientError:
        return known, cursor
    return mirrored(known, pulled), pulled.cursor


def _edit(graph: Graph, chance: random.Random, number: int) -> None:
    start = T0 + chance.randrange(-40, 100) * DAY
    alive = sorted(graph.events())
    what = chance.choice(["add", "add", "move", "remove"])
    if what == "add" or not alive:
        graph.add(f"e{number:03}", start, start + HOUR)
    elif what == "move":
        graph.move(chance.choice(alive), start, start + HOUR)
    else:
        graph.remove(chance.choice(alive))
