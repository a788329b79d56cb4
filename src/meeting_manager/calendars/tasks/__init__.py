"""The ledger's handlers of this room: all that uses the network. What they record goes through `services`."""

from meeting_manager.calendars.tasks import reading, revoking, subscribing, writing


def register() -> None:
    """Called once at start-up."""
    reading.register()
    writing.register()
    revoking.register()
    subscribing.register()
