"""What goes wrong with a calendar, by what is to be done about it.

A `TransientError` passes by itself. With all others the same request would be refused again: something has to be done
first, which the class names. The texts are for the calendar's owner and hold nothing of its contents.
"""

from datetime import timedelta

from meeting_manager.adapters.errors import AdapterError, RefusedError


class TransientError(AdapterError):
    """Not reachable, too slow, or in trouble itself: try again later."""


class RateLimitedError(TransientError):
    """Asked too often: try again, but not before `retry_after`."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConflictError(RefusedError):
    """The event was changed there since we read it: read it again, then decide anew."""


class NotFoundError(RefusedError):
    """The calendar or the event is not there (any more)."""


class CursorInvalidError(RefusedError):
    """The calendar no longer knows the cursor: pull everything, with none."""


class AuthRevokedError(RefusedError):
    """We are not let in (any more): the owner has to connect the calendar anew."""


class UnreadableError(RefusedError):
    """What came is no calendar, or more than we read: the owner has to look at it."""
