"""The worker on PostgreSQL: procrastinate tells it what to look at, on any number of machines; the ledger decides.

A job of procrastinate's names a row; the row is claimed, kept and finished as everywhere. The sweep mends what jobs
cannot: rows whose job was lost, and rows whose worker died.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.app import WorkerOptions
from procrastinate.contrib.django import connector_params

from meeting_manager.ledger.lanes import Lane
from meeting_manager.ledger.loops import Loop, Trouble
from meeting_manager.ledger.services import queue
from meeting_manager.ledger.services.deferring import TASK, sweep
from meeting_manager.ledger.worker import Clock, Worker

POLL_SECONDS = 1.0
"""How often a lane looks for jobs whose time has come; of new ones that may begin it is told by PostgreSQL."""

_SWEEP_SECONDS = 5.0
_NEVER_SECONDS = 86_400.0
_ABANDON_SECONDS = 0.5
_MOST_CONNECTIONS = 4
_CONNECT_SECONDS = 10.0


class DistributedWorker(Worker):
    """A worker of procrastinate's for each lane, in one event loop; the handlers run in the threads of the lanes."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._trouble = Trouble("procrastinate")
        self._fetching = Loop("fetch", self._fetch_on)
        self._sweeper = Loop("sweep", self._sweep)
        self._stopping = False
        self._halt: Callable[[], object] = lambda: None

    def wake(self) -> None:
        """Nothing to do: PostgreSQL tells procrastinate of new jobs."""

    def _start_fetching(self) -> None:
        self._fetching.start()
        self._sweeper.start()

    def _stop_fetching(self, deadline: float) -> None:
        self._stopping = True
        with contextlib.suppress(RuntimeError):  # its loop is closed already
            self._halt()
        for loop in (self._fetching, self._sweeper):
            loop.end(deadline - time.monotonic())

    def _sweep(self) -> float:
        lease = settings.WORKER_LEASE_SECONDS
        sweep(self.clock(), list(self.lanes), dead_after=lease)
        return float(min(_SWEEP_SECONDS, lease / 2))

    def _fetch_on(self) -> float:
        connection.ensure_connection()  # where there is no database, procrastinate would wait half a minute for it
        connection.close()
        return asyncio.run(self._fetch())

    async def _fetch(self) -> float:
        halted = asyncio.Event()
        self._halt = partial(asyncio.get_running_loop().call_soon_threadsafe, halted.set)
        if self._stopping:
            return 0.0
        async with self._app().open_async() as app:
            serving = [asyncio.create_task(self._serve(app, lane)) for lane in self.lanes.values()]
            await halted.wait()
            for each in serving:
                each.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
        return 0.0

    async def _serve(self, app: App, lane: Lane) -> None:
        """Fetch jobs for a lane until cancelled; where procrastinate gives up, as over a lost database, start anew."""
        while True:
            error = Exception("a worker of procrastinate's has stopped")
            try:
                await app.run_worker_async(**_options(lane))
            except Exception as raised:  # noqa: BLE001 - it has to go on whatever went wrong
                error = raised
            await asyncio.sleep(self._trouble.met(error))

    def _app(self) -> App:
        connector = PsycopgConnector(
            kwargs=connector_params(),
            configure=_configure,
            min_size=1,
            max_size=_MOST_CONNECTIONS,
            timeout=_CONNECT_SECONDS,
            reconnect_timeout=_CONNECT_SECONDS,
        )
        app = App(connector=connector)

        @app.task(name=TASK, pass_context=True)
        async def run_delivery(context: JobContext, delivery: int) -> None:
            lane = self.lanes[context.job.queue]
            await asyncio.wrap_future(lane.submit(partial(self._run, lane.kind, delivery, context.job.scheduled_at)))

        return app

    def _run(self, kind: str, delivery: int, scheduled: datetime | None) -> None:
        self._trouble.over()
        # PostgreSQL says that its time has come; should the clock here be late, it is right all the same.
        now = max(self.clock(), scheduled or datetime.min.replace(tzinfo=UTC))
        job = queue.claim_one(delivery, now, self.owner, [kind])
        if job:
            self._carry_out(job)


async def _configure(opened: psycopg.AsyncConnection[Any]) -> None:
    # What procrastinate writes may be lost in a crash, because the sweep writes it again: so nobody waits for the disk.
    await opened.set_autocommit(True)
    await opened.execute("SET synchronous_commit = off")


def _options(lane: Lane) -> WorkerOptions:
    lease = settings.WORKER_LEASE_SECONDS
    return {
        "queues": [lane.kind],
        "name": lane.kind,
        "concurrency": lane.size,
        "install_signal_handlers": False,
        "fetch_job_polling_interval": POLL_SECONDS,
        "abort_job_polling_interval": _NEVER_SECONDS,
        "delete_jobs": "always",
        "shutdown_graceful_timeout": _ABANDON_SECONDS,  # only its own book-keeping: our threads finish what they run
        "update_heartbeat_interval": lease / 3,
        "stalled_worker_timeout": float(lease),
    }
