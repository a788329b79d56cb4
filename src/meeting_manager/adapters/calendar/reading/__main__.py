"""The process apart: it knows the libraries, and forks itself for each order, so that none waits for them to load.

What comes in on its standard input, a Unix socket, is for each order a socket of its own and the seconds it may take.
On that socket one line of JSON and one or more files come in, one object of JSON goes out, and nothing at all where it
went wrong, as a traceback could quote the calendar. Memory and processor time are bounded by the system where it can;
who takes longer than allowed is killed. It all ends when the one who started it is gone.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import asdict

from meeting_manager.adapters.calendar.errors import UnreadableError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading.facts import Reader
from meeting_manager.adapters.calendar.reading.process import ORDER
from meeting_manager.adapters.calendar.reading.several import read_several
from meeting_manager.adapters.calendar.reading.whole import read

_MEMORY = 1_000_000_000
_PROCESSOR_SECONDS = 60
_LOOK_SECONDS = 0.5
_GRACE_SECONDS = 1.0
"""Who asked stops waiting first, and so knows that it was the time."""


def main() -> None:
    """Take orders until nobody can give any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the one who started us, who then is gone
    gc.freeze()
    orders, working = socket.socket(fileno=sys.stdin.fileno()), dict[int, float]()
    while True:
        ready, _, _ = select.select([orders], [], [], _LOOK_SECONDS if working else None)
        if ready:
            order, sockets, _, _ = socket.recv_fds(orders, ORDER.size, 1)
            if not order:
                break
            working[_fork(orders, sockets[0])] = time.monotonic() + ORDER.unpack(order)[0] + _GRACE_SECONDS
        _look_after(working)
    for child in working:
        os.kill(child, signal.SIGKILL)


def _fork(orders: socket.socket, descriptor: int) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(Exception):  # see the top of this file
            orders.close()
            _work(socket.socket(fileno=descriptor))
            code = 0
        os._exit(code)
    os.close(descriptor)
    return child


def _look_after(working: dict[int, float]) -> None:
    """Forget those that are done, and kill those whose time is over."""
    for child, until in list(working.items()):
        if os.waitpid(child, os.WNOHANG)[0]:
            del working[child]
        elif time.monotonic() > until:
            os.kill(child, signal.SIGKILL)


def _work(asked: socket.socket) -> None:
    _bound()
    with asked.makefile("rb") as sent:
        order, text = json.loads(sent.readline()), sent.read()
    window, reader, files = Window(*order["window"]), Reader(**order["reader"]), order.get("files")
    try:
        found = read(text, window, reader) if files is None else read_several(files, text, window, reader)
    except UnreadableError as error:
        answer: dict[str, object] = {"refused": str(error)}
    else:
        answer = asdict(found)
    asked.sendall(json.dumps(answer).encode())


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


if __name__ == "__main__":
    main()
