"""``meeting-manager receive-mail``."""  # noqa: N999 - the command's name, which nobody imports

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error
from django.utils import timezone

from meeting_manager.notifications.replies.reading import LONGEST_MAIL, Answer, read
from meeting_manager.notifications.replies.refusals import Refused
from meeting_manager.notifications.services.answering import take

_READING_SECONDS = 20

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """For the pipe of a mail server: it ends with a code of sysexits, and sends nothing back."""

    help = "Read one mail on standard input, and note the answer to an invitation in it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the mail came to."""
        parser.add_argument("--recipient", default="", metavar="ADDRESS", help="otherwise the headers of the mail say")

    def handle(self, recipient: str, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Ends the process where the answer is not taken: 65 or 67 for good, 75 where it is to be tried again."""
        raw = sys.stdin.buffer.read(LONGEST_MAIL + 1)
        try:
            with _time_limit(_READING_SECONDS):
                answer = read(raw, recipient)
            _take(answer)
        except Refused as error:
            log.warning("answer by mail refused", reason=error.reason.value)
            self.stderr.write(error.sentence)
            sys.exit(error.exit_code)
        except Error as error:
            log.error("answer by mail postponed", error=type(error).__name__)
            sys.exit(os.EX_TEMPFAIL)


def _take(answer: Answer) -> None:
    take(answer=answer, now=timezone.now())
    log.info("answer by mail noted", thread=answer.thread)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError within where it takes longer; in the main thread only."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
