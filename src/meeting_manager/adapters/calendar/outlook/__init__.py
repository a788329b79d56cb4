"""Outlook's calendars (Microsoft Graph v1.0): what changed in a view of them, and events that are made once.

`calendar.py` asks, `reading.py` understands what is told of events, `writing.py` says what is ours of them.
"""

from meeting_manager.adapters.calendar.outlook.calendar import OutlookCalendar

__all__ = ["OutlookCalendar"]
