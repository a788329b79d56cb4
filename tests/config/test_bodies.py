"""A refusal that needed no body must not cost the client its connection."""

import socket

import pytest

from tests.site import Site


@pytest.mark.parametrize("path", ["/api/v1/bookings/BK-AAAAAAAA/approve", "/api/v1/nope", "/book/support/call/details"])
@pytest.mark.parametrize("size", [10, 300_000])
def test_a_connection_survives_an_answer_that_read_no_body(site: Site, path: str, size: int) -> None:
    body = b"x" * size
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        for _ in range(5):
            connection.sendall(head.encode())
            connection.sendall(body)
            status = _answer(connection)
            assert status.startswith("HTTP/1.1 4"), status


def _answer(connection: socket.socket) -> str:
    """The status line of one whole answer."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _piece(connection)
    head, _, rest = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(rest)
    while missing > 0:
        missing -= len(_piece(connection))
    return head.split(b"\r\n")[0].decode()


def _piece(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    assert piece, "the server has closed the connection"
    return piece
