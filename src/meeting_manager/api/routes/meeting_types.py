"""Meeting types and their reminders, edited."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse

from meeting_manager.api.caller import caller_of, user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_object, read_rows
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.departments import managed_department
from meeting_manager.api.schemas import answers, records
from meeting_manager.api.shapes import departments as shapes
from meeting_manager.departments import queries, services
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.rules import may_manage
from meeting_manager.people.models import User
from meeting_manager.people.rules import AnyUser
from meeting_manager.people.validators import storable
from meeting_manager.web.access import Audience

operations = Operations("Meeting types")

ONE = "/meeting-types/{meeting_type}"


@operations.add(
    "POST",
    "/departments/{department}/meeting-types",
    Audience.MANAGES_DEPARTMENT,
    answers.MeetingType,
    403,
    404,
    status=HTTPStatus.CREATED,
    takes=records.MeetingTypeIn,
)
def create_meeting_type(request: HttpRequest, department: str) -> HttpResponse:
    """A new meeting type."""
    user = user_of(request)
    found = managed_department(user, department)
    fields = read_object(request)
    reminders = read_rows(fields, "reminders")
    made = services.create_meeting_type(actor=user, department=found, fields=fields, reminders=reminders)
    return _shown(made, HTTPStatus.CREATED)


@operations.add("GET", ONE, Audience.ANYBODY, answers.MeetingType | answers.PublicMeetingType, 404)
def get_meeting_type(request: HttpRequest, meeting_type: str) -> HttpResponse:
    """A meeting type by document name."""
    caller = caller_of(request)
    return reply(shapes.meeting_type_shape(caller)(_find(caller, meeting_type)))


@operations.add(
    "PATCH", ONE, Audience.MANAGES_DEPARTMENT, answers.MeetingType, 403, 404, takes=records.MeetingTypeChange
)
def edit_meeting_type(request: HttpRequest, meeting_type: str) -> HttpResponse:
    """Change a meeting type; its bookings keep what they copied."""
    user, found = _managed(request, meeting_type)
    return _shown(services.edit_meeting_type(actor=user, meeting_type=found, changes=read_object(request)))


@operations.add("DELETE", ONE, Audience.MANAGES_DEPARTMENT, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def delete_meeting_type(request: HttpRequest, meeting_type: str) -> HttpResponse:
    """Delete a meeting type that was never booked."""
    user, found = _managed(request, meeting_type)
    services.delete_meeting_type(actor=user, meeting_type=found)
    return nothing()


@operations.add(
    "PUT", f"{ONE}/reminders", Audience.MANAGES_DEPARTMENT, answers.MeetingType, 403, 404, takes=records.RemindersIn
)
def set_reminders(request: HttpRequest, meeting_type: str) -> HttpResponse:
    """Make these the whole reminder schedule."""
    user, found = _managed(request, meeting_type)
    data = read_object(request)
    if "reminders" not in data:
        raise ValidationError({"reminders": "Reminders is required."})
    services.set_reminders(actor=user, meeting_type=found, reminders=read_rows(data, "reminders"))
    return _shown(found)


def _find(caller: AnyUser, name: str) -> MeetingType:
    rows = queries.types_visible_to(caller).select_related("department", "created_by").prefetch_related("reminders")
    return rows.get(name=name if storable(name) else "")


def _managed(request: HttpRequest, name: str) -> tuple[User, MeetingType]:
    user = user_of(request)
    found = _find(user, name)
    if not may_manage(user, found.department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
    return user, found


def _shown(made: MeetingType, status: int = HTTPStatus.OK) -> HttpResponse:
    rows = MeetingType.objects.select_related("department", "created_by").prefetch_related("reminders")
    return reply(shapes.meeting_type(rows.get(pk=made.pk)), status)
