"""The process that reads calendars, apart from us: what becomes of it, and of those who asked."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from meeting_manager.adapters.calendar.errors import TransientError, UnreadableError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading import Reader, read_apart
from meeting_manager.adapters.calendar.reading.process import READING_PROCESS

WINDOW = Window(1_796_000_000, 1_799_000_000)
SARAH = Reader("Europe/Berlin")
_ENDLESS = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


def _calendar(uid: str, *lines: str) -> bytes:
    event = "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{event}\nEND:VCALENDAR\n".encode()


def _read(uid: str) -> list[str]:
    text = _calendar(uid, "DTSTART:20261201T090000Z", "DTEND:20261201T100000Z")
    return [event.id for event in read_apart(text, WINDOW, SARAH).events]


def _endless(seconds: float) -> None:
    events = b"".join(
        f"BEGIN:VEVENT\nUID:{at}\nDTSTART:16010101T000000Z\n{_ENDLESS}\nEND:VEVENT\n".encode() for at in range(50)
    )
    with pytest.raises(UnreadableError, match="takes longer"):
        read_apart(b"BEGIN:VCALENDAR\n" + events + b"END:VCALENDAR\n", WINDOW, SARAH, seconds=seconds)


def _process() -> int:
    assert READING_PROCESS.number
    return READING_PROCESS.number


def _children(number: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(number)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _kill_forks() -> None:
    for child in _children(_process()):
        os.kill(child, signal.SIGKILL)


def test_it_stays_and_each_file_is_read_by_a_fork_of_it() -> None:
    assert _read("a") == ["a"]
    before = _process()
    assert _read("b") == ["b"]
    assert _process() == before


def test_many_are_read_at_once_and_each_gets_its_own() -> None:
    names = [f"event-{at}" for at in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(_read, names)) == [[name] for name in names]


def test_who_takes_too_long_is_killed_and_keeps_nobody_waiting() -> None:
    slow = threading.Thread(target=_endless, args=(2.0,))
    slow.start()
    begun = time.monotonic()
    assert _read("quick") == ["quick"]
    assert time.monotonic() - begun < 1.5
    slow.join()
    deadline = time.monotonic() + 10
    while _children(_process()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _children(_process()) == []


def test_it_is_started_anew_after_it_was_killed() -> None:
    _read("a")
    killed = _process()
    os.kill(killed, signal.SIGKILL)
    time.sleep(0.1)
    assert _read("b") == ["b"]
    assert _process() != killed


def test_who_was_asked_when_it_was_killed_is_asked_again_later() -> None:
    _read("a")
    timer = threading.Timer(0.5, _kill_forks)
    timer.start()
    with pytest.raises(TransientError, match="ended before its end"):
        read_apart(_calendar("x", "DTSTART:16010101T000000Z", _ENDLESS), WINDOW, SARAH)
    timer.join()


def test_it_ends_with_whoever_started_it_also_by_kill_9() -> None:
    script = (
        "import os, signal\n"
        "from tests.calendars.test_reading_process import READING_PROCESS, _read\n"
        "_read('a')\nprint(READING_PROCESS.number, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    number = int(ended.stdout)
    deadline = time.monotonic() + 10
    while _is_there(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_there(number)


def _is_there(number: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")
