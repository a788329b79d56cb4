"""Deliveries whose effect can be counted, whatever kills the process that brings them."""

import os
import time
from datetime import datetime

from django.apps import AppConfig
from django.conf import settings

from meeting_manager.ledger.handlers import Job, Outcome, register

KIND = "append"


class Appending(AppConfig):
    """One thread, so that one kill can cut off one delivery at most."""

    name = "tests.soak.appending"
    label = "appending"

    def ready(self) -> None:
        """Register the handler."""
        register(KIND, append, threads=1)


def append(job: Job, now: datetime) -> Outcome:
    """Write the key into DATA_DIR/delivered, after half of the `seconds` that it is to take."""
    time.sleep(job.payload["seconds"] / 2)
    descriptor = os.open(settings.DATA_DIR / "delivered", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{job.key}\n".encode())
    os.close(descriptor)
    time.sleep(job.payload["seconds"] / 2)
    return Outcome()
