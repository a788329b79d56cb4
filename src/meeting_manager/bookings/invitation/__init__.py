"""A booking in people's calendars: one entry for its whole life, which a move or cancellation updates."""

from meeting_manager.bookings.invitation.entry import invitation, mail_part
from meeting_manager.bookings.invitation.feed import feed, feed_version
from meeting_manager.bookings.invitation.shortcuts import calendar_links

__all__ = ["calendar_links", "feed", "feed_version", "invitation", "mail_part"]
