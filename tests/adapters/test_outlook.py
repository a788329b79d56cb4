"""Outlook's calendars: reading by delta links, writing once, and what goes wrong on the way."""

import random
from collections.abc import Iterator
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
from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent, Window
from meeting_manager.adapters.errors import RefusedError
from tests.adapters.events import REF, T0, UID, WINDOW, mirrored, only, outgoing
from tests.providers.graph import Graph
from tests.providers.web import Fault, good_token, serving

HOUR, DAY = 3600, 86_400


@pytest.fixture
def server() -> Iterator[Graph]:
    graph = Graph()
    with serving(graph, "/v1.0") as base:
        graph.base = base
        yield graph
    assert not graph.wrong, "everything is as the reference has it"


def opened(server: Graph, **changes: object) -> OutlookCalendar:
    given: dict[str, object] = {
        "base": server.base,
        "calendar_id": "cal-1",
        "window": WINDOW,
        "zone": "Europe/Berlin",
        "addresses": ("me@contoso.example",),
        "timeout": 0.3,
    }
    return OutlookCalendar(good_token, **{**given, **changes})  # type: ignore[arg-type]  # tests change any of them


def _person(email: str, answer: str) -> dict[str, object]:
    return {"emailAddress": {"address": email, "name": "Ada"}, "status": {"response": answer}}


def test_an_event_is_read_with_what_matters(server: Graph) -> None:
    people = [_person("Ada@X.example", "tentativelyAccepted")]
    server.add("abc", T0, T0 + HOUR, subject="Dentist", location={"displayName": "Town"}, attendees=people)
    pulled = opened(server).pull("")
    event = only(pulled)
    assert pulled.is_complete
    assert (event.id, event.start, event.end, event.is_busy) == ("abc", T0, T0 + HOUR, True)
    assert (event.title, event.location, event.uid) == ("Dentist", "Town", "ical-abc")
    assert event.attendees == ({"email": "ada@x.example", "name": "Ada", "response": "TENTATIVE"},)
    assert event.etag == 'W/"1"'


def test_only_what_changed_is_told_the_next_time(server: Graph) -> None:
    server.add("one", T0, T0 + HOUR)
    server.add("two", T0, T0 + HOUR)
    calendar = opened(server)
    cursor = calendar.pull("").cursor
    server.move("one", T0 + HOUR, T0 + 2 * HOUR)
    server.remove("two")
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
def test_what_is_free_cancelled_or_declined_takes_no_time(server: Graph, fields: dict[str, object]) -> None:
    server.add("abc", T0, T0 + HOUR, **fields)
    assert not only(opened(server).pull("")).is_busy


@pytest.mark.parametrize("shown", ["tentative", "busy", "oof", "unknown"])
def test_everything_else_takes_time(server: Graph, shown: str) -> None:
    server.add("abc", T0, T0 + HOUR, showAs=shown)
    assert only(opened(server).pull("")).is_busy


def test_a_private_event_takes_time_and_says_nothing(server: Graph) -> None:
    server.add("abc", T0, T0 + HOUR, subject="Secret", sensitivity="private")
    event = only(opened(server).pull(""))
    assert (event.is_busy, event.title) == (True, "")


def test_whole_days_are_the_owners(server: Graph) -> None:
    midnight = {"dateTime": "2026-12-01T00:00:00.0000000", "timeZone": "UTC"}
    following = {"dateTime": "2026-12-02T00:00:00.0000000", "timeZone": "UTC"}
    server.put({"id": "abc", "start": midnight, "end": following, "isAllDay": True})
    event = only(opened(server).pull(""))
    assert event.is_all_day
    assert event.start == int(datetime(2026, 11, 30, 23, tzinfo=UTC).timestamp())
    assert event.end - event.start == DAY


def test_a_time_in_a_zone_of_windows_is_understood(server: Graph) -> None:
    start = {"dateTime": "2026-12-01T09:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    end = {"dateTime": "2026-12-01T10:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    server.put({"id": "abc", "start": start, "end": end})
    assert only(opened(server).pull("")).start == int(datetime(2026, 12, 1, 8, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("is_master_told", [True, False])
def test_occurrences_say_what_their_series_says(server: Graph, is_master_told: bool) -> None:
    server.terse = True
    start = T0 if is_master_told else T0 - 400 * DAY
    server.add("series", start, start + HOUR, type="seriesMaster", subject="Standup", showAs="free")
    for day in range(2):
        at = T0 + day * DAY
        server.add(f"occ{day}", at, at + HOUR, type="occurrence", seriesMasterId="series", subject="", showAs="busy")
    pulled = opened(server).pull("")
    assert {event.id for event in pulled.events} == {"series/occ0", "series/occ1"}
    assert {(event.title, event.is_busy) for event in pulled.events} == {("Standup", False)}
    asked = [call for call in server.calls if call.path == "me/events/series"]
    assert len(asked) == (0 if is_master_told else 1)


def test_a_series_or_one_of_its_occurrences_goes(server: Graph) -> None:
    server.add("series", T0, T0 + HOUR, type="seriesMaster")
    for day in range(3):
        server.add(f"occ{day}", T0 + day * DAY, T0 + day * DAY + HOUR, type="occurrence", seriesMasterId="series")
    calendar = opened(server)
    first = calendar.pull("")
    server.remove("occ1")
    second = calendar.pull(first.cursor)
    known = mirrored(mirrored({}, first), second)
    assert set(known) == {"series/occ0", "series/occ2"}
    server.remove("series")
    assert mirrored(known, calendar.pull(second.cursor)) == {}


def test_pages_are_read_to_their_end_and_repeats_count_once(server: Graph) -> None:
    server.page, server.doubles = 2, True
    for number in range(5):
        server.add(f"e{number}", T0 + number * HOUR, T0 + number * HOUR + 1800)
    assert len(opened(server).pull("").events) == 5


def test_a_page_elsewhere_is_not_asked_for(server: Graph) -> None:
    server.links["x"] = (0, "", "")
    calendar = opened(server)
    cursor = calendar.pull("").cursor.replace(server.base, "https://evil.example/v1.0")
    with pytest.raises(RefusedError):
        calendar.pull(cursor)


def test_what_moves_out_of_the_window_is_gone_and_comes_back(server: Graph) -> None:
    server.add("abc", T0, T0 + HOUR)
    calendar = opened(server)
    cursor = calendar.pull("").cursor
    server.move("abc", WINDOW.end + DAY, WINDOW.end + DAY + HOUR)
    pulled = calendar.pull(cursor)
    assert (list(pulled.events), list(pulled.gone)) == ([], ["abc"])
    server.move("abc", T0, T0 + HOUR)
    assert only(calendar.pull(pulled.cursor)).start == T0


def test_another_window_or_zone_reads_everything_anew(server: Graph) -> None:
    cursor = opened(server).pull("").cursor
    assert opened(server, zone="UTC").pull(cursor).is_complete
    assert opened(server, window=Window(T0 - DAY, T0 + DAY)).pull(cursor).is_complete
    assert opened(server).pull("garbage").is_complete


def test_a_lost_delta_link_is_said(server: Graph) -> None:
    cursor = opened(server).pull("").cursor
    server.forget_tokens()
    with pytest.raises(CursorInvalidError):
        opened(server).pull(cursor)


def test_an_event_that_cannot_be_read_costs_only_itself(server: Graph) -> None:
    server.add("good", T0, T0 + HOUR)
    server.add("bad", T0, T0 + HOUR)
    server.items["bad"]["end"] = {"dateTime": "2026-12-99T00:00:00", "timeZone": "UTC"}
    pulled = opened(server).pull("")
    assert only(pulled).id == "good"
    assert pulled.unread == {"bad", "ical-bad"}
    assert pulled.problems == ["1 event could not be read and was left out."]


def test_an_event_is_written_and_read_back_as_ours(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    assert made.link == f"https://outlook.example/{made.id}"
    event = only(calendar.pull(""))
    assert (event.id, event.uid, event.start, event.end) == (made.id, UID, T0, T0 + 1800)
    assert event.etag == made.etag
    assert calendar.find(made.id) == event
    assert calendar.find(REF) == event, "also by the identity it was made with"


def test_nobody_is_invited_by_outlook(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag)
    assert all("attendees" not in (call.body or {}) for call in server.calls)


def test_what_its_owner_added_stays(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.put({**server.items[made.id], "categories": ["Blue"]})
    calendar.upsert(made.id, outgoing(T0 + HOUR, title="New"), calendar.find(made.id).etag)
    assert (server.items[made.id]["categories"], server.items[made.id]["subject"]) == (["Blue"], "New")


def test_a_change_there_is_not_overwritten_unseen(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.move(made.id, T0 + HOUR, T0 + 2 * HOUR)
    with pytest.raises(ConflictError):
        calendar.upsert(made.id, outgoing(T0 + DAY), made.etag)
    with pytest.raises(ConflictError):
        calendar.delete(made.id, made.etag)
    assert calendar.find(made.id).start == T0 + HOUR
    calendar.delete(made.id, "")
    assert not server.events()


def test_what_was_deleted_is_not_there(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.remove(made.id)
    for call in (lambda: calendar.delete(made.id, ""), lambda: calendar.find(made.id), lambda: calendar.find(REF)):
        with pytest.raises(NotFoundError):
            call()
    with pytest.raises(NotFoundError):
        calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag)


@pytest.mark.parametrize("gives_existing", [False, True])
@pytest.mark.parametrize(
    "fault", [Fault(500, after=True), Fault(silent=True, after=True), Fault(truncated=True, after=True)]
)
def test_a_repeat_after_a_lost_answer_makes_no_second_event(server: Graph, fault: Fault, gives_existing: bool) -> None:
    server.gives_existing = gives_existing
    calendar = opened(server)
    server.faults = [fault]
    with pytest.raises(TransientError):
        calendar.upsert(REF, outgoing(), "")
    made = calendar.upsert(REF, outgoing(title="Later"), "")
    assert len(server.events()) == 1
    assert server.items[made.id]["subject"] == "Later"
    assert calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag).id == made.id


def test_a_teams_call_is_made_with_the_event_and_kept(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(wants_conference=True), "")
    assert made.conference == f"https://teams.example/{made.id}"
    changed = outgoing(T0 + HOUR, wants_conference=True, description="Reference: BK-2")
    again = calendar.upsert(made.id, changed, made.etag)
    assert again.conference == made.conference
    text = server.items[made.id]["body"]["content"]
    assert "BK-2" in text
    assert "BK-1" not in text
    assert text.count("Join the meeting now") == 1


def test_a_call_whose_text_its_owner_changed_is_left_alone(server: Graph) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(wants_conference=True), "")
    body = {"contentType": "html", "content": f"Mine: {made.conference}"}
    server.put({**server.items[made.id], "body": body})
    again = calendar.upsert(made.id, outgoing(T0 + HOUR, wants_conference=True), calendar.find(made.id).etag)
    assert again.conference == made.conference
    assert server.items[made.id]["body"] == body


def test_text_is_text(server: Graph) -> None:
    made = opened(server).upsert(REF, outgoing(description="<b>1 < 2</b>\nNext"), "")
    assert server.items[made.id]["body"]["content"] == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;<br>Next</p>"


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
def test_what_goes_wrong_is_told_by_what_is_to_be_done(server: Graph, fault: Fault, error: type[Exception]) -> None:
    server.faults = [fault]
    with pytest.raises(error) as raised:
        opened(server).pull("")
    assert type(raised.value) is error
    assert "secret" not in str(raised.value)
    if isinstance(raised.value, RateLimitedError) and fault.headers:
        assert raised.value.retry_after == timedelta(seconds=7)
    assert opened(server).pull("").is_complete, "and the next time it works"


def test_an_account_has_calendars(server: Graph) -> None:
    account = opened(server)
    assert account.address() == "me@contoso.example"
    mine, birthdays = account.calendars()
    assert (mine.id, mine.is_writable, mine.is_primary) == ("cal-1", True, True)
    assert (birthdays.name, birthdays.is_writable) == ("Birthdays", False)


def test_changes_are_told_to_an_address_until_that_is_ended(server: Graph) -> None:
    calendar = opened(server)
    told = calendar.subscribe("https://meet.example/hooks", "c0ffee", "s3cret")
    lasts = told.until - datetime.now(UTC).timestamp()
    assert 2.5 * DAY < lasts < 4_230 * 60
    kept = server.subscriptions["sub-1"]
    assert (kept["clientState"], kept["resource"]) == ("s3cret", "me/calendars/cal-1/events")
    assert calendar.renew(told).id == told.id
    calendar.unsubscribe(told)
    calendar.unsubscribe(told)
    with pytest.raises(NotFoundError):
        calendar.renew(told)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_there_the_mirror_is_equal(server: Graph, seed: int) -> None:
    chance = random.Random(seed)
    calendar = opened(server)
    known: dict[str, PulledEvent] = {}
    cursor, server.page, server.doubles = "", 3, bool(seed % 2)
    for number in range(60):
        _edit(server, chance, number)
        if chance.random() < 0.3:
            server.faults = chance.choice([[], [Fault(503)], [Fault(429)], [Fault(truncated=True)]])
            if chance.random() < 0.1:
                server.forget_tokens()
            known, cursor = _pulled(calendar, known, cursor)
    server.faults = []
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


def _edit(server: Graph, chance: random.Random, number: int) -> None:
    start = T0 + chance.randrange(-40, 100) * DAY
    alive = sorted(server.events())
    what = chance.choice(["add", "add", "move", "remove"])
    if what == "add" or not alive:
        server.add(f"e{number:03}", start, start + HOUR)
    elif what == "move":
        server.move(chance.choice(alive), start, start + HOUR)
    else:
        server.remove(chance.choice(alive))
