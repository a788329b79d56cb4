"""Connected calendars."""

from meeting_manager.config.env import env

CALENDAR_STALE_HOURS: int = env.integer(
    "CALENDAR_STALE_HOURS",
    24,
    "So long a calendar may go unread before its owner is told, once a day; after three times that the admins are too.",
    low=1,
    high=720,
)
