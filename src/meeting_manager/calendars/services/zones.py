"""In which zone somebody's calendar is read."""

from django.conf import settings

from meeting_manager.departments.models import DepartmentMember
from meeting_manager.people.models import UserSettings


def zone_of(user_id: int) -> str:
    """The member's time zone; where it is empty their first department's, else the site's."""
    own = UserSettings.objects.filter(user=user_id).values_list("timezone", flat=True).first()
    if own:
        return own
    rows = DepartmentMember.objects.filter(member=user_id, is_active=True).order_by("pk")
    return rows.values_list("department__timezone", flat=True).first() or str(settings.TIME_ZONE)
