"""Whose calendar could not be read for so long that it may no longer say when they are busy.

What was read last goes on blocking either way; whether such members are still offered is their department's to say,
which the engine is told with their settings.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.db.models.functions import Coalesce

from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services.pulling import readable
from meeting_manager.people.models import UserSettings


def note_unread(now: datetime, calendar: int | None = None) -> int:
    """Make `calendars_unread_since` of everybody, or of the owner of one calendar, say what holds at `now`; returns how
    many changed.

    A calendar that is to be read counts from its last reading, or from the first failure where it never was read;
    CALENDAR_STALE_HOURS after that its owner is noted. Two queries, and one for each user who changes. Periodic; `now`
    aware UTC.
    """
    cutoff = now - timedelta(hours=settings.CALENDAR_STALE_HOURS)
    calendars = CalendarIntegration.objects.filter(readable()).annotate(read=Coalesce("last_sync", "failing_since"))
    noted = UserSettings.objects.filter(calendars_unread_since__isnull=False)
    if calendar is not None:
        owner = CalendarIntegration.objects.filter(pk=calendar).values("user")
        calendars, noted = calendars.filter(user__in=owner), noted.filter(user__in=owner)
    unread = calendars.filter(read__lt=cutoff).order_by().values_list("user").annotate(since=Min("read"))
    wanted: dict[int, datetime | None] = dict(unread)
    known = dict(noted.values_list("user", "calendars_unread_since"))
    changed = {user: wanted.get(user) for user in wanted.keys() | known.keys() if wanted.get(user) != known.get(user)}
    for user, since in changed.items():
        UserSettings.objects.filter(user=user).update(calendars_unread_since=since)
    return len(changed)
