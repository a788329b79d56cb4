"""Has a process of its own read a file: it ends after its time, and takes nothing along."""

import json
import subprocess
import sys
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
    order = json.dumps({"window": window, "reader": asdict(reader)}).encode() + b"\n"
    command = [sys.executable, "-m", _CHILD]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=order + text, capture_output=True, timeout=seconds, check=False
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
