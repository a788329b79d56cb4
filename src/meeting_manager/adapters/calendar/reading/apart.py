"""Has a process of its own read a file: it ends after its time, and takes nothing along."""

import json
import socket
import time
from collections.abc import Mapping
from dataclasses import asdict

from meeting_manager.adapters.calendar.errors import TransientError, UnreadableError
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window
from meeting_manager.adapters.calendar.reading.facts import Reader, Reading
from meeting_manager.adapters.calendar.reading.process import READING_PROCESS

READ_SECONDS = 30.0

_PART = 1_000_000
_LEAST_SECONDS = 0.001


def read_apart(text: bytes, window: Window, reader: Reader, *, seconds: float = READ_SECONDS) -> Reading:
    """The events of the file `text` in the window. Blocks for `seconds` at most.

    Raises UnreadableError where the file is no calendar, too large or takes too long; TransientError where the process
    could not do its work.
    """
    return _ordered({"window": window, "reader": asdict(reader)}, text, seconds)


def read_files_apart(
    files: Mapping[str, bytes], window: Window, reader: Reader, *, seconds: float = READ_SECONDS
) -> Reading:
    """The same for many files at once, each known by its name: the ids of its events are the name, or begin with it and
    "/". A file that cannot be read is told as `unread`, by name, and costs only itself. Raises as above.
    """
    if not files:
        return Reading()
    sizes = [(name, len(text)) for name, text in files.items()]
    order = {"window": window, "reader": asdict(reader), "files": sizes}
    return _ordered(order, b"".join(files.values()), seconds)


def _ordered(order: Mapping[str, object], text: bytes, seconds: float) -> Reading:
    try:
        told = _asked(json.dumps(order).encode() + b"\n" + text, seconds)
    except TimeoutError as error:
        raise UnreadableError(f"Reading this calendar takes longer than {seconds:g} seconds.") from error
    except OSError as error:
        raise TransientError("Reading this calendar was not possible here.") from error
    if not told:
        raise TransientError("Reading this calendar ended before its end: it needs too much memory or time.")
    answer = json.loads(told)
    if "refused" in answer:
        raise UnreadableError(answer["refused"])
    events = [PulledEvent(**{**event, "attendees": tuple(event["attendees"])}) for event in answer["events"]]
    return Reading(events, answer["unread"], answer["problems"])


def _asked(sent: bytes, seconds: float) -> bytes:
    """What the process apart answers. Raises TimeoutError where it takes longer, another OSError where it is gone."""
    until = time.monotonic() + seconds
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            READING_PROCESS.hand(theirs, seconds)
        ours.settimeout(seconds)
        ours.sendall(sent)
        ours.shutdown(socket.SHUT_WR)
        told = bytearray()
        while part := ours.recv(_PART):
            told += part
            ours.settimeout(max(until - time.monotonic(), _LEAST_SECONDS))
        return bytes(told)
