"""What the providers on this machine have in common: a server in a thread, and faults on order."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]


@dataclass
class Fault:
    """What goes wrong at one call. `after`: the work is done, but its answer does not arrive as it should."""

    status: int = 503
    reason: str = "backendError"
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    truncated: bool = False
    silent: bool = False
    """No answer at all until the caller gives up."""
    only: str = ""
    """The verb it waits for; empty: any."""


@dataclass
class Call:
    """One request, without its headers but those that matter."""

    verb: str
    path: str
    query: dict[str, str]
    body: Json | None
    headers: dict[str, str]


class Provider(Protocol):
    """What answers calls."""

    faults: list[Fault]
    calls: list[Call]

    def answer(self, call: Call) -> tuple[int, Json | None]: ...

    def refusal(self, fault: Fault) -> Json: ...


TOKEN = "good-token"


@contextmanager
def serving(provider: Provider, prefix: str) -> Iterator[str]:
    """The provider at a base address of this machine; ends it afterwards."""
    handler = type("Handler", (_Handler,), {"provider": provider, "prefix": prefix})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider
    prefix = ""

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PATCH(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        return

    def _handle(self) -> None:
        call = self._call()
        self.provider.calls.append(call)
        fault = _due(self.provider, call)
        if fault and not fault.after:
            self._fail(fault, None)
        elif call.headers.get("authorization") != f"Bearer {TOKEN}":
            self._say(401, self.provider.refusal(Fault(401, "authError")), {})
        else:
            status, told = self.provider.answer(call)
            if fault:
                self._fail(fault, told)
            else:
                self._say(status, told, {})

    def _call(self) -> Call:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        return Call(
            self.command,
            unquote(parts.path.removeprefix(self.prefix)).lstrip("/"),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            json.loads(raw) if raw else None,
            {name.lower(): value for name, value in self.headers.items()},
        )

    def _fail(self, fault: Fault, told: Json | None) -> None:
        if fault.silent:
            time.sleep(0.4)
            self.close_connection = True
        elif fault.truncated:
            self._say(200, told or {"items": "x" * 100}, {}, cut=True)
        else:
            self._say(fault.status, self.provider.refusal(fault), fault.headers)

    def _say(self, status: int, told: Json | None, headers: dict[str, str], *, cut: bool = False) -> None:
        text = b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: len(text) // 2] if cut else text)
        self.close_connection = self.close_connection or cut


def _due(provider: Provider, call: Call) -> Fault | None:
    for at, fault in enumerate(provider.faults):
        if fault.only in {"", call.verb}:
            return provider.faults.pop(at)
    return None


def good_token(*, renew: bool = False) -> str:
    """A token source whose token is good, also when it is renewed."""
    return TOKEN
