"""Has a process of its own read a file: it ends after its time, and takes nothing along."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict

from meeting_manager.adapters.calendar.errors import TransientError, UnreadableError
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window
from meeting_manager.adapters.calendar.reading.facts import Reader, Reading

READ_SECONDS = 30.0

_CHILD = "meeting_manager.adapters.calendar.reading"


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
    sent = json.dumps(order).encode() + b"\n" + text
    command = [sys.executable, "-m", _CHILD]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=sent, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"Reading this calendar takes longer than {seconds:g} seconds.") from error
    if done.returncode != 0:
        raise TransientError("Reading this calendar ended before its end: it needs too much memory or time.")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableError(answer["refused"])
    events = [PulledEvent(**{**event, "attendees": tuple(event["attendees"])}) for event in answer["events"]]
    return Reading(events, answer["unread"], answer["problems"])
