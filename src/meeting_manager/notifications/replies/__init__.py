"""What calendars of participants send back: the address they send it to, and what it says."""

from meeting_manager.notifications.replies.addresses import new_thread_organizer, organizer

__all__ = ["new_thread_organizer", "organizer"]
