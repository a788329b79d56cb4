"""A real CalDAV server for tests: Radicale, as a process. And one that stands before it and spoils what it says."""

import base64
import http.client
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

from tests.site import free_port

HERE = (ip_network("127.0.0.1"),)
USER, PASSWORD = "sarah", "app-password"
_START_SECONDS = 20.0
_BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
max_connections = 20
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/data
[logging]
level = error
"""
_RUN = """
import socket, sys
from radicale import config, server
known = config.load([(sys.argv[1], False)])
known.update({"storage": {"_filesystem_fsync": "False"}}, "tests", privileged=True)  # tests survive without
ours, theirs = socket.socketpair()
server.serve(known, theirs)
"""
_XML = {"Content-Type": "application/xml; charset=utf-8"}


class CalendarServer:
    """Radicale on a port of its own, with one user; `stop` and `start` keep port and calendars."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._let_in(PASSWORD)

    def _let_in(self, password: str) -> None:
        (self._folder / "users").write_text(f"{USER}:{password}\n")

    @contextmanager
    def other_password(self, password: str) -> Iterator[None]:
        """Have the user's password be another for a while."""
        self._let_in(password)
        try:
            yield
        finally:
            self._let_in(PASSWORD)

    @property
    def url(self) -> str:
        """Of the server."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, and return when it does."""
        config = self._folder / "config"
        config.write_text(_CONFIG.format(port=self.port, folder=self._folder))
        command = [sys.executable, "-c", _RUN, str(config)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                self.ask("OPTIONS", "/")
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise AssertionError("Radicale did not start")

    def stop(self) -> None:
        """Be gone, at once."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """What another program of the user would ask: status, headers in lower case, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body.encode(), {"Authorization": _BASIC, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def make(self, name: str, *, holds: str = "VEVENT") -> "Collection":
        """A new calendar of the user."""
        body = (
            '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{name.title()}</displayname>"
            f'<C:supported-calendar-component-set><C:comp name="{holds}"/></C:supported-calendar-component-set>'
            "</prop></set></C:mkcalendar>"
        )
        status, _, _ = self.ask("MKCALENDAR", f"/{USER}/{name}/", body, _XML)
        assert status == 201, status
        return Collection(self, f"/{USER}/{name}/", self._folder / "data" / "collection-root" / USER / name)


@dataclass(frozen=True)
class Collection:
    """One calendar, as other programs of its owner use it."""

    server: CalendarServer
    path: str
    folder: Path

    @property
    def url(self) -> str:
        return self.server.url + self.path

    def put(self, name: str, text: str) -> str:
        """Write a resource, whatever is there; returns its etag."""
        status, headers, said = self.server.ask("PUT", self.path + name, text, {"Content-Type": "text/calendar"})
        assert status in {201, 204}, (status, said)
        return headers["etag"]

    def get(self, name: str) -> str:
        """The text of a resource, unfolded."""
        status, _, body = self.server.ask("GET", self.path + name)
        assert status == 200, status
        return body.decode().replace("\r\n ", "")

    def delete(self, name: str) -> None:
        status, _, _ = self.server.ask("DELETE", self.path + name)
        assert status == 200, status

    def names(self) -> list[str]:
        """The names of all resources."""
        return sorted(each.name for each in self.folder.iterdir() if each.suffix == ".ics")

    def fill(self, texts: dict[str, str]) -> None:
        """Put many resources there at once, behind the server's back."""
        for name, text in texts.items():
            (self.folder / name).write_text(text, newline="")

    def lose_tokens(self) -> None:
        """Have the server forget what it knows of the past, as after a restore."""
        shutil.rmtree(self.folder / ".Radicale.cache" / "sync-token", ignore_errors=True)

    def through(self, door: "Door") -> str:
        """Its address behind another port."""
        return f"http://127.0.0.1:{door.port}{self.path}"


@dataclass(frozen=True)
class Asked:
    """A request on its way to the server."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """An answer on its way back."""

    status: int = 207
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    is_lost: bool = False
    """The connection ends instead."""

    def saying(self, old: str, new: str) -> "Answer":
        """With other words in it."""
        return replace(self, body=self.body.replace(old.encode(), new.encode()))


HandOn = Callable[[Asked], Answer]
Spoiling = Callable[[Asked, HandOn], Answer]
"""Gets a request and the way to the real server, and says what comes of it."""


@dataclass
class Door:
    """What stands before a server: it hands everything on, unless `spoil` knows better. `asked` is all that came."""

    server: CalendarServer | None = None
    port: int = 0
    spoil: Spoiling | None = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def methods(self) -> list[str]:
        """What was asked, in short: method, or the name of the report."""
        return [_report(each) if each.method == "REPORT" else each.method for each in self.asked]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.spoil(asked, self._hand_on) if self.spoil else self._hand_on(asked)

    def _hand_on(self, asked: Asked) -> Answer:
        assert self.server
        dropped = {"host", "content-length", "connection", "accept-encoding"}
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in dropped}
        headers.setdefault("Authorization", "")  # whoever says nothing is nobody
        status, told, body = self.server.ask(asked.method, asked.path, asked.body.decode(), headers)
        return Answer(status, body, {name: told[name] for name in _HANDED_BACK if name in told})


_HANDED_BACK = ("content-type", "etag", "location", "www-authenticate")


def _report(asked: Asked) -> str:
    known = ("sync-collection", "calendar-query", "calendar-multiget")
    return next(name for name in known if name.encode() in asked.body)


@contextmanager
def door_to(server: CalendarServer | None, spoil: Spoiling | None = None) -> Iterator[Door]:
    """A door before the server, for as long as the block lasts."""
    door = Door(server, spoil=spoil)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = door.answer(Asked(self.command, self.path, body, dict(self.headers)))
            self.close_connection = answer.is_lost
            if answer.is_lost:
                return
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_OPTIONS = handle_one  # noqa: N815 - the server's names

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    listening = Quiet(("0.0.0.0", 0), Handler)
    door.port = listening.server_address[1]
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield door
    finally:
        listening.shutdown()
        listening.server_close()


def entry(uid: str, start: str, end: str, *more: str, title: str = "Dentist") -> str:
    """One VEVENT; `start` and `end` like "20261201T090000Z"."""
    lines = [f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{title}", *more]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def whole(*entries: str) -> str:
    """A resource of these events."""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tests//EN\r\n{''.join(entries)}END:VCALENDAR\r\n"
