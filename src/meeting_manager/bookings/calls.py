"""Video calls that need nobody to make them: rooms at a Jitsi server, whose address is all it takes."""

import secrets

from django.conf import settings

from meeting_manager.departments.choices import LocationType, VideoPlatform
from meeting_manager.departments.models import MeetingType

_SECRET_BYTES = 16


def new_room(kind: MeetingType, location_type: str) -> str:
    """The address of a room of its own for a meeting of this type, which nobody can guess; empty where the type has no
    calls at Jitsi, or JITSI_URL is switched off."""
    is_jitsi = location_type == LocationType.VIDEO_CALL and kind.video_platform == VideoPlatform.JITSI
    if not is_jitsi or not settings.JITSI_URL:
        return ""
    room = f"{kind.department.department_slug[:40]}-{secrets.token_urlsafe(_SECRET_BYTES)}"
    return str(settings.JITSI_URL).replace("{room}", room)
