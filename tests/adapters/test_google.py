"""Google Calendar: reading by sync tokens, writing under our own ids, and what goes wrong on the way."""

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
    UnreadableError,
)
from meeting_manager.adapters.calendar.google import GoogleCalendar
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window
from meeting_manager.adapters.errors import RefusedError
from tests.adapters.events import REF, T0, UID, WINDOW, mirrored, only, outgoing
from tests.providers.google import Google
from tests.providers.web import Fault, good_token, serving

HOUR, DAY = 3600, 86_400


@pytest.fixture
def server() -> Iterator[Google]:
    google = Google()
    with serving(google, "/calendar/v3") as base:
        google.base = base  # type: ignore[attr-defined]  # for `opened`
        yield google
    assert not google.wrong, "everything is as Google publishes it"


def opened(server: Google, **changes: object) -> GoogleCalendar:
    given: dict[str, object] = {
        "base": server.base,  # type: ignore[attr-defined]
        "calendar_id": "me@gmail.example",
        "window": WINDOW,
        "zone": "Europe/Berlin",
        "addresses": ("me@gmail.example",),
        "timeout": 0.3,
    }
    return GoogleCalendar(good_token, **{**given, **changes})  # type: ignore[arg-type]


def test_an_event_is_read_with_what_matters(server: Google) -> None:
    people = [{"email": "Ada@X.example", "displayName": "Ada", "responseStatus": "tentative"}]
    server.add("abc", T0, T0 + HOUR, summary="Dentist", location="Town", attendees=people)
    pulled = opened(server).pull("")
    event = only(pulled)
    assert pulled.is_complete
    assert (event.id, event.start, event.end, event.is_busy) == ("abc", T0, T0 + HOUR, True)
    assert (event.title, event.location, event.uid) == ("Dentist", "Town", "abc@google.com")
    assert event.attendees == ({"email": "ada@x.example", "name": "Ada", "response": "TENTATIVE"},)
    assert event.etag == '"1"'


def test_only_what_changed_is_told_the_next_time(server: Google) -> None:
    server.add("one", T0, T0 + HOUR)
    server.add("two", T0, T0 + HOUR)
    calendar = opened(server)
    cursor = calendar.pull("").cursor
    server.move("one", T0 + HOUR, T0 + 2 * HOUR)
    server.remove("two")
    pulled = calendar.pull(cursor)
    assert not pulled.is_complete
    assert only(pulled).start == T0 + HOUR
    assert list(pulled.retold) == ["two"]
    assert not calendar.pull(pulled.cursor).events


@pytest.mark.parametrize(
    "fields",
    [
        {"transparency": "transparent"},
        {"eventType": "workingLocation"},
        {"attendees": [{"email": "me@gmail.example", "self": True, "responseStatus": "declined"}]},
        {"attendees": [{"email": "ME@gmail.example", "responseStatus": "declined"}]},
    ],
)
def test_what_is_shown_as_free_or_declined_takes_no_time(server: Google, fields: dict[str, object]) -> None:
    server.add("abc", T0, T0 + HOUR, **fields)
    assert not only(opened(server).pull("")).is_busy


@pytest.mark.parametrize("fields", [{"status": "tentative"}, {"eventType": "outOfOffice"}, {"eventType": "focusTime"}])
def test_tentative_and_focus_time_take_time(server: Google, fields: dict[str, object]) -> None:
    server.add("abc", T0, T0 + HOUR, **fields)
    assert only(opened(server).pull("")).is_busy


def test_a_private_event_takes_time_and_says_nothing(server: Google) -> None:
    server.add("abc", T0, T0 + HOUR, summary="Secret", visibility="private", location="Somewhere")
    event = only(opened(server).pull(""))
    assert (event.is_busy, event.title, event.location) == (True, "", "")


def test_whole_days_are_the_owners(server: Google) -> None:
    server.put({"id": "abc", "start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}})
    event = only(opened(server).pull(""))
    assert event.is_all_day
    assert event.start == int(datetime(2026, 11, 30, 23, tzinfo=UTC).timestamp())
    assert event.end - event.start == DAY


def test_a_series_goes_as_a_whole(server: Google) -> None:
    for day in range(3):
        server.add(f"series_2026113{day}", T0 + day * DAY, T0 + day * DAY + HOUR, recurringEventId="series")
    server.add("single", T0, T0 + HOUR)
    calendar = opened(server)
    first = calendar.pull("")
    server.add("series", T0, T0 + HOUR, status="cancelled")
    pulled = calendar.pull(first.cursor)
    assert set(mirrored(mirrored({}, first), pulled)) == {"single"}


def test_pages_are_read_to_their_end_and_repeats_count_once(server: Google) -> None:
    server.page, server.doubles = 2, True
    for number in range(5):
        server.add(f"e{number}", T0 + number * HOUR, T0 + number * HOUR + 1800)
    assert len(opened(server).pull("").events) == 5


def test_what_moves_out_of_the_window_is_gone_and_comes_back(server: Google) -> None:
    server.add("abc", T0, T0 + HOUR)
    calendar = opened(server)
    cursor = calendar.pull("").cursor
    server.move("abc", WINDOW.end + DAY, WINDOW.end + DAY + HOUR)
    pulled = calendar.pull(cursor)
    assert (list(pulled.events), list(pulled.retold)) == ([], ["abc"])
    server.move("abc", T0, T0 + HOUR)
    assert only(calendar.pull(pulled.cursor)).start == T0


def test_another_window_or_zone_reads_everything_anew(server: Google) -> None:
    server.add("abc", T0, T0 + HOUR)
    cursor = opened(server).pull("").cursor
    assert opened(server, zone="UTC").pull(cursor).is_complete
    assert opened(server, window=Window(T0 - DAY, T0 + DAY)).pull(cursor).is_complete
    assert opened(server).pull("garbage").is_complete


def test_a_lost_sync_token_is_said(server: Google) -> None:
    cursor = opened(server).pull("").cursor
    server.forget_tokens()
    with pytest.raises(CursorInvalidError):
        opened(server).pull(cursor)


def test_an_event_that_cannot_be_read_costs_only_itself(server: Google) -> None:
    calendar = opened(server)
    cursor = calendar.pull("").cursor
    server.add("good", T0, T0 + HOUR)
    server.put({"id": "bad", "start": {"dateTime": "today"}, "end": {"dateTime": "tomorrow"}, "iCalUID": "bad-uid"})
    pulled = calendar.pull(cursor)
    assert only(pulled).id == "good"
    assert pulled.unread == {"bad", "bad-uid"}
    assert pulled.problems == ["1 event could not be read and was left out."]


def test_an_event_is_written_and_read_back_as_ours(server: Google) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    assert (made.id, made.link) == (REF, f"https://calendar.example/{REF}")
    event = only(calendar.pull(""))
    assert (event.id, event.uid, event.start, event.end) == (REF, UID, T0, T0 + 1800)
    assert event.etag == made.etag
    assert calendar.find(REF) == event


def test_nobody_is_written_to_by_google(server: Google) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    made = calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag)
    calendar.delete(made.id, made.etag)
    changing = [call for call in server.calls if call.verb != "GET"]
    assert [call.verb for call in changing] == ["POST", "PATCH", "DELETE"]
    assert all(call.query["sendUpdates"] == "none" for call in changing)


def test_what_its_owner_added_stays(server: Google) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.put({**server.items[REF], "colorId": "7"})
    etag = calendar.find(REF).etag
    calendar.upsert(made.id, outgoing(T0 + HOUR, title="New"), etag)
    assert (server.items[REF]["colorId"], server.items[REF]["summary"]) == ("7", "New")


def test_a_change_there_is_not_overwritten_unseen(server: Google) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.move(REF, T0 + HOUR, T0 + 2 * HOUR)
    with pytest.raises(ConflictError):
        calendar.upsert(made.id, outgoing(T0 + DAY), made.etag)
    with pytest.raises(ConflictError):
        calendar.delete(made.id, made.etag)
    assert calendar.find(REF).start == T0 + HOUR
    calendar.delete(made.id, "")
    assert not server.events()


def test_what_was_deleted_is_not_there(server: Google) -> None:
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(), "")
    server.remove(REF)
    for call in (lambda: calendar.delete(made.id, ""), lambda: calendar.find(made.id), lambda: calendar.find("nobody")):
        with pytest.raises(NotFoundError):
            call()


@pytest.mark.parametrize(
    "fault", [Fault(500, after=True), Fault(silent=True, after=True), Fault(truncated=True, after=True)]
)
def test_a_repeat_after_a_lost_answer_makes_no_second_event(server: Google, fault: Fault) -> None:
    calendar = opened(server)
    server.faults = [fault]
    with pytest.raises(TransientError):
        calendar.upsert(REF, outgoing(), "")
    made = calendar.upsert(REF, outgoing(), "")
    assert len(server.events()) == 1
    assert calendar.upsert(made.id, outgoing(T0 + HOUR), made.etag).id == REF


def test_what_was_deleted_once_is_revived_under_its_id(server: Google) -> None:
    calendar = opened(server)
    calendar.upsert(REF, outgoing(), "")
    server.remove(REF)
    calendar.upsert(REF, outgoing(T0 + HOUR), "")
    assert only(calendar.pull("")).start == T0 + HOUR


@pytest.mark.parametrize("late", [False, True])
def test_a_meet_call_is_made_with_the_event_once(server: Google, late: bool) -> None:
    server.makes_calls_late = late
    calendar = opened(server)
    made = calendar.upsert(REF, outgoing(wants_conference=True), "")
    assert made.conference == "https://meet.google.example/01234567"
    again = calendar.upsert(made.id, outgoing(T0 + HOUR, wants_conference=True), calendar.find(REF).etag)
    assert again.conference == made.conference
    asked = [call for call in server.calls if "conferenceData" in (call.body or {})]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(403, "rateLimitExceeded"), RateLimitedError),
        (Fault(403, "userRateLimitExceeded"), RateLimitedError),
        (Fault(429, "rateLimitExceeded", {"Retry-After": "7"}), RateLimitedError),
        (Fault(503, headers={"Retry-After": "7"}), RateLimitedError),
        (Fault(503), TransientError),
        (Fault(500), TransientError),
        (Fault(truncated=True), TransientError),
        (Fault(silent=True), TransientError),
        (Fault(403, "forbidden"), AuthRevokedError),
        (Fault(404, "notFound"), NotFoundError),
        (Fault(400, "badRequest"), RefusedError),
    ],
)
def test_what_goes_wrong_is_told_by_what_is_to_be_done(server: Google, fault: Fault, error: type[Exception]) -> None:
    server.faults = [fault]
    with pytest.raises(error) as raised:
        opened(server).pull("")
    assert type(raised.value) is error
    assert "secret" not in str(raised.value)
    if isinstance(raised.value, RateLimitedError) and fault.headers:
        assert raised.value.retry_after == timedelta(seconds=7)
    assert opened(server).pull("").is_complete, "and the next time it works"


def test_a_token_that_ran_out_is_renewed_once(server: Google) -> None:
    asked: list[bool] = []

    def source(*, renew: bool = False) -> str:
        asked.append(renew)
        return good_token() if renew else "old"

    given = {"base": server.base, "calendar_id": "me@gmail.example", "window": WINDOW}  # type: ignore[attr-defined]
    assert GoogleCalendar(source, **given).pull("").is_complete
    assert asked == [False, True]
    with pytest.raises(AuthRevokedError):
        GoogleCalendar(lambda *, renew=False: "bad", **given).pull("")


def test_an_account_has_calendars(server: Google) -> None:
    account = opened(server)
    assert account.address() == "me@gmail.example"
    mine, holidays = account.calendars()
    assert (mine.is_writable, mine.is_primary) == (True, True)
    assert (holidays.name, holidays.is_writable) == ("Holidays", False)


def test_changes_are_told_to_an_address_until_that_is_ended(server: Google) -> None:
    calendar = opened(server)
    told = calendar.subscribe("https://meet.example/hooks", "c0ffee", "s3cret")
    assert (told.id, told.resource, told.until) == ("c0ffee", "res-1", 1_800_000_000)
    assert server.channels["c0ffee"]["token"] == "s3cret"
    with pytest.raises(NotFoundError):
        calendar.renew(told)
    calendar.unsubscribe(told)
    calendar.unsubscribe(told)
    assert not server.channels


def test_a_calendar_without_end_is_refused(server: Google) -> None:
    server.page = 1
    for number in range(45):
        server.add(f"e{number:02}", T0, T0 + HOUR)
    with pytest.raises(UnreadableError):
        opened(server).pull("")


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_there_the_mirror_is_equal(server: Google, seed: int) -> None:
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
            try:
                pulled = calendar.pull(cursor)
            except CursorInvalidError:
                cursor = ""
            except (TransientError, NotFoundError):
                continue
            else:
                known, cursor = mirrored(known, pulled), pulled.cursor
    server.faults = []
    known = mirrored(known, calendar.pull(cursor)) if cursor else mirrored({}, calendar.pull(""))
    assert known == {event.id: event for event in calendar.pull("").events}


def _edit(server: Google, chance: random.Random, number: int) -> None:
    start = T0 + chance.randrange(-40, 100) * DAY
    alive = sorted(server.events())
    what = chance.choice(["add", "add", "move", "remove"])
    if what == "add" or not alive:
        server.add(f"e{number:03}", start, start + HOUR)
    elif what == "move":
        server.move(chance.choice(alive), start, start + HOUR)
    else:
        server.remove(chance.choice(alive))
