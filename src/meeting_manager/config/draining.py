"""Stopping without a lost request: turn newcomers away at the kernel's door before the listening socket closes.

A socket that closes resets the connections that wait in its queue. So a filter on it first drops packets that ask for a
new connection; what is queued gets served meanwhile, and a newcomer's machine asks again a second later, by when it is
told that nobody listens, or finds the successor.
"""

import ctypes
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUEUE_SECONDS = 0.4
"""Time for what is queued to be accepted and read."""

SO_ATTACH_FILTER = 26
TCP_FLAGS_OFFSET = 13
SYN_AND_ACK, SYN = 0x12, 0x02

# A classic BPF program over the TCP header: load the flags, keep SYN and ACK, drop what is SYN alone.
LOAD_BYTE, AND, JUMP_IF_EQUAL, RETURN = 0x30, 0x54, 0x15, 0x06
DROP_NEWCOMERS = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in (
        (LOAD_BYTE, 0, 0, TCP_FLAGS_OFFSET),
        (AND, 0, 0, SYN_AND_ACK),
        (JUMP_IF_EQUAL, 0, 1, SYN),
        (RETURN, 0, 0, 0),
        (RETURN, 0, 0, 0xFFFFFFFF),
    )
)


def refuse_new_connections() -> None:
    """Effect: no listening socket of this process gets new connections any more; those it has stay."""
    program = ctypes.create_string_buffer(DROP_NEWCOMERS)
    # struct sock_fprog: the number of instructions, of 8 bytes each, and where they are
    description = struct.pack("HP", len(DROP_NEWCOMERS) // 8, ctypes.addressof(program))
    with _listening_sockets() as listening:
        for each in listening:
            each.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, description)


@contextmanager
def _listening_sockets() -> Iterator[list[socket.socket]]:
    opened = [found for name in os.listdir("/proc/self/fd") if (found := _socket(int(name)))]  # noqa: PTH208 - numbers
    try:
        yield [each for each in opened if each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)]
    finally:
        for each in opened:
            each.close()


def _socket(descriptor: int) -> socket.socket | None:
    try:
        if not str(Path(f"/proc/self/fd/{descriptor}").readlink()).startswith("socket:"):
            return None
        return socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return None
