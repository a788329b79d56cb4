"""Connected calendars and what is in them: titles for their owner alone."""

from http import HTTPStatus
from typing import Annotated

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import PAGED, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.reading import read_object, read_optional_instant
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.availability import owner_named
from meeting_manager.api.routes.users import editable_user, found_user
from meeting_manager.api.schemas import answers, records
from meeting_manager.api.schemas.outputs import Page
from meeting_manager.api.shapes import people as shapes
from meeting_manager.calendars import queries, services
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.web.access import Audience

operations = Operations("Calendars")

ALL, ONE = "/calendars", "/calendars/{calendar}"


@operations.add("GET", ALL, Audience.SIGNED_IN, Page[answers.Calendar], 404, parameters=PAGED)
def list_calendars(request: HttpRequest, user: str = "") -> HttpResponse:
    """The calendars that the caller has connected; of System Managers everybody's."""
    caller = user_of(request)
    rows = queries.visible_to(caller)
    if user:
        rows = rows.filter(user=found_user(caller, user))
    return reply(page(request, rows, "name", lambda one: shapes.calendar(one, caller)))


@operations.add(
    "POST", ALL, Audience.SIGNED_IN, answers.Calendar, 403, 404, status=HTTPStatus.CREATED, takes=records.CalendarIn
)
def create_calendar(request: HttpRequest) -> HttpResponse:
    """Connect a calendar."""
    caller = user_of(request)
    fields = read_object(request)
    owner = editable_user(caller, owner_named(fields))
    made = services.create_integration(actor=caller, user=owner, fields=fields, now=timezone.now())
    return reply(shapes.calendar(made, caller), HTTPStatus.CREATED)


@operations.add("GET", ONE, Audience.OWNS_CALENDAR, answers.Calendar, 404)
def get_calendar(request: HttpRequest, calendar: str) -> HttpResponse:
    """A calendar by document name."""
    caller = user_of(request)
    return reply(shapes.calendar(queries.get_for(caller, calendar), caller))


@operations.add("PATCH", ONE, Audience.OWNS_CALENDAR, answers.Calendar, 403, 404, takes=records.CalendarChange)
def edit_calendar(request: HttpRequest, calendar: str) -> HttpResponse:
    """Change a connected calendar."""
    caller = user_of(request)
    found = queries.get_for(caller, calendar)
    changes = read_object(request)
    changed = services.edit_integration(actor=caller, integration=found, changes=changes, now=timezone.now())
    return reply(shapes.calendar(changed, caller))


@operations.add("DELETE", ONE, Audience.OWNS_CALENDAR, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def delete_calendar(request: HttpRequest, calendar: str) -> HttpResponse:
    """Forget a calendar, its credentials and its events; consent given at Google is taken back there."""
    caller = user_of(request)
    services.disconnect(actor=caller, integration=queries.get_for(caller, calendar), now=timezone.now())
    return nothing()


@operations.add(
    "GET",
    f"{ONE}/events",
    Audience.OWNS_CALENDAR,
    Page[answers.CalendarEvent | answers.BusyTime],
    404,
    parameters=PAGED,
)
def list_events(
    request: HttpRequest, calendar: str, since: Annotated[str, Query(alias="from")] = "", to: str = ""
) -> HttpResponse:
    """The events that touch `[from, to)`; whoever is not the owner sees what time is taken, and nothing else."""
    caller = user_of(request)
    found = queries.get_for(caller, calendar)
    rows = CalendarEventSync.objects.filter(calendar_integration=found)
    start, end = read_optional_instant(since, "from"), read_optional_instant(to, "to")
    if start and end and end <= start:
        raise ValidationError({"to": "To must be after From."})
    rows = rows.filter(end_datetime__gt=start) if start else rows
    rows = rows.filter(start_datetime__lt=end) if end else rows
    if found.user_id == caller.pk:
        rows = rows.select_related("calendar_integration", "meeting_booking")
        return reply(page(request, rows, "start_datetime", shapes.calendar_event))
    return reply(page(request, rows.filter(is_blocking_availability=True), "start_datetime", shapes.busy_time))
