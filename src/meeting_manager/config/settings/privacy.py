"""How long personal data is kept."""

from meeting_manager.config.env import env

RETENTION_DAYS: int = env.integer(
    "RETENTION_DAYS",
    0,
    "So many days after a booking ended, who its customer and guests were is erased from it; 0 = it is kept for ever.",
    low=0,
    high=36_500,
)
