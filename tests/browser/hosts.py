"""Other sites, whose pages show booking inside their own: tiny servers on origins of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Pages = dict[str, str]


class Host:
    """A site that serves `pages` (path → body), under a policy that allows it scripts and frames of `guest` alone."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"  # another site than 127.0.0.1, so that no cookie travels
        self.pages: Pages = {}
        self.guest = ""

    @property
    def headers(self) -> Mapping[str, str]:
        policy = f"default-src 'none'; script-src {self.guest}; frame-src {self.guest}"
        return {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}


@contextmanager
def hosting() -> Iterator[Host]:
    """A host that serves as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = host.pages.get(self.path)
            self.send_response(200 if body else 404)
            for name, value in host.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><html lang=en><title>Shop</title><body>{body or ''}".encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own signature
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(server.server_port)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
