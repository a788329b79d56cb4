"""What must hold for connected calendars and the time their events block."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from operator import itemgetter

from django.db.models import Count

from meeting_manager.adapters.inspection import CHUNK, Beside, Check, Inspection, Violation
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import blocks
from meeting_manager.calendars.services.busy_time import MOST_DAYS, PAST_DAYS
from meeting_manager.names.verify import counters_behind, misnamed

_DAY = 86_400
_REMEDY = "Deactivate its calendar and activate it again: that writes the time anew."

Piece = tuple[int, int, int, int]
"""event, user, starts, ends"""


def _primaries(inspection: Inspection) -> Iterator[Violation]:
    calendars = CalendarIntegration.objects.filter(is_active=True, is_primary=True).order_by()
    counts = calendars.values_list("user__email").annotate(number=Count("pk")).filter(number__gt=1)
    for email, number in inspection.count(counts):
        wrong = f"This user has {number} active primary calendars."
        yield Violation(email, wrong, "Unset Is Primary in all but one.")


def _names(inspection: Inspection) -> Iterator[Violation]:
    calendars = CalendarIntegration.objects.order_by("pk")
    events = CalendarEventSync.objects.order_by("pk")
    owned = calendars.values_list("name", "user__email").iterator(CHUNK)
    synced = events.values_list("name", "calendar_integration__name").iterator(CHUNK)
    yield from misnamed("MM-CI", inspection.count(owned))
    yield from misnamed("MM-CES", inspection.count(synced))
    yield from counters_behind(calendars.values_list("name", flat=True).iterator(CHUNK))
    yield from counters_behind(events.values_list("name", flat=True).iterator(CHUNK))


def _busy_time(inspection: Inspection) -> Iterator[Violation]:
    """Both tables in the order of events, side by side."""
    horizon = int((inspection.now - timedelta(days=PAST_DAYS)).timestamp())
    rows = BusyTime.objects.filter(event__isnull=False).order_by("event_id", "starts", "user_id")
    columns = rows.values_list("event_id", "user_id", "starts", "ends")
    pieces = Beside(columns.iterator(CHUNK), itemgetter(0))
    events = CalendarEventSync.objects.select_related("calendar_integration").order_by("pk")
    for event in inspection.count(events.iterator(CHUNK)):
        for wrong in _problems(event, pieces.of(event.pk), horizon):
            yield Violation(event.name, wrong, _REMEDY)


def _problems(event: CalendarEventSync, found: Sequence[Piece], horizon: int) -> Iterator[str]:
    if not blocks(event, event.calendar_integration):
        if found:
            yield "It does not block, but busy time is kept for it."
        return
    start, end = int(event.start_datetime.timestamp()), int(event.end_datetime.timestamp())
    if not found:
        # What lay more than a year back when it was written is left out.
        if end > horizon:
            yield "It blocks, but no busy time is kept for it."
        return
    if any(user != event.calendar_integration.user_id for _, user, _, _ in found):
        yield "Its busy time is another user's."
    if not _covers(found, start, end, horizon):
        yield "Its busy time is not the time of the event."


def _covers(found: Sequence[Piece], start: int, end: int, horizon: int) -> bool:
    spans = [(starts, ends) for _, _, starts, ends in found]
    first, last = spans[0][0], spans[-1][1]
    is_whole = all(earlier[1] == later[0] for earlier, later in pairwise(spans))
    begins = first == start or start < first <= horizon
    return is_whole and begins and last == min(end, first + MOST_DAYS * _DAY)


CHECKS = (
    Check("nobody has two primary calendars", _primaries),
    Check("calendars and events bear names of their owners", _names),
    Check("busy time is what events say", _busy_time),
)
