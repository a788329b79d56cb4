"""Requests to addresses that somebody typed, within limits that hold for all of them together, redirects included."""

import base64
import ssl
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore
import httpx

from meeting_manager.adapters.fetching.addresses import Network
from meeting_manager.adapters.fetching.connecting import Deadline, GuardedBackend
from meeting_manager.adapters.fetching.errors import FetchError, FetchRefusedError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SEE_OTHER = 303
_GZIP = 31
"""What zlib calls the format with gzip's header."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused: more bytes of an answer once decompressed, more seconds in all, more redirects of a request."""

    size: int = 5_000_000
    seconds: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status; header names are in lower case, the body is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""
    """Where it came from, behind all redirects."""


Authorizing = Callable[[str, httpx.URL], str]
"""Gives the Authorization header for a request by its method and address; empty where that address is to get none."""


def fetch(
    address: str,
    *,
    headers: Mapping[str, str],
    allowed: Sequence[Network] = (),
    limits: Limits = Limits(),
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """GET an http or https address; user and password in it become Basic authentication, for its host alone.

    Every host on the way is resolved once and has to be public or in an `allowed` network. Raises FetchRefusedError
    where we do not go on, FetchError where another try may succeed.
    """
    with Connections(allowed=allowed, limits=limits, tls=tls) as connections:
        return connections.request("GET", address, headers={**headers, **_authorization(_read(address))})


class Connections:
    """Requests that belong together: connections are kept, and the seconds of `limits` hold for all of them."""

    def __init__(
        self, *, allowed: Sequence[Network] = (), limits: Limits = Limits(), tls: ssl.SSLContext | None = None
    ) -> None:
        self._limits = limits
        backend = GuardedBackend(Deadline(limits.seconds), allowed)
        self._pool = httpcore.ConnectionPool(ssl_context=tls or _tls(), network_backend=backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.close()

    def request(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        authorize: Authorizing | None = None,
    ) -> Fetched:
        """Ask with any method; redirects get the same question, but "see other" is followed by GET alone.

        An Authorization header among `headers` stays with the host of `address`; `authorize` is asked at every step.
        Raises as `fetch`.
        """
        url = _read(address)
        asked = {"Accept-Encoding": "gzip", "User-Agent": "Meeting Manager", **headers}
        for _ in range(self._limits.redirects + 1):
            proof = authorize(method, url) if authorize else ""
            answer = _ask(
                self._pool, method, url, asked | ({"Authorization": proof} if proof else {}), body, self._limits
            )
            if not _leads_on(method, answer):
                return answer
            following = _read(str(url.join(_read_reference(answer.headers["location"]))))
            if (following.scheme, following.netloc) != (url.scheme, url.netloc):
                asked.pop("Authorization", None)
            url = following
        raise FetchRefusedError(f"{url.host} leads on more than {self._limits.redirects} times.")


def _leads_on(method: str, answer: Fetched) -> bool:
    is_meant = answer.status in _REDIRECTS and (method == "GET" or answer.status != _SEE_OTHER)
    return is_meant and "location" in answer.headers


def _read(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchRefusedError("This is not an address that can be fetched.") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise FetchRefusedError("Only addresses that begin with http:// or https:// can be fetched.")
    return url


def _read_reference(location: str) -> httpx.URL:
    try:
        return httpx.URL(location)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchRefusedError("The server leads to something that is no address.") from error


def _authorization(url: httpx.URL) -> dict[str, str]:
    if not url.username and not url.password:
        return {}
    pair = f"{url.username}:{url.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _ask(
    pool: httpcore.ConnectionPool, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, limits: Limits
) -> Fetched:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    try:
        with pool.stream(method, target, headers=_sent(headers, body), content=body or None) as response:
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS | {HTTPStatus.NOT_MODIFIED}:
                return Fetched(response.status, told, b"", _place(url))
            whole = _whole(response.iter_stream(), told.get("content-encoding", ""), url.host, limits.size)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise FetchError(f"{url.host} could not be read: {_why(error)}.") from error
    return Fetched(response.status, told, whole, _place(url))


def _place(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))


def _sent(headers: Mapping[str, str], body: bytes) -> list[tuple[bytes, bytes]]:
    length = {"Content-Length": str(len(body))} if body else {}
    return [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in {**headers, **length}.items()]


def _whole(stream: Iterable[bytes], encoding: str, host: str, most: int) -> bytes:
    """The body, decompressed in steps that never exceed what is allowed, however small the bomb came in."""
    inflating = zlib.decompressobj(_GZIP) if encoding.strip().lower() in {"gzip", "x-gzip"} else None
    if inflating is None and encoding.strip().lower() not in {"", "identity"}:
        raise FetchRefusedError(f"{host} answers in a form that was not asked for.")
    body, received = bytearray(), 0
    for chunk in stream:
        received += len(chunk)
        try:
            body += inflating.decompress(chunk, most + 1 - len(body)) if inflating else chunk
        except zlib.error as error:
            raise FetchError(f"{host} sent something that cannot be decompressed.") from error
        if max(len(body), received) > most:
            raise FetchRefusedError(f"{host} sends more than {most // 1_000_000} MB.")
    if inflating and not inflating.eof:
        raise FetchError(f"{host} broke off.")
    return bytes(body)


def _why(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "it took too long"
    if isinstance(error.__cause__, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(error):
        return "its certificate is not valid"
    return "the connection broke off"


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
