"""Background work: who carries deliveries out, and how long they are kept."""

from meeting_manager.config.env import env

WORKER_LEASE_SECONDS: int = env.integer(
    "WORKER_LEASE_SECONDS",
    30,
    "So long after a worker died or lost the database, others take over what it was at.",
    low=2,
    high=600,
)
DELIVERIES_KEEP_DAYS: int = env.integer(
    "DELIVERIES_KEEP_DAYS",
    90,
    "How long what was told to whom is kept; what was given up stays until people retry or discard it.",
    low=1,
    high=3650,
)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
"""Our `tasks.py` hold the ledger's handlers; procrastinate knows one task only, which it is told by the worker."""
