"""Fetching what users point us to: by real servers on this machine that do what hostile ones do."""

import gzip
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meeting_manager.adapters.fetching import FetchError, FetchRefusedError, Limits, fetch
from meeting_manager.adapters.fetching.addresses import permitted

pytestmark = pytest.mark.engine

HERE = (ip_network("127.0.0.1"),)
"""127.0.0.2 is this machine as well, and stands for what lies behind the wall."""

SMALL = Limits(size=100_000, seconds=1.0)
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A server that answers each path as it is told, and keeps what it was asked."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


def says(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    known = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            self.close_connection = True
            known.answers[self.path](self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet(("0.0.0.0", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    known.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as known:
        yield known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "fc00::1",
        "fd12::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "3fff::1",
    ],
)
def test_what_is_not_the_public_internet_is_not_connected_to(address: str) -> None:
    assert not permitted(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_connected_to(address: str) -> None:
    assert permitted(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd12::1"])
def test_a_private_network_can_be_allowed_in_whatever_form_it_comes(address: str) -> None:
    assert permitted(address, (ip_network("10.0.0.0/8"), ip_network("fd00::/8")))
    assert not permitted(address, (ip_network("192.168.0.0/16"),))


def test_an_answer_comes_with_its_headers(server: Server) -> None:
    server.answers["/a"] = says(200, b"words", ETag='"1"')
    answer = fetch(server.at("/a"), headers={"Accept": "text/calendar"}, allowed=HERE)
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"words", '"1"')
    assert server.asked[0][1]["Accept"] == "text/calendar"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_by_any_of_its_names(server: Server, host: str) -> None:
    with pytest.raises(FetchRefusedError):
        fetch(server.at("/a", host), headers={})
    assert server.asked == []


def test_a_name_is_resolved_once_and_named_to_the_server(server: Server) -> None:
    server.answers["/a"] = says()
    asked: list[object] = []
    listening = True

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event == "socket.getaddrinfo":
            asked.append(arguments[0])

    sys.addaudithook(listen)
    fetch(server.at("/a", "localhost"), headers={}, allowed=HERE)
    listening = False
    assert asked.count("localhost") == 1
    assert server.asked[0][1]["Host"] == f"localhost:{server.port}"


def test_redirects_are_followed(server: Server) -> None:
    server.answers |= {"/a": says(302, Location="/b"), "/b": says(301, Location=server.at("/c")), "/c": says(200, b"c")}
    assert fetch(server.at("/a"), headers={}, allowed=HERE).body == b"c"


def test_a_redirect_to_a_private_address_is_not_followed(server: Server) -> None:
    server.answers |= {"/a": says(302, Location=server.at("/secret", "127.0.0.2")), "/secret": says(200, b"secret")}
    with pytest.raises(FetchRefusedError, match="private"):
        fetch(server.at("/a"), headers={}, allowed=HERE)
    assert [path for path, _ in server.asked] == ["/a"]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x", "http://[", "//"])
def test_a_redirect_to_another_kind_of_address_is_refused(server: Server, location: str) -> None:
    server.answers["/a"] = says(302, Location=location)
    with pytest.raises((FetchRefusedError, FetchError)):
        fetch(server.at("/a"), headers={}, allowed=HERE)


def test_the_sixth_redirect_is_too_many(server: Server) -> None:
    server.answers |= {f"/{at}": says(302, Location=f"/{at + 1}") for at in range(6)} | {"/6": says(200, b"there")}
    assert fetch(server.at("/1"), headers={}, allowed=HERE).body == b"there"
    with pytest.raises(FetchRefusedError, match="more than 5"):
        fetch(server.at("/0"), headers={}, allowed=HERE)


def test_a_password_goes_to_its_own_host_alone(server: Server) -> None:
    with serving() as other:
        other.answers["/b"] = says()
        server.answers |= {"/a": says(302, Location="/c"), "/c": says(302, Location=other.at("/b"))}
        fetch(f"http://me:secret@127.0.0.1:{server.port}/a", headers={}, allowed=HERE)
    assert [headers.get("Authorization") for _, headers in server.asked] == ["Basic bWU6c2VjcmV0"] * 2
    assert "Authorization" not in other.asked[0][1]


def test_a_body_that_is_too_large_is_left(server: Server) -> None:
    server.answers["/a"] = says(200, b"x" * 100_001)
    with pytest.raises(FetchRefusedError):
        fetch(server.at("/a"), headers={}, allowed=HERE, limits=SMALL)


def _endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 10_000)


def test_a_body_without_an_end_is_left(server: Server) -> None:
    server.answers["/a"] = _endless
    with pytest.raises(FetchRefusedError):
        fetch(server.at("/a"), headers={}, allowed=HERE, limits=SMALL)


@pytest.mark.parametrize(
    "bomb", [gzip.compress(b"\0" * 50_000_000), gzip.compress(b"") * 50_000], ids=["large", "of empty members"]
)
def test_a_bomb_is_counted_after_it_went_off(server: Server, bomb: bytes) -> None:
    server.answers["/a"] = says(200, bomb, Content_Encoding="gzip")
    with pytest.raises(FetchRefusedError):
        fetch(server.at("/a"), headers={}, allowed=HERE, limits=SMALL)


def test_what_is_compressed_is_read(server: Server) -> None:
    server.answers["/a"] = says(200, gzip.compress(b"words"), Content_Encoding="gzip")
    assert fetch(server.at("/a"), headers={}, allowed=HERE).body == b"words"


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate"])
def test_a_form_that_was_not_asked_for_is_refused(server: Server, encoding: str) -> None:
    server.answers["/a"] = says(200, b"words", Content_Encoding=encoding)
    with pytest.raises(FetchRefusedError):
        fetch(server.at("/a"), headers={}, allowed=HERE)


@pytest.mark.parametrize("body", [b"words", gzip.compress(b"words" * 50)[:-9]], ids=["no gzip", "cut off"])
def test_what_cannot_be_decompressed_may_be_better_the_next_time(server: Server, body: bytes) -> None:
    server.answers["/a"] = says(200, body, Content_Encoding="gzip")
    with pytest.raises(FetchError):
        fetch(server.at("/a"), headers={}, allowed=HERE)


def _drip(before: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(before)
        for _ in range(200):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "before", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "], ids=["body", "headers"]
)
def test_a_slow_drip_ends_with_the_time_for_all_of_it(server: Server, before: bytes) -> None:
    server.answers["/a"] = _drip(before)
    began = time.monotonic()
    with pytest.raises(FetchError):
        fetch(server.at("/a"), headers={}, allowed=HERE, limits=SMALL)
    assert time.monotonic() - began < 3


def test_redirects_share_the_time(server: Server) -> None:
    def slow(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.4)
        says(302, Location="/a")(request)

    server.answers["/a"] = slow
    with pytest.raises(FetchError):
        fetch(server.at("/a"), headers={}, allowed=HERE, limits=SMALL)
    assert len(server.asked) <= 3


def test_a_server_that_is_silent_or_away_may_answer_the_next_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{port}/", headers={}, allowed=HERE, limits=SMALL)
    with pytest.raises(FetchError):
        fetch(f"http://127.0.0.1:{port}/", headers={}, allowed=HERE, limits=SMALL)
    with pytest.raises(FetchError):
        fetch("http://nowhere.invalid/", headers={}, limits=SMALL)


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(server: Server) -> None:
    server.answers["/a"] = says(200, b"half", Content_Length="8")
    with pytest.raises(FetchError):
        fetch(server.at("/a"), headers={}, allowed=HERE)


@pytest.mark.parametrize(
    "address", ["", "x", "http://", "file:///etc/passwd", "http://a b/", "http://\udcff/", "http://[/"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises((FetchRefusedError, FetchError)):
        fetch(address, headers={}, allowed=HERE)


def test_errors_name_no_more_than_the_host(server: Server) -> None:
    server.answers["/secret-token"] = says(200, b"half", Content_Length="8")
    with pytest.raises(FetchError) as broke_off:
        fetch(server.at("/secret-token"), headers={}, allowed=HERE)
    assert "secret" not in str(broke_off.value)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For `localhost`, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path


def test_the_certificate_is_held_against_the_name_although_the_address_is_pinned(certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    names: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(tls) as server:
        server.answers["/a"] = says(200, b"words")
        address = f"https://localhost:{server.port}/a"
        assert fetch(address, headers={}, allowed=HERE, tls=trusting).body == b"words"
        assert names == ["localhost"]
        with pytest.raises(FetchError, match="certificate"):
            fetch(address, headers={}, allowed=HERE)
        with pytest.raises(FetchError, match="certificate"):
            fetch(f"https://127.0.0.1:{server.port}/a", headers={}, allowed=HERE, tls=trusting)
