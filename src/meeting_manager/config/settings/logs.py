"""What is logged, and in which form."""

from meeting_manager.config.env import env
from meeting_manager.config.logs import configure

LOG_LEVEL: str = env.choice(
    "LOG_LEVEL", "INFO", "The least important entries that are logged.", among=("DEBUG", "INFO", "WARNING", "ERROR")
)
LOG_FORMAT: str = env.choice(
    "LOG_FORMAT",
    "auto",
    "The form of log entries: for people, for machines, or by whether a terminal is watching.",
    among=("auto", "console", "json"),
)
LOGGING = configure(LOG_FORMAT, LOG_LEVEL)
