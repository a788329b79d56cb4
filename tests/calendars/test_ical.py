"""The iCal adapter against a real server: when it reads, when it need not, and what goes wrong in whose words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreadableError,
)
from meeting_manager.adapters.calendar.ical import ICalFeed
from meeting_manager.adapters.calendar.protocol import Pulled, Window
from meeting_manager.adapters.calendar.reading import Reader, Reading
from meeting_manager.adapters.calendar.reading.whole import read
from meeting_manager.adapters.errors import AdapterError, RefusedError
from tests.calendars.feedserver import HERE, Feed, serving

pytestmark = pytest.mark.engine

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
WINDOW = Window(int(datetime(2026, 11, 30, tzinfo=UTC).timestamp()), int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()))
LATER = Window(WINDOW.start + 86_400, WINDOW.end + 86_400)
BERLIN, TOKYO = Reader("Europe/Berlin"), Reader("Asia/Tokyo")


class Counting:
    """Reads in this process, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, text: bytes, window: Window, reader: Reader) -> Reading:
        self.times += 1
        return read(text, window, reader)


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving() as served:
        served.put("1", START, END)
        yield served


@pytest.fixture
def counting() -> Counting:
    return Counting()


def _pull(feed: Feed, counting: Counting, cursor: str = "", window: Window = WINDOW, reader: Reader = BERLIN) -> Pulled:
    return ICalFeed(feed.url, window, reader, allowed=HERE, read=counting).pull(cursor)


def test_the_first_pull_brings_everything(feed: Feed, counting: Counting) -> None:
    pulled = _pull(feed, counting)
    assert pulled.is_complete
    assert [(event.id, event.start, event.title) for event in pulled.events] == [
        ("1", int(START.timestamp()), "Dentist")
    ]


def test_a_file_that_did_not_change_is_neither_sent_nor_parsed(feed: Feed, counting: Counting) -> None:
    first = _pull(feed, counting)
    second = _pull(feed, counting, first.cursor)
    assert (second.is_complete, second.events, second.gone) == (False, (), ())
    assert (feed.answered, counting.times) == ([200, 304], 1)
    feed.put("2", END, END + timedelta(hours=1))
    assert len(_pull(feed, counting, second.cursor).events) == 2
    assert (feed.answered, counting.times) == ([200, 304, 200], 2)


def test_a_file_without_a_version_that_did_not_change_is_not_parsed_again(feed: Feed, counting: Counting) -> None:
    feed.has_etags = False
    cursor = _pull(feed, counting).cursor
    assert not _pull(feed, counting, cursor).is_complete
    assert (feed.answered, counting.times) == ([200, 200], 1)


@pytest.mark.parametrize(
    ("window", "reader"),
    [(LATER, BERLIN), (WINDOW, TOKYO), (WINDOW, Reader("Europe/Berlin", ("sarah@bestsecurity.example",)))],
    ids=["a new day", "another zone", "another reader"],
)
def test_the_same_file_is_read_anew_where_it_would_mean_something_else(
    feed: Feed, counting: Counting, window: Window, reader: Reader
) -> None:
    cursor = _pull(feed, counting).cursor
    assert _pull(feed, counting, cursor, window, reader).is_complete
    assert (feed.answered, counting.times) == ([200, 200], 2)


@pytest.mark.parametrize("cursor", ["rubbish", "[]", "{}", '{"old": 1}', "null"])
def test_a_cursor_that_says_nothing_is_none(feed: Feed, counting: Counting, cursor: str) -> None:
    assert _pull(feed, counting, cursor).is_complete


@pytest.mark.parametrize(
    ("status", "error", "is_pointless"),
    [
        (401, AuthRevokedError, True),
        (403, AuthRevokedError, True),
        (404, NotFoundError, True),
        (410, NotFoundError, True),
        (418, UnreadableError, True),
        (204, UnreadableError, True),
        (429, RateLimitedError, False),
        (503, RateLimitedError, False),
        (408, TransientError, False),
        (500, TransientError, False),
        (502, TransientError, False),
    ],
)
def test_an_answer_that_is_no_calendar_says_whether_to_try_again(
    feed: Feed, counting: Counting, status: int, error: type[AdapterError], is_pointless: bool
) -> None:
    feed.trouble = (status, {})
    with pytest.raises(error) as raised:
        _pull(feed, counting)
    assert isinstance(raised.value, RefusedError) == is_pointless
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("told", "seconds"), [("120", 120), ("", 900), ("soon", 900), ("9999999999999", 86_400), ("-5", 900)]
)
def test_a_server_may_say_how_long_to_wait(feed: Feed, counting: Counting, told: str, seconds: int) -> None:
    feed.trouble = (429, {"Retry-After": told})
    with pytest.raises(RateLimitedError) as raised:
        _pull(feed, counting)
    assert raised.value.retry_after == timedelta(seconds=seconds)


def test_a_server_may_say_until_when_to_wait(feed: Feed, counting: Counting) -> None:
    feed.trouble = (503, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)})
    with pytest.raises(RateLimitedError) as raised:
        _pull(feed, counting)
    assert timedelta(minutes=29) < raised.value.retry_after <= timedelta(minutes=30)


def test_a_server_that_is_away_may_come_back(feed: Feed, counting: Counting) -> None:
    with serving() as gone:
        pass
    with pytest.raises(TransientError):
        _pull(gone, counting)


def test_a_private_address_is_not_read(feed: Feed, counting: Counting) -> None:
    with pytest.raises(UnreadableError, match="private"):
        ICalFeed(feed.url, WINDOW, BERLIN, read=counting).pull("")
    assert feed.answered == []


def test_webcal_is_read_over_https(feed: Feed, counting: Counting) -> None:
    address = feed.url.replace("http://", "WebCal://")
    with pytest.raises(TransientError):  # the server here speaks no TLS, and shows it
        ICalFeed(address, WINDOW, BERLIN, allowed=HERE, read=counting).pull("")
    assert 200 not in feed.answered


def test_a_page_in_place_of_a_calendar_is_refused(feed: Feed, counting: Counting) -> None:
    feed.raw = b"<!DOCTYPE html><title>Please sign in</title>"
    with pytest.raises(UnreadableError, match="no calendar"):
        _pull(feed, counting)
