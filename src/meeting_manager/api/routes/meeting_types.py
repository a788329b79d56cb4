"""Meeting types, their reminders and their questions, edited."""

from collections.abc import Mapping
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
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
    reminders, questions = read_rows(fields, "reminders"), read_rows(fields, "questions")
    made = services.create_meeting_type(
        actor=user, department=found, fields=fields, reminders=reminders, questions=questions
    )
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
    services.set_reminders(actor=user, meeting_type=found, reminders=_rows_in(request, "reminders"))
    return _shown(found)


@operations.add(
    "PUT", f"{ONE}/questions", Audience.MANAGES_DEPARTMENT, answers.MeetingType, 403, 404, takes=records.QuestionsIn
)
def set_questions(request: HttpRequest, meeting_type: str) -> HttpResponse:
    """Make these all that customers are asked, in this order; a question that is sent back with its key stays itself.

    Bookings keep what they were asked.
    """
    user, found = _managed(request, meeting_type)
    services.set_questions(actor=user, meeting_type=found, questions=_rows_in(request, "questions"))
    return _shown(found)


def _rows_in(request: HttpRequest, field: str) -> list[Mapping[str, object]]:
    data = read_object(request)
    if field not in data:
        raise ValidationError({field: f"{field.capitalize()} is required."})
    return read_rows(data, field)


def _find(caller: AnyUser, name: str) -> MeetingType:
    rows = _whole(queries.types_visible_to(caller))
    return rows.get(name=name if storable(name) else "")


def _managed(request: HttpRequest, name: str) -> tuple[User, MeetingType]:
    user = user_of(request)
    found = _find(user, name)
    if not may_manage(user, found.department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
    return user, found


def _shown(made: MeetingType, status: int = HTTPStatus.OK) -> HttpResponse:
    return reply(shapes.meeting_type(_whole(MeetingType.objects.all()).get(pk=made.pk)), status)


def _whole(rows: QuerySet[MeetingType]) -> QuerySet[MeetingType]:
    return rows.select_related("department", "created_by").prefetch_related("reminders", "questions")
