"""The doctor looks at calendars: read, written to and tidied, whatever happens, and no secret is printed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from meeting_manager.adapters.calendar.errors import AuthRevokedError, NotFoundError, TransientError
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Pulled, PulledEvent, Written
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.adapters.fetching import FetchRefusedError
from meeting_manager.calendars.access import offer
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.services import create_integration
from meeting_manager.config.calendar_doctor import TITLE, examine_calendars
from meeting_manager.config.doctor import Finding
from tests.cast import NOW, Cast

_WHAT = (
    "mike@bestsecurity.example) was read in 0.0 s, 0 events, 1 that could not be read",
    "sarah@bestsecurity.example) was read",
    "sarah@bestsecurity.example) takes up bookings",
)


@dataclass
class Shelf:
    """A calendar in memory; `trouble` comes with what is named."""

    events: dict[str, OutgoingEvent] = field(default_factory=dict)
    seen: list[OutgoingEvent] = field(default_factory=list)
    trouble: dict[str, AdapterError] = field(default_factory=dict)
    is_deaf: bool = False
    """Whether it says that it has deleted what it keeps."""

    def _fail(self, what: str) -> None:
        if what in self.trouble:
            raise self.trouble[what]

    def pull(self, cursor: str) -> Pulled:
        self._fail("pull")
        return Pulled("1", is_complete=True, problems=["One event could not be read."])

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        self.events[ref] = event
        self.seen.append(event)
        self._fail("upsert")
        return Written(ref, "1")

    def find(self, ref: str) -> PulledEvent:
        self._fail("find")
        if ref not in self.events:
            raise NotFoundError("It is gone.")
        event = self.events[ref]
        return PulledEvent(ref, event.uid, event.start, event.end, is_busy=True)

    def delete(self, ref: str, etag: str) -> None:
        if not self.is_deaf:
            self.events.pop(ref)


@pytest.fixture
def shelf(cast: Cast) -> Iterator[Shelf]:
    calendar = Shelf()
    undo = offer(IntegrationType.CALDAV, lambda access, window, zone: calendar)
    for user, direction in ((cast.sarah, "Two-way (Read & Write)"), (cast.mike, "One-way (Read Only)")):
        fields = {
            "integration_type": "CalDAV",
            "integration_name": "Work",
            "sync_direction": direction,
            "credentials": {"username": "sarah", "password": "very secret"},
        }
        create_integration(actor=user, user=user, fields=fields, now=NOW)
    yield calendar
    undo()


def _found(email: str = "sarah@bestsecurity.example") -> list[Finding]:
    return list(examine_calendars(NOW, email))


def _kinds(found: list[Finding]) -> list[str]:
    return [str(finding.kind) for finding in found]


def test_two_way_calendars_are_written_to_and_tidied_and_others_are_read(shelf: Shelf) -> None:
    found = _found("")
    assert _kinds(found) == ["ok", "ok", "ok"]
    assert [what in finding.text for what, finding in zip(_WHAT, found, strict=True)] == [True] * 3
    assert len(shelf.seen) == 1
    assert shelf.events == {}


def test_the_test_event_is_in_nobodys_way(shelf: Shelf) -> None:
    _found()
    (event,) = shelf.seen
    assert (event.title, event.is_tentative, event.attendees) == (TITLE, True, ())
    start = datetime.fromtimestamp(event.start, UTC)
    assert (start.hour, start.minute, (start.date() - NOW.date()).days) == (3, 0, 300)


@pytest.mark.parametrize("where", ["upsert", "find"])
def test_the_test_event_is_deleted_whatever_fails_on_the_way(shelf: Shelf, where: str) -> None:
    """The answer to its writing is lost, or it is not found: it may be there all the same."""
    shelf.trouble[where] = TransientError("The server is in trouble.")
    found = _found()
    assert _kinds(found) == ["ok", "wrong"]
    assert "The server is in trouble." in found[1].text
    assert len(shelf.seen) == 1
    assert shelf.events == {}


def test_an_event_that_stays_or_comes_back_changed_is_told(shelf: Shelf) -> None:
    shelf.is_deaf = True
    found = _found()
    assert f"Please delete '{TITLE}' there." in found[1].text

    class Shifting(Shelf):
        def find(self, ref: str) -> PulledEvent:
            return replace(super().find(ref), start=0)

    undo = offer(IntegrationType.CALDAV, lambda access, window, zone: Shifting())
    assert "at another time" in _found()[1].text
    undo()


def test_every_failure_has_a_remedy_and_an_exit_status_and_no_secret_is_printed(shelf: Shelf) -> None:
    shelf.trouble["pull"] = AuthRevokedError("The server no longer lets us in.")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--calendars", "--user", "mike@bestsecurity.example", stdout=out, stderr=out)
    assert ended.value.code == 1
    assert "The server no longer lets us in." in out.getvalue()
    assert "-> Have its owner connect it anew." in out.getvalue()
    assert "very secret" not in out.getvalue()


def test_one_that_cannot_be_read_is_told_once_and_not_written_to(shelf: Shelf) -> None:
    shelf.trouble["pull"] = AuthRevokedError("The server no longer lets us in.")
    found = _found()
    assert _kinds(found) == ["wrong"]
    assert "could not be read" in found[0].text
    assert shelf.seen == []


def test_an_address_that_is_not_fetched_from_is_for_the_operator(shelf: Shelf) -> None:
    refused = RefusedError("10.0.0.1 is an address of a private network, which is not fetched from.")
    refused.__cause__ = FetchRefusedError(str(refused))
    shelf.trouble["pull"] = refused
    (found,) = _found()
    assert "ALLOW_PRIVATE_ADDRESSES" in found.remedy


def test_calendars_of_others_are_left_alone_and_none_is_said(shelf: Shelf) -> None:
    assert _kinds(_found("jane@bestsecurity.example")) == ["note"]
    assert shelf.seen == []
