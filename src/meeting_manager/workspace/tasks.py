"""What the workspace has workers do: carry on with many bookings."""

from datetime import datetime

from meeting_manager.ledger import handlers
from meeting_manager.ledger.handlers import Job, Outcome, Postponed
from meeting_manager.workspace.models import BulkRun
from meeting_manager.workspace.services.runs import BULK, carry_on

AT_A_TIME = 100
"""Then others have their turn."""


def register() -> None:
    """Have runs carried on, one at a time in each process."""
    handlers.register(BULK, go_on, threads=1)


def go_on(job: Job, now: datetime, at_a_time: int = AT_A_TIME) -> Outcome:
    """Do a part of a run, and ask to be called again while something is left."""
    run = BulkRun.objects.select_related("user").filter(pk=job.payload["run"]).first()
    if run is None:
        return Outcome("Its result is no longer kept.", skipped=True)
    left = carry_on(run=run, most=at_a_time, now=now)
    if left:
        raise Postponed(now, f"{left} still to do.")
    return Outcome()
