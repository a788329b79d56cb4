"""Bookings and calendars of Google and Outlook, the whole way: ledger, database, adapters, and servers that fail."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.times import offered_slots
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.calendars.services import create_integration
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.people.models import User
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after
from tests.calendars.carrying import carry, read
from tests.calendars.sides import OWN, Server, agree, blocked, span, there
from tests.cast import Cast
from tests.providers import signin, web
from tests.providers.google import Google
from tests.providers.graph import Graph
from tests.providers.web import TOKEN, Fault

FAR = 4_000_000_000
STEP = timedelta(minutes=20)
KINDS = (IntegrationType.GOOGLE, IntegrationType.OUTLOOK)
PLATFORMS = {IntegrationType.GOOGLE: "Google Meet", IntegrationType.OUTLOOK: "Microsoft Teams"}
HOSTS = {IntegrationType.GOOGLE: "https://meet.google.example/", IntegrationType.OUTLOOK: "https://teams.example/"}

FAULTS = [
    Fault(401, "authError"),
    Fault(409, "duplicate"),
    Fault(412, "conditionNotMet"),
    Fault(429, "TooManyRequests", {"Retry-After": "7"}),
    Fault(500),
    Fault(503, headers={"Retry-After": "30"}),
    Fault(truncated=True),
    Fault(500, after=True),
    Fault(truncated=True, after=True),
]
CASES = [
    (IntegrationType.GOOGLE, Fault(403, "rateLimitExceeded")),
    (IntegrationType.OUTLOOK, Fault(503, "ErrorServerBusy")),
    *((kind, fault) for kind in KINDS for fault in FAULTS),
]
_OF_CHANGES = {409, 412}
"""What is only ever answered to who changes something that is there."""


def _named(value: IntegrationType | Fault) -> str:
    if isinstance(value, Fault):
        spoilt = "-truncated" if value.truncated else f"-{value.status}-{value.reason}"
        return f"{'after' if value.after else 'instead'}{spoilt}"
    return value.value.split()[0]


@dataclass(frozen=True)
class Servers:
    """Both providers, and who signs in at them."""

    google: Google
    graph: Graph

    def of(self, kind: IntegrationType) -> Server:
        return self.google if kind == IntegrationType.GOOGLE else self.graph


@pytest.fixture(scope="module")
def bases() -> Iterator[tuple[Google, Graph, signin.SignIn, str, str]]:
    """Listening once for all tests; what is in them is each test's own."""
    google, graph = Google(), Graph()
    with ExitStack() as stack:
        first = stack.enter_context(web.serving(google, "/calendar/v3"))
        second = stack.enter_context(web.serving(graph, "/v1.0"))
        yield google, graph, stack.enter_context(signin.serving()), first, second


@pytest.fixture
def servers(bases: tuple[Google, Graph, signin.SignIn, str, str], settings: Settings) -> Iterator[Servers]:
    google, graph, door, settings.GOOGLE_API_URL, settings.MICROSOFT_API_URL = bases
    vars(google).update(vars(Google()))
    vars(graph).update(vars(Graph(base=settings.MICROSOFT_API_URL)))
    door.token, door.grants = TOKEN, [signin.Grant("all", {TOKEN}, {"refresh"})]
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = signin.CLIENT, signin.SECRET
    settings.GOOGLE_TOKEN_URL = f"http://127.0.0.1:{door.port}"
    settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET = signin.CLIENT, signin.SECRET
    settings.MICROSOFT_SIGNIN_URL = f"http://127.0.0.1:{door.port}"
    # Microsoft's tokens are had at another path; who signs in here has but one.
    answer = door.answer_post
    door.answer_post = lambda path, form: answer("/token" if path.endswith("/token") else path, form)  # type: ignore[method-assign]
    yield Servers(google, graph)
    door.answer_post = answer  # type: ignore[method-assign]
    assert (google.wrong, graph.wrong) == ([], []), "nothing is asked that is not published"


def _connect(user: User, kind: IntegrationType) -> None:
    fields = {
        "integration_type": kind,
        "integration_name": "Work",
        "calendar_id": "me@gmail.example" if kind == IntegrationType.GOOGLE else "cal-1",
        "is_primary": True,
        "sync_direction": SyncDirection.TWO_WAY,
        "credentials": {"access_token": TOKEN, "refresh_token": "refresh", "expires_at": FAR, "scope": "all"},
    }
    create_integration(actor=user, user=user, fields=fields, now=NOW)


def _by(cast: Cast, kind: IntegrationType) -> MeetingType:
    changes = {"video_platform": PLATFORMS[kind], "video_meeting_url": ""}
    return edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes=changes)


def _fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


@pytest.mark.parametrize("kind", KINDS)
def test_a_booking_is_there_with_its_video_call_moves_and_vanishes(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    server = servers.of(kind)
    _connect(cast.sarah, kind)
    booking = book(host=cast.sarah, meeting_type=_by(cast, kind))
    carry()
    ((id_, found),) = there(server).items()
    stored = _fresh(booking)
    assert found == span(booking)
    assert stored.external_calendar_link.endswith(f".example/{id_}")
    assert stored.video_meeting_url.startswith(HOSTS[kind])
    moved = services.reschedule(actor=cast.sarah, booking=stored, start=after(hours=2), now=NOW + STEP).booking
    carry(NOW + 2 * STEP)
    assert there(server) == {id_: span(moved)}
    assert _fresh(moved).video_meeting_url == stored.video_meeting_url, "the call is still the same"
    read(NOW + 3 * STEP)
    agree(server, cast.sarah)
    services.cancel(actor=cast.sarah, booking=_fresh(moved), reason="Ill", now=NOW + 3 * STEP)
    carry(NOW + 4 * STEP)
    assert there(server) == {}


def test_a_reassigned_booking_leaves_google_and_is_at_outlook(cast: Cast, servers: Servers, book: Book) -> None:
    _connect(cast.sarah, IntegrationType.GOOGLE)
    _connect(cast.mike, IntegrationType.OUTLOOK)
    booking = book(host=cast.sarah, meeting_type=_by(cast, IntegrationType.GOOGLE))
    carry()
    assert _fresh(booking).video_meeting_url.startswith(HOSTS[IntegrationType.GOOGLE])
    services.reassign(booking=_fresh(booking), new_user=cast.mike, actor=cast.lead, now=NOW + STEP)
    carry(NOW + 2 * STEP)
    assert there(servers.google) == {}
    assert list(there(servers.graph).values()) == [span(booking)]
    assert _fresh(booking).video_meeting_url == "", "Outlook makes no Meet, and the old one is gone"


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_there_blocks_its_owner_after_one_pull(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    _connect(cast.sarah, kind)
    start = seconds(TUESDAY_TEN)
    servers.of(kind).add(OWN, start - 600, start + 600)
    assert _is_offered(cast)
    read()
    assert blocked(cast.sarah) == [(start - 600, start + 600)]
    assert not _is_offered(cast)
    servers.of(kind).remove(OWN)
    read(NOW + 2 * STEP)
    assert _is_offered(cast)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_owner_does_to_a_booking_there_is_noticed(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    server = servers.of(kind)
    _connect(cast.sarah, kind)
    book(host=cast.sarah)
    carry()
    read()
    ((id_, (start, end)),) = there(server).items()
    server.move(id_, start + 3600, end + 3600)
    read(NOW + 2 * STEP)
    assert CalendarEventSync.objects.get().external_change == "Moved"
    server.remove(id_)
    read(NOW + 3 * STEP)
    assert CalendarEventSync.objects.get().external_change == "Deleted"


@pytest.mark.parametrize(("kind", "fault"), CASES, ids=_named)
def test_whatever_goes_wrong_both_sides_are_equal_after_it(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType, fault: Fault
) -> None:
    server, clock = servers.of(kind), Clock(servers.of(kind), fault)
    _connect(cast.sarah, kind)
    first = book(host=cast.sarah)
    clock.settle("POST")
    agree(server, cast.sarah)
    server.add(OWN, seconds(after(hours=4)), seconds(after(hours=5)))
    second = book(host=cast.sarah, start=after(hours=1))
    moved = services.reschedule(booking=first, start=after(hours=2), actor=cast.sarah, now=clock.now).booking
    clock.settle("PATCH")
    agree(server, cast.sarah)
    services.cancel(booking=_fresh(moved), actor=cast.sarah, reason="Ill", now=clock.now)
    server.move(OWN, seconds(after(hours=5)), seconds(after(hours=6)))
    clock.settle("DELETE")
    agree(server, cast.sarah)
    assert list(there(server).values()).count(span(second)) == 1


class Clock:
    """What the worker does as time goes by, while the server fails once at writing and once at reading."""

    def __init__(self, server: Server, fault: Fault) -> None:
        self.server, self.fault, self.now = server, fault, NOW

    def settle(self, verb: str) -> None:
        """Have everything carried out that is owed, the first with a fault at `verb`, and all read, with another."""
        changes_only = self.fault.status in _OF_CHANGES
        self._go_on(carry, "" if changes_only and verb == "POST" else verb)
        self._go_on(read, "" if changes_only else "GET")

    def _go_on(self, what: Callable[[datetime], None], verb: str) -> None:
        if verb:
            self.server.faults.append(replace(self.fault, only=verb))
        for _ in range(3):
            self.now += STEP
            what(self.now)
        assert not self.server.faults, "the fault was met with"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_sync_token_brings_everything_anew(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    server = servers.of(kind)
    _connect(cast.sarah, kind)
    book(host=cast.sarah)
    server.add(OWN, seconds(after(hours=4)), seconds(after(hours=5)))
    carry()
    read()
    agree(server, cast.sarah)
    server.forget_tokens()
    server.move(OWN, seconds(after(hours=5)), seconds(after(hours=6)))
    read(NOW + 2 * STEP)
    agree(server, cast.sarah)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_its_owner_took_out_first_is_no_trouble(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    server = servers.of(kind)
    _connect(cast.sarah, kind)
    booking = book(host=cast.sarah)
    carry()
    server.remove(next(iter(there(server))))
    services.cancel(booking=booking, actor=cast.sarah, reason="Ill", now=NOW + STEP)
    carry(NOW + 2 * STEP)
    read(NOW + 3 * STEP)
    agree(server, cast.sarah)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_its_owner_changes_while_we_write_is_written_all_the_same(
    cast: Cast, servers: Servers, book: Book, kind: IntegrationType
) -> None:
    server = servers.of(kind)
    _connect(cast.sarah, kind)
    booking = book(host=cast.sarah)
    carry()
    services.reschedule(booking=booking, start=after(hours=2), actor=cast.sarah, now=NOW + STEP)
    server.faults += [Fault(412, "conditionNotMet", only="PATCH") for _ in range(3)]
    for times in range(2, 6):
        carry(NOW + times * STEP)
    read(NOW + 6 * STEP)
    assert not server.faults
    agree(server, cast.sarah)


def _is_offered(cast: Cast) -> bool:
    """Whether Sarah, alone of all members, is offered on Tuesday at ten."""
    cast.support.members.exclude(member=cast.sarah).update(is_active=False)
    day = TUESDAY_TEN.date()
    offer = offered_slots(meeting_type=cast.call, first=day, last=day, now=NOW + STEP)
    return TUESDAY_TEN.timestamp() in {slot.start for slot in offer.slots}
