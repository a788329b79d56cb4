"""A booking in the calendars of its hosts: how it stands there, and what becomes of what was done to it there."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.answering import FIELDS_OF_REQUEST, offering_alternatives, staff_reply
from meeting_manager.api.caller import user_of
from meeting_manager.api.finding import staff_booking
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import fields_named, read_body
from meeting_manager.api.replies import reply
from meeting_manager.api.schemas import answers, inputs, outputs
from meeting_manager.api.shapes.people import event_of_booking
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars import queries
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.calendars.services import outside
from meeting_manager.web.access import Audience

operations = Operations("Calendars")

PATH = "/bookings/{booking}/calendars"


@operations.add("GET", PATH, Audience.SEES_BOOKING, answers.EventsOfBooking, 404)
def list_events_of_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """How the booking stands in the calendars of its hosts; links for their owners only."""
    user = user_of(request)
    rows = queries.events_of(staff_booking(user, booking))
    return reply({"events": [event_of_booking(row, user) for row in rows]})


@operations.add("POST", f"{PATH}/follow", Audience.SEES_BOOKING, outputs.Booking, 403, 404, 409, takes=inputs.EventIn)
def follow_event(request: HttpRequest, booking: str) -> HttpResponse:
    """Do here what was done to the event there: move the booking, or cancel it. `event`: where there are several."""
    user, now = user_of(request), timezone.now()
    found = staff_booking(user, booking)
    event = _undecided(request, found)
    kind, moving = found.meeting_type, Moving.of(found)
    with fields_named(FIELDS_OF_REQUEST), offering_alternatives(kind, event.start_datetime, now, moving):
        changed = outside.follow(actor=user, event=event, now=now)
    return staff_reply(changed, user)


@operations.add("POST", f"{PATH}/restore", Audience.SEES_BOOKING, outputs.Booking, 403, 404, 409, takes=inputs.EventIn)
def restore_event(request: HttpRequest, booking: str) -> HttpResponse:
    """Have the event written again as the booking says. `event`: where there are several."""
    user = user_of(request)
    event = _undecided(request, staff_booking(user, booking))
    return staff_reply(outside.restore(actor=user, event=event, now=timezone.now()), user)


def _undecided(request: HttpRequest, booking: Booking) -> CalendarEventSync:
    named = read_body(request, inputs.EventIn).event
    rows = [row for row in queries.events_of(booking) if row.external_change and named in {"", row.name}]
    if len(rows) > 1:
        raise ValidationError({"event": f"Event must be one of {', '.join(row.name for row in rows)}."})
    if not rows:
        raise Conflict("Nothing was done to this booking in a calendar that is still to be decided on.")
    return rows[0]
