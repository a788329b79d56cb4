"""Finding the calendars of an account, whatever address was typed, and who is told the password on the way."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from meeting_manager.adapters.calendar.caldav import CalDAV, CalDAVAccount
from meeting_manager.adapters.calendar.caldav.trust import Credentials
from meeting_manager.adapters.calendar.errors import AuthRevokedError, NotFoundError, TransientError, UnreadableError
from tests.adapters.caldavs import BERLIN, WINDOW, opened
from tests.calendarserver import (
    HERE,
    PASSWORD,
    USER,
    Answer,
    Asked,
    CalendarServer,
    Collection,
    HandOn,
    door_to,
    entry,
    whole,
)

pytestmark = pytest.mark.engine

_MULTISTATUS = '<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{}</multistatus>'


def _account(address: str, password: str = PASSWORD, username: str = USER) -> CalDAVAccount:
    return CalDAVAccount(address, username, password, allowed=HERE, seconds=5)


def _told(*resources: tuple[str, str]) -> Answer:
    """A multistatus of these addresses and their properties."""
    well = "<status>HTTP/1.1 200 OK</status>"
    parts = (
        f"<response><href>{href}</href><propstat><prop>{prop}</prop>{well}</propstat></response>"
        for href, prop in resources
    )
    return Answer(207, _MULTISTATUS.format("".join(parts)).encode())


@pytest.fixture
def calendars(calendar_server: CalendarServer) -> Iterator[tuple[Collection, Collection]]:
    """Two calendars of the user, beside one that holds only tasks."""
    made = [calendar_server.make("work"), calendar_server.make("home"), calendar_server.make("tasks", holds="VTODO")]
    yield made[0], made[1]
    for each in made:
        calendar_server.ask("DELETE", each.path)


@pytest.mark.parametrize(
    "path", ["", "/", "/sarah/", "/sarah", "/.well-known/caldav", "/.web/index.html", "/no/where/"]
)
def test_calendars_are_found_from_whatever_was_typed(
    calendar_server: CalendarServer, calendars: tuple[Collection, Collection], path: str
) -> None:
    found = {each.id: each for each in _account(calendar_server.url + path).calendars()}
    work, home = calendars
    assert {work.url, home.url} <= found.keys()
    assert f"{calendar_server.url}/sarah/tasks/" not in found
    assert (found[work.url].name, found[work.url].is_writable, found[work.url].is_primary) == ("Work", True, False)


def test_a_calendar_that_was_named_comes_first(calendars: tuple[Collection, Collection]) -> None:
    work, home = calendars
    for named, other in ((work, home), (home, work)):
        first, *others = _account(named.url.rstrip("/")).calendars()
        assert (first.id, first.is_primary) == (named.url, True)
        assert other.url in {each.id for each in others}
        assert named.url not in {each.id for each in others}


def test_a_calendar_that_was_found_can_be_opened(calendars: tuple[Collection, Collection]) -> None:
    calendars[0].put("1.ics", whole(entry("1", "20261201T090000Z", "20261201T100000Z")))
    (found,) = (each for each in _account(calendars[0].server.url).calendars() if each.name == "Work")
    assert [event.id for event in opened(found.id).pull("").events] == ["1.ics"]


def test_a_wrong_password_is_told_as_such(calendar_server: CalendarServer, collection: Collection) -> None:
    with pytest.raises(AuthRevokedError):
        _account(calendar_server.url, "wrong").calendars()
    with pytest.raises(AuthRevokedError):
        opened(collection.url, password="wrong").pull("")


def test_where_there_is_no_server_for_calendars_none_are_found() -> None:
    with door_to(None, lambda asked, _: Answer(200, b"<html>") if asked.path == "/" else Answer(404)) as door:
        with pytest.raises(NotFoundError):
            _account(door.url).calendars()
        port = door.port
    with pytest.raises(TransientError):
        _account(f"http://127.0.0.1:{port}").calendars()


def test_rights_and_kinds_are_those_that_the_server_tells() -> None:
    is_calendar = "<resourcetype><collection/><C:calendar/></resourcetype>"
    rights = "<current-user-privilege-set><privilege>{}</privilege></current-user-privilege-set>"
    held = '<C:supported-calendar-component-set><C:comp name="{}"/></C:supported-calendar-component-set>'

    def answer(asked: Asked, _: HandOn) -> Answer:
        if asked.path == "/.well-known/caldav":
            return Answer(301, headers={"Location": "/dav/"})
        if asked.path == "/dav/":
            return _told(("/dav/", "<current-user-principal><href>/dav/me/</href></current-user-principal>"))
        if asked.path == "/dav/me/":
            emails = "<href>/dav/me/</href><href>mailto:Sarah%40Example.com</href>"
            home = "<C:calendar-home-set><href>/dav/cal/</href></C:calendar-home-set>"
            return _told(("/dav/me/", f"{home}<C:calendar-user-address-set>{emails}</C:calendar-user-address-set>"))
        return _told(
            ("/dav/cal/", "<resourcetype><collection/></resourcetype>"),
            ("/dav/cal/mine/", is_calendar + rights.format("<all/>") + "<displayname>Mine</displayname>"),
            ("/dav/cal/parts/", is_calendar + rights.format("<bind/><unbind/><write-content/>")),
            ("/dav/cal/shared%20one/", is_calendar + rights.format("<read/><write-properties/>")),
            ("/dav/cal/silent", is_calendar),
            ("/dav/cal/tasks/", is_calendar + held.format("VTODO")),
            ("/dav/cal/inbox/", "<resourcetype><collection/><C:schedule-inbox/></resourcetype>"),
        )

    with door_to(None, answer) as door:
        account = _account(door.url)
        found = {each.id.removeprefix(door.url): (each.name, each.is_writable) for each in account.calendars()}
        assert account.address() == "sarah@example.com"
        assert _account(door.url, username="me@example.com").address() == "me@example.com"
    assert found == {
        "/dav/cal/mine/": ("Mine", True),
        "/dav/cal/parts/": ("parts", True),
        "/dav/cal/shared%20one/": ("shared one", False),
        "/dav/cal/silent/": ("silent", True),
    }


def test_private_addresses_are_refused_unless_allowed(calendar_server: CalendarServer, collection: Collection) -> None:
    with pytest.raises(UnreadableError, match="private"):
        CalDAVAccount(calendar_server.url, USER, PASSWORD).calendars()
    with pytest.raises(UnreadableError, match="private"):
        CalDAV(collection.url, USER, PASSWORD, WINDOW, BERLIN).pull("")


def test_a_redirect_to_a_private_address_is_refused(calendar_server: CalendarServer) -> None:
    with door_to(calendar_server) as secret:
        lead = f"http://127.0.0.2:{secret.port}/"
        with door_to(None, lambda *_: Answer(301, headers={"Location": lead})) as door:
            with pytest.raises(UnreadableError, match="private"):
                _account(door.url).calendars()
            with pytest.raises(UnreadableError, match="private"):
                opened(f"{door.url}/sarah/work/").pull("")
        assert secret.asked == []


def test_another_server_is_not_told_the_password() -> None:
    def challenge(*_: object) -> Answer:
        return Answer(401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    with door_to(None, challenge) as other:
        lead = Answer(301, headers={"Location": f"{other.url}/"})
        with door_to(None, lambda *_: lead) as door, pytest.raises(AuthRevokedError):
            _account(door.url).calendars()
        assert other.asked
        assert not [each for each in other.asked if "Authorization" in each.headers]


@pytest.mark.parametrize(
    ("home", "place", "may_know"),
    [
        ("https://cloud.example.org/", "https://cloud.example.org/dav/", True),
        ("https://example.org/", "https://dav.example.org/", True),
        ("https://caldav.example.com/", "https://p34-caldav.example.com/", True),
        ("http://cloud.example.org/", "https://cloud.example.org/", True),
        ("https://cloud.example.org/", "http://cloud.example.org/", False),
        ("https://cloud.example.org/", "https://cloud.example.org:8443/", False),
        ("http://cloud.example.org:8080/", "https://cloud.example.org/", False),
        ("https://example.org/", "http://dav.example.org/", False),
        ("https://example.org/", "https://evilexample.org/", False),
        ("https://cloud.example.org/", "https://other.example.org/", False),
        ("https://caldav.org/", "https://evil.org/", False),
        ("http://caldav.example.com/", "https://p34-caldav.example.com/", False),
    ],
)
def test_the_password_is_for_the_server_that_was_named_and_what_belongs_to_it(
    home: str, place: str, may_know: bool
) -> None:
    credentials = Credentials(home, USER, PASSWORD)
    credentials.insist()
    assert bool(credentials.prove("GET", httpx.URL(place))) is may_know


def test_over_tls_the_password_is_sent_at_once_and_else_when_it_is_asked_for() -> None:
    assert Credentials("https://a.example/", USER, PASSWORD).prove("GET", httpx.URL("https://a.example/")) != ""
    plain = Credentials("http://a.example/", USER, PASSWORD)
    assert plain.prove("GET", httpx.URL("http://a.example/")) == ""
    assert plain.learn("GET", "http://a.example/", 'Basic realm="x"')
    assert plain.prove("GET", httpx.URL("http://a.example/")).startswith("Basic ")
    assert not plain.learn("GET", "http://a.example/", 'Basic realm="x"')


def test_a_server_that_wants_digests_never_gets_the_password() -> None:
    seen: list[str] = []
    nonces = iter("abcdefgh")

    def answer(asked: Asked, _: HandOn) -> Answer:
        proof = asked.headers.get("Authorization", "")
        seen.append(proof)
        if not proof or len(seen) == 3:
            stale = ", stale=true" if proof else ""
            digest = f'Digest realm="r", qop="auth", nonce="{next(nonces)}", algorithm=SHA-256{stale}'
            return Answer(401, headers={"WWW-Authenticate": f'Negotiate, {digest}, Basic realm="other"'})
        return _told((asked.path, "<C:calendar-home-set><href>/home/</href></C:calendar-home-set>"))

    with door_to(None, answer) as door:
        assert _account(door.url).calendars() == []
    assert [proof.partition(" ")[0] for proof in seen] == ["", "Digest", "Digest", "Digest"]
    counts = [match and match.group(1) for match in (re.search(r"nc=(\w+)", proof) for proof in seen)]
    assert counts == [None, "00000001", "00000002", "00000001"]
    assert {match.group(1) for match in (re.search(r'realm="(\w+)"', proof) for proof in seen) if match} == {"r"}
    assert not [proof for proof in seen if PASSWORD in proof]


def test_patience_ends_for_all_questions_together() -> None:
    def slow(*_: object) -> Answer:
        time.sleep(0.3)
        return Answer(301, headers={"Location": "/again/"})

    began = time.monotonic()
    with door_to(None, slow) as door, pytest.raises(TransientError):
        CalDAVAccount(door.url, USER, PASSWORD, allowed=HERE, seconds=0.5).calendars()
    assert time.monotonic() - began < 3
