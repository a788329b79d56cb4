"""What guests see before they book: departments, what they offer, and when."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from meeting_manager.api.caller import caller_of
from meeting_manager.api.finding import meeting_type_for
from meeting_manager.api.operations import PAGED, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.reading import read_date
from meeting_manager.api.replies import reply, reply_text
from meeting_manager.api.schemas import answers
from meeting_manager.api.schemas.outputs import Page, Slots
from meeting_manager.api.shapes import departments as shapes
from meeting_manager.bookings.times import Offer, offered_slots
from meeting_manager.departments import queries
from meeting_manager.web.access import Audience

operations = Operations("For guests")


@operations.add(
    "GET", "/departments", Audience.ANYBODY, Page[answers.Department | answers.PublicDepartment], parameters=PAGED
)
def list_departments(request: HttpRequest) -> HttpResponse:
    """Active departments; with a token also one's own inactive ones, and more of one's own."""
    caller = caller_of(request)
    rows = queries.visible_to(caller).select_related("department_leader").prefetch_related("logo")
    shape = shapes.department_shape(caller)
    return reply(page(request, rows, "department_name", shape))


@operations.add(
    "GET", "/departments/{department}", Audience.ANYBODY, answers.Department | answers.PublicDepartment, 404
)
def get_department(request: HttpRequest, department: str) -> HttpResponse:
    """A department by slug or document name."""
    caller = caller_of(request)
    found = queries.get_for(caller, department)
    return reply(shapes.department_shape(caller)(found))


@operations.add(
    "GET",
    "/departments/{department}/meeting-types",
    Audience.ANYBODY,
    Page[answers.MeetingType | answers.PublicMeetingType],
    404,
    parameters=PAGED,
)
def list_meeting_types(request: HttpRequest, department: str) -> HttpResponse:
    """What can be booked there; with a token also what is internal or inactive in one's own departments."""
    caller = caller_of(request)
    found = queries.get_for(caller, department)
    rows = queries.types_visible_to(caller).filter(department=found).prefetch_related("reminders", "questions")
    rows = rows.select_related("department", "created_by")
    return reply(page(request, rows, "meeting_name", shapes.meeting_type_shape(caller)))


@operations.add("GET", "/slots", Audience.ANYBODY, Slots, 404)
def list_slots(
    request: HttpRequest,
    department: str = "",
    meeting_type: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    to: str = "",
    timezone_name: Annotated[str, Query(alias="timezone")] = "",
) -> HttpResponse:
    """The times that can be booked from one date to another, both inclusive, at most 92 days.

    Dates and answers are in `timezone`, which is the department's unless given.
    """
    now = timezone.now()
    caller = caller_of(request)
    kind = meeting_type_for(caller, department, meeting_type)
    first, last = read_date(since, "from", "From"), read_date(to, "to", "To")
    offer = offered_slots(meeting_type=kind, first=first, last=last, now=now, zone=timezone_name)
    return reply_text(_slots_text(offer))


def _slots_text(offer: Offer) -> str:
    """The answer, joined by hand: a quarter may have thousands of slots, and nothing in them needs escaping."""
    iso = offer.iso
    slots = ",".join(
        f'{{"start":"{iso(start)}","end":"{iso(end)}","available_members":{free}}}' for start, end, free in offer.slots
    )
    return f'{{"timezone":"{offer.timezone}","duration":{offer.duration},"slots":[{slots}]}}'
