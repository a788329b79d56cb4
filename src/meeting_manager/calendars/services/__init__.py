"""What may happen to connected calendars and their events. Connecting accounts is in `connecting.py`."""

from meeting_manager.calendars.services.disconnecting import disconnect
from meeting_manager.calendars.services.events import record_event, remove_event
from meeting_manager.calendars.services.integrations import create_integration, delete_integration, edit_integration

__all__ = ["create_integration", "delete_integration", "disconnect", "edit_integration", "record_event", "remove_event"]
