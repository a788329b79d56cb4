"""Who is invited to a booking, and what they answer."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.answering import staff_reply
from meeting_manager.api.caller import user_of
from meeting_manager.api.creating import invitee
from meeting_manager.api.finding import staff_booking
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_body
from meeting_manager.api.replies import reply
from meeting_manager.api.schemas import inputs, outputs
from meeting_manager.api.shapes.bookings import participant
from meeting_manager.bookings import queries, services
from meeting_manager.bookings.models import Participant
from meeting_manager.people.validators import storable
from meeting_manager.web.access import Audience

operations = Operations("Participants")

PATH = "/bookings/{booking}/participants"
ONE = f"{PATH}/{{email}}"


@operations.add(
    "POST",
    PATH,
    Audience.SEES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    status=HTTPStatus.CREATED,
    takes=inputs.InviteIn,
)
def invite_participants(request: HttpRequest, booking: str) -> HttpResponse:
    """Invite people to a booking."""
    user = user_of(request)
    found = staff_booking(user, booking)
    body = read_body(request, inputs.InviteIn)
    invitees = [invitee(one) for one in body.participants]
    result = services.invite(booking=found, invitees=invitees, actor=user, now=timezone.now())
    return staff_reply(result.booking, user, result.warnings, HTTPStatus.CREATED)


@operations.add("DELETE", ONE, Audience.SEES_BOOKING, outputs.Booking, 403, 404, 409)
def remove_participant(request: HttpRequest, booking: str, email: str) -> HttpResponse:
    """Take somebody off a booking; the customer stays."""
    user = user_of(request)
    found = staff_booking(user, booking)
    _require_storable(email)
    result = services.uninvite(booking=found, email=email, actor=user, now=timezone.now())
    return staff_reply(result.booking, user, result.warnings)


@operations.add(
    "POST", f"{ONE}/respond", Audience.SEES_BOOKING, outputs.Participant, 403, 404, 409, takes=inputs.RespondIn
)
def respond_for_participant(request: HttpRequest, booking: str, email: str) -> HttpResponse:
    """Note an answer: one's own, also where one is only invited, or what somebody told; shows the participant."""
    user = user_of(request)
    found = queries.get_to_answer(user, booking)
    _require_storable(email)
    body = read_body(request, inputs.RespondIn)
    if not body.response_status:
        raise ValidationError({"response_status": "Response Status is required."})
    row = services.respond(booking=found, email=email, response=body.response_status, actor=user, now=timezone.now())
    return reply(participant(row))


def _require_storable(email: str) -> None:
    if not storable(email):
        raise Participant.DoesNotExist
