"""Finding departments, members and meeting types: what one may not see does not exist.

A key is a slug or a document name; slugs are lower case and document names are not, so they never meet.
"""

from django.db.models import Q, QuerySet

from meeting_manager.departments.models import Department, DepartmentMember, MeetingType, MeetingTypeQuestion
from meeting_manager.people.rules import AnyUser, is_system_manager
from meeting_manager.people.validators import storable


def active_departments() -> QuerySet[Department]:
    """Those that guests see, by name."""
    return Department.objects.filter(is_active=True)


def visible_to(user: AnyUser) -> QuerySet[Department]:
    """Active departments for everybody; those they lead or are active members of also when inactive; System Managers
    see all.
    """
    if is_system_manager(user):
        return Department.objects.all()
    return Department.objects.filter(Q(is_active=True) | Q(pk__in=_own(user)))


def get_for(user: AnyUser, key: str) -> Department:
    """The department with this slug or document name. Raises Department.DoesNotExist, also where it is not visible."""
    return visible_to(user).select_related("department_leader").get(_has_key("department_slug", "name", key))


def led_by(user: AnyUser) -> QuerySet[Department]:
    """The departments `user` leads; none while the account is inactive."""
    return Department.objects.filter(department_leader=user.pk) if user.is_active else Department.objects.none()


def managed_by(user: AnyUser) -> QuerySet[Department]:
    """The departments `user` manages: System Managers all, others those they lead."""
    return Department.objects.all() if is_system_manager(user) else led_by(user)


def member_departments(user: AnyUser) -> QuerySet[Department]:
    """The departments in which `user` is an active member; none while the account is inactive."""
    if not user.is_active:
        return Department.objects.none()
    return Department.objects.filter(members__member=user.pk, members__is_active=True)


def members_of(department: Department) -> QuerySet[DepartmentMember]:
    """All member rows in their order, with their users."""
    return department.members.select_related("member").order_by("position", "id")


def public_types(department: Department) -> QuerySet[MeetingType]:
    """The active types that guests may book; none in an inactive department."""
    offered = MeetingType.objects.filter(department=department, department__is_active=True)
    return offered.filter(is_active=True, is_public=True).select_related("department")


def resting_department(key: str) -> Department | None:
    """The department that guests could book before it was deactivated."""
    return Department.objects.filter(_has_key("department_slug", "name", key), is_active=False).first()


def resting_type(department: Department, key: str) -> MeetingType | None:
    """The public type of a department that guests could book before it was deactivated."""
    of_guests = MeetingType.objects.filter(department=department, is_public=True, is_active=False)
    return of_guests.filter(_has_key("meeting_slug", "name", key)).first()


def types_visible_to(user: AnyUser) -> QuerySet[MeetingType]:
    """Public active types of active departments for everybody; in their own departments leaders and members see all
    types; System Managers see all.
    """
    types = MeetingType.objects.select_related("department")
    if is_system_manager(user):
        return types
    public = Q(department__is_active=True, is_active=True, is_public=True)
    return types.filter(public | Q(department__in=_own(user)) if user.is_active else public)


def get_type_for(user: AnyUser, department_key: str, type_key: str) -> MeetingType:
    """The meeting type by slugs or document names, with its department.

    Raises MeetingType.DoesNotExist, also where it is not visible to `user`.
    """
    of_department = _has_key("department__department_slug", "department__name", department_key)
    return types_visible_to(user).get(of_department, _has_key("meeting_slug", "name", type_key))


def questions_of(meeting_type: MeetingType) -> list[MeetingTypeQuestion]:
    """What customers of the type are asked, in order; one query, none where they were fetched with it."""
    return list(meeting_type.questions.all())


def get_member_for(user: AnyUser, department: Department, email: str) -> DepartmentMember:
    """The member row of this user. Raises DepartmentMember.DoesNotExist, also where `user` may not see members."""
    rows = DepartmentMember.objects.select_related("member", "department")
    if not is_system_manager(user):
        rows = rows.filter(department__in=_own(user))
    return rows.get(department=department, member__email=email.strip().lower() if storable(email) else "")


def _own(user: AnyUser) -> QuerySet[Department, int]:
    if not user.is_active:
        return Department.objects.none().values_list("pk", flat=True)
    member = Q(members__member=user.pk, members__is_active=True)
    return Department.objects.filter(Q(department_leader=user.pk) | member).values_list("pk", flat=True)


def _has_key(slug_field: str, name_field: str, key: str) -> Q:
    if not storable(key):
        return Q(pk__in=[])
    return Q(**{name_field if key.startswith("MM-") else slug_field: key})
