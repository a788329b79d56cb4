"""From an iCalendar file to the events in a window, in a process of its own that is ended after its time."""

from meeting_manager.adapters.calendar.reading.apart import read_apart, read_files_apart
from meeting_manager.adapters.calendar.reading.facts import Reader, Reading

__all__ = ["Reader", "Reading", "read_apart", "read_files_apart"]
