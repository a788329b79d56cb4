"""Departments and their members, edited."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_object, read_rows
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.schemas import answers, records
from meeting_manager.api.shapes import departments as shapes
from meeting_manager.departments import queries, services
from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.rules import belongs, may_manage
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.web.access import Audience

operations = Operations("Departments")

ONE = "/departments/{department}"
MEMBERS = f"{ONE}/members"
MEMBER = f"{MEMBERS}/{{email}}"


@operations.add(
    "POST",
    "/departments",
    Audience.SYSTEM_MANAGER,
    answers.Department,
    403,
    status=HTTPStatus.CREATED,
    takes=records.DepartmentIn,
)
def create_department(request: HttpRequest) -> HttpResponse:
    """A new department with its first members."""
    user = user_of(request)
    _require_manager(user)
    fields = read_object(request)
    members = read_rows(fields, "members")
    return _shown(services.create_department(actor=user, fields=fields, members=members), HTTPStatus.CREATED)


@operations.add("PATCH", ONE, Audience.SYSTEM_MANAGER, answers.Department, 403, 404, takes=records.DepartmentChange)
def edit_department(request: HttpRequest, department: str) -> HttpResponse:
    """Change a department."""
    user = user_of(request)
    found = queries.get_for(user, department)
    _require_manager(user)
    return _shown(services.edit_department(actor=user, department=found, changes=read_object(request)))


@operations.add("DELETE", ONE, Audience.SYSTEM_MANAGER, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def delete_department(request: HttpRequest, department: str) -> HttpResponse:
    """Delete a department without meeting types."""
    user = user_of(request)
    services.delete_department(actor=user, department=queries.get_for(user, department))
    return nothing()


@operations.add("GET", MEMBERS, Audience.BELONGS_TO_DEPARTMENT, answers.Members, 403, 404)
def list_members(request: HttpRequest, department: str) -> HttpResponse:
    """The members in their order."""
    user = user_of(request)
    found = queries.get_for(user, department)
    if not belongs(user, found):
        raise PermissionDenied("You may see the members of your own departments only.")
    return _members(found)


@operations.add(
    "POST",
    MEMBERS,
    Audience.MANAGES_DEPARTMENT,
    answers.Member,
    403,
    404,
    status=HTTPStatus.CREATED,
    takes=records.MemberIn,
)
def add_member(request: HttpRequest, department: str) -> HttpResponse:
    """A user becomes the last member."""
    user, found = _managed(request, department)
    data = read_object(request)
    unknown = data.keys() - {"member", "is_active", "assignment_priority"}
    if unknown:
        raise ValidationError({field: f"Field '{field}' cannot be set here. Please leave it out." for field in unknown})
    if "member" not in data:
        raise ValidationError({"member": "Member is required."})
    return reply(shapes.member(services.add_member(actor=user, department=found, **data)), HTTPStatus.CREATED)


@operations.add("PUT", MEMBERS, Audience.MANAGES_DEPARTMENT, answers.Members, 403, 404, takes=records.OrderIn)
def reorder_members(request: HttpRequest, department: str) -> HttpResponse:
    """Put the members into another order, which settles ties of the assignment."""
    user, found = _managed(request, department)
    order = read_object(request).get("order")
    if not isinstance(order, list):
        raise ValidationError({"order": "Order must be a list of e-mail addresses."})
    services.reorder_members(actor=user, department=found, order=order)
    return _members(found)


@operations.add("PATCH", MEMBER, Audience.MANAGES_DEPARTMENT, answers.Member, 403, 404, takes=records.MemberChange)
def edit_member(request: HttpRequest, department: str, email: str) -> HttpResponse:
    """Change whether a member takes part, and with which priority."""
    user, row = _managed_member(request, department, email)
    return reply(shapes.member(services.edit_member(actor=user, member=row, changes=read_object(request))))


@operations.add("DELETE", MEMBER, Audience.MANAGES_DEPARTMENT, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def remove_member(request: HttpRequest, department: str, email: str) -> HttpResponse:
    """Take a user out of the department."""
    user, row = _managed_member(request, department, email)
    services.remove_member(actor=user, member=row)
    return nothing()


def managed_department(user: User, key: str) -> Department:
    """The department, for those who manage it. Raises Department.DoesNotExist, PermissionDenied."""
    found = queries.get_for(user, key)
    if not may_manage(user, found):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
    return found


def _managed(request: HttpRequest, key: str) -> tuple[User, Department]:
    user = user_of(request)
    return user, managed_department(user, key)


def _managed_member(request: HttpRequest, key: str, email: str) -> tuple[User, DepartmentMember]:
    user, department = _managed(request, key)
    return user, queries.get_member_for(user, department, email)


def _members(department: Department) -> HttpResponse:
    return reply({"results": [shapes.member(row) for row in queries.members_of(department)]})


def _shown(department: Department, status: int = HTTPStatus.OK) -> HttpResponse:
    return reply(shapes.department(department), status)


def _require_manager(user: User) -> None:
    if not is_system_manager(user):
        raise PermissionDenied("Only System Managers may do this.")
