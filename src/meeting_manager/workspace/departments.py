"""Departments as the workspace shows them: lists, tabs, and the tones of an accent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments import queries
from meeting_manager.departments.colors import DARK_SURFACES, WHITE, Tones, dark_tones, light_tones
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.rules import may_manage
from meeting_manager.people.models import User
from meeting_manager.people.queries import visible_to
from meeting_manager.people.validators import storable

MOST_FOUND = 10
_TABS = (
    ("workspace_department", _("General")),
    ("workspace_department_members", _("Members")),
    ("workspace_department_types", _("Meeting types")),
    ("workspace_department_logo", _("Logo")),
    ("workspace_department_danger", _("Deactivate or delete")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a department's pages."""

    label: str | Promise
    address: str
    is_here: bool


def managed(user: User, key: str) -> Department:
    """The department, for those who manage it. Raises Department.DoesNotExist, PermissionDenied."""
    found = queries.get_for(user, key)
    if not may_manage(user, found):
        raise PermissionDenied
    return found


def managed_type(user: User, department: str, meeting_type: str) -> MeetingType:
    """The meeting type, for those who manage its department. Raises DoesNotExist of either, PermissionDenied."""
    found = managed(user, department)
    return queries.get_type_for(user, found.name, meeting_type)


def list_of(user: User, search: str, state: str) -> QuerySet[Department]:
    """Those that `user` manages and that fit, by name, with `people` (active members) and `types` (active)."""
    rows = queries.managed_by(user).select_related("department_leader")
    if search:
        rows = rows.filter(department_name__icontains=search) if storable(search) else rows.none()
    if state:
        rows = rows.filter(is_active=state == "active")
    takes_part = Q(members__is_active=True, members__member__is_active=True)
    offered = Q(meeting_types__is_active=True)
    return rows.annotate(
        people=Count("members", filter=takes_part, distinct=True),
        types=Count("meeting_types", filter=offered, distinct=True),
    )


def tabs_of(department: Department, here: str) -> list[Tab]:
    """The pages of a department; `here` is the URL name of the one that is shown."""
    slug = department.department_slug
    return [Tab(label, reverse(name, args=[slug]), name == here) for name, label in _TABS]


def who_may_join(user: User, department: Department, search: str) -> Sequence[User]:
    """Active accounts that `user` sees and that fit `search`, but are no members yet; ten at most."""
    if not search or not storable(search):
        return []
    fits = Q(full_name__icontains=search) | Q(email__icontains=search)
    others = visible_to(user).filter(fits, is_active=True).exclude(memberships__department=department)
    return list(others.order_by("full_name", "email")[:MOST_FOUND])


def panels_of(color: str) -> Sequence[Mapping[str, object]]:
    """How an accent looks on light and dark pages, for a picture: surface, tones, and the ink of plain text."""
    return [
        _panel(WHITE, light_tones(color), "#161c2d", 0),
        _panel(DARK_SURFACES[0], dark_tones(color), "#e9edf5", 220),
    ]


def _panel(surface: str, tones: Tones, ink: str, left: int) -> Mapping[str, object]:
    return {"surface": surface, "tones": tones, "ink": ink, "left": left}
