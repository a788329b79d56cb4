"""A calendar on a real server of this machine, whose events change as a test says."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

HERE = (ip_network("127.0.0.1"),)
_FORM = "%Y%m%dT%H%M%SZ"


@dataclass
class Feed:
    """Its events are texts of VEVENTs by UID. It answers as good servers do, or as `trouble` says: status, headers."""

    port: int = 0
    events: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    trouble: tuple[int, dict[str, str]] | None = None
    has_etags: bool = True
    answered: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret/sarah.ics"

    def put(self, uid: str, start: datetime, end: datetime, *more: str, title: str = "Dentist") -> None:
        """Have an event, in place of the one there was; times are aware UTC."""
        lines = [f"UID:{uid}", f"DTSTART:{start:{_FORM}}", f"DTEND:{end:{_FORM}}", f"SUMMARY:{title}", *more]
        self.events[uid] = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])

    def text(self) -> bytes:
        if self.raw is not None:
            return self.raw
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tests//EN\r\n"
        return (head + "".join(self.events.values()) + "END:VCALENDAR\r\n").encode()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        status, headers = self.trouble or (200, {})
        body = self.text() if status == 200 else b""
        if self.has_etags and status == 200:
            etag = f'"{hashlib.sha256(body).hexdigest()}"'
            headers = {"ETag": etag}
            if request.headers.get("If-None-Match") == etag:
                status, body = 304, b""
        self.answered.append(status)
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


@contextmanager
def serving() -> Iterator[Feed]:
    """The server, for as long as the block lasts."""
    feed = Feed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feed.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    feed.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield feed
    finally:
        server.shutdown()
        server.server_close()
