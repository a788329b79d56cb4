"""What becomes of a booking whose event somebody moved or deleted in their calendar: a button says it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import queries
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_edit
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.calendars.queries import events_of
from meeting_manager.calendars.services import outside
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.models import User
from meeting_manager.web.problems import problem_of
from meeting_manager.workspace.pages import staff_page
from meeting_manager.workspace.views.booking import visit_to


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def follow_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST moves or cancels the booking as its event was; anything else leads to the booking."""
    return _settle(request, user, booking, outside.follow, _("The booking follows the calendar."))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST has the event written again; anything else leads to the booking."""
    return _settle(request, user, booking, outside.restore, _("The event is written again as the booking says."))


def _settle(request: HttpRequest, user: User, name: str, service: Callable[..., Booking], done: str) -> HttpResponse:
    booking = queries.get_for(user, name)
    if not may_edit(user, booking):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("workspace_booking", booking.name)
    event = _event(booking, request.POST.get("event", ""))
    try:
        now_is = service(actor=user, event=event, now=timezone.now())
    except (ValidationError, Conflict, IllegalChange) as error:
        problem = problem_of(error)
        told = problem.detail if problem else str(error)
        return visit_to(request, user, name).page(409, calendar_problem=told)
    messages.success(request, done)
    return redirect("workspace_booking", now_is.name)


def _event(booking: Booking, name: str) -> CalendarEventSync:
    """Raises CalendarEventSync.DoesNotExist where the booking has no such event."""
    found = next((row for row in events_of(booking) if row.name == name), None)
    if found is None:
        raise CalendarEventSync.DoesNotExist
    return found
