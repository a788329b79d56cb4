"""Connections that are made to a checked address, and all of whose waiting ends at one deadline.

The name is resolved once, when a connection is made, and the connection goes to what was checked: a name that
answers differently a moment later changes nothing. Host header and certificate are still those of the name.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from meeting_manager.adapters.fetching.addresses import Network, permitted
from meeting_manager.adapters.fetching.errors import FetchError, FetchRefusedError


class Deadline:
    """The end of all patience, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises FetchError when it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(f"The server took longer than {self._seconds:g} seconds.")
        return left


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only, and to the `allowed` networks."""

    def __init__(self, deadline: Deadline, allowed: Sequence[Network]) -> None:
        self._deadline = deadline
        self._allowed = allowed
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is the only one
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's permitted addresses that answers. Raises FetchRefusedError, FetchError."""
        found = _resolve(host, port, self._deadline.left())
        addresses = [address for address in found if permitted(address, self._allowed)]
        if not addresses:
            raise FetchRefusedError(f"{host} is an address of a private network, which is not fetched from.")
        for at, address in enumerate(addresses):
            share = self._deadline.left() / (len(addresses) - at)
            try:
                return _Timed(
                    self._sockets.connect_tcp(address, port, share, local_address, socket_options), self._deadline
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise FetchError(f"{host} does not answer.")


class _Timed(httpcore.NetworkStream):
    """A stream each of whose steps may take what is left until the deadline, so that no drip goes on for ever."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see the class
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see the class
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see the class
    ) -> httpcore.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self._inner.get_extra_info(info)


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. The system's own look-up knows no deadline, so it is left behind in its thread."""
    found: list[str] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    addresses = list(found)
    if not addresses:
        raise FetchError(f"The name {host} is not known.")
    return addresses
