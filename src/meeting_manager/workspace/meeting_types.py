"""Meeting types as the workspace shows them: lists, tabs, copies, and what customers will see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting_manager.bookings import when
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.times import offered_slots
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services import create_meeting_type
from meeting_manager.departments.validators import MEETING_TYPE, QUESTION, REMINDER
from meeting_manager.people.models import User
from meeting_manager.workspace.departments import Tab

DAYS_AHEAD = 14
MOST_TIMES = 6
_LONGEST_NAME = 140
_TABS = (
    ("workspace_type", gettext_lazy("General")),
    ("workspace_type_reminders", gettext_lazy("Reminders")),
    ("workspace_type_questions", gettext_lazy("Questions")),
    ("workspace_type_preview", gettext_lazy("Preview")),
)


def tabs_of(meeting_type: MeetingType, here: str) -> list[Tab]:
    """The pages of a meeting type; `here` is the URL name of the one that is shown."""
    return [Tab(label, address(name, meeting_type), name == here) for name, label in _TABS]


def address(name: str, meeting_type: MeetingType) -> str:
    """The page of a meeting type with this URL name."""
    return reverse(name, args=[meeting_type.department.department_slug, meeting_type.meeting_slug])


def list_of(department: Department) -> QuerySet[MeetingType]:
    """The department's types with `asked` (questions) and `reminded` (reminders), the active first."""
    rows = department.meeting_types.select_related("department").order_by("-is_active", "meeting_name", "pk")
    return rows.annotate(
        asked=Count("questions", distinct=True),
        reminded=Count("reminders", distinct=True),
    )


def duplicate(actor: User, meeting_type: MeetingType) -> MeetingType:
    """A copy with its reminders and questions, not active yet. Raises PermissionDenied, ValidationError."""
    name = _free_name(meeting_type)
    fields = {field: getattr(meeting_type, field) for field in MEETING_TYPE if field != "meeting_slug"}
    return create_meeting_type(
        actor=actor,
        department=meeting_type.department,
        fields={**fields, "meeting_name": name, "is_active": False},
        reminders=[{field: getattr(row, field) for field in REMINDER} for row in meeting_type.reminders.all()],
        questions=[{field: getattr(row, field) for field in QUESTION} for row in meeting_type.questions.all()],
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """What guests are offered now: some starts (UTC), how many there are in all, the zone they are shown in."""

    starts: Sequence[datetime]
    total: int
    zone: str


def sample_of(meeting_type: MeetingType, now: datetime) -> Sample:
    """The first times that guests are offered in the next two weeks. As many queries as any list of times."""
    zone = meeting_type.department.timezone
    today = when.local(now, zone).date()
    last = today + timedelta(days=DAYS_AHEAD - 1)
    offer = offered_slots(meeting_type=meeting_type, first=today, last=last, now=now)
    starts = [moment(slot.start) for slot in offer.slots[:MOST_TIMES]]
    return Sample(starts, len(offer.slots), zone)


def _free_name(meeting_type: MeetingType) -> str:
    taken = set(meeting_type.department.meeting_types.values_list("meeting_name", flat=True))
    plain = _("%(name)s (copy)") % {"name": meeting_type.meeting_name}
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain} {number}"
    return name[:_LONGEST_NAME]
