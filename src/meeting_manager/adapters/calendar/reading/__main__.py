"""The process apart: one line of JSON and one or more files come in, one object of JSON goes out.

Memory and processor time are bounded by the system where it can. What goes wrong is told by the exit code alone, as
a traceback could quote the calendar.
"""

import contextlib
import json
import sys
from dataclasses import asdict

from meeting_manager.adapters.calendar.errors import UnreadableError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading.facts import Reader

_MEMORY = 1_000_000_000
_PROCESSOR_SECONDS = 60


def main() -> int:
    """Read what comes in; 0 unless something was not foreseen."""
    _bound()
    order = json.loads(sys.stdin.buffer.readline())
    text = sys.stdin.buffer.read()
    window, reader = Window(*order["window"]), Reader(**order["reader"])
    from meeting_manager.adapters.calendar.reading.several import read_several
    from meeting_manager.adapters.calendar.reading.whole import read

    try:
        files = order.get("files")
        found = read(text, window, reader) if files is None else read_several(files, text, window, reader)
    except UnreadableError as error:
        answer: dict[str, object] = {"refused": str(error)}
    else:
        answer = asdict(found)
    sys.stdout.write(json.dumps(answer))
    return 0


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


if __name__ == "__main__":
    try:
        code = main()
    except Exception:  # noqa: BLE001 - see the top of this file
        code = 1
    sys.exit(code)
