"""A booking as its department sees it, with what was told of it, and the decision where it waits for one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.bookings import answers, queries, services, when
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.bookings.perspective import people_seen_by
from meeting_manager.bookings.rules import may_decide, may_edit
from meeting_manager.engine.lifecycle import HOLDING, IllegalChange
from meeting_manager.ledger.queries import timeline
from meeting_manager.people.models import User
from meeting_manager.web.deliveries import names_of_chain
from meeting_manager.workspace.acts.openings import acts_on
from meeting_manager.workspace.booked_events import events_of
from meeting_manager.workspace.forms import ApproveForm, RejectForm
from meeting_manager.workspace.lines import lines_of
from meeting_manager.workspace.pages import show, staff_page, way_back, zone_of
from meeting_manager.workspace.stories import story_of


@dataclass(frozen=True, slots=True)
class Visit:
    """One request about a booking that its reader may see."""

    request: HttpRequest
    user: User
    booking: Booking
    now: datetime

    def page(self, status: int = 200, **context: object) -> HttpResponse:
        """The booking's page; `failed` in the context is a form whose refusals it shows."""
        return show(self.request, "booking", {**_describe(self), **context}, status)

    def again(self) -> "Visit":
        """The same with the booking as it is now."""
        return Visit(self.request, self.user, queries.get_for(self.user, self.booking.name), self.now)


@staff_page
@require_safe
def booking_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """Everything about a booking, or for a colleague who is only invited, what they are invited to. Opening it decides
    nothing.
    """
    try:
        return visit_to(request, user, booking).page()
    except Booking.DoesNotExist:
        return _show_invitation(request, user, queries.get_to_answer(user, booking))


def _show_invitation(request: HttpRequest, user: User, booking: Booking) -> HttpResponse:
    context = {
        "booking": booking,
        "own": _own(booking, user),
        "people": people_seen_by(booking, user.email),
        "zone": zone_of(user, booking.meeting_type.department.timezone),
    }
    return show(request, "invited", context)


def _own(booking: Booking, user: User) -> Participant | None:
    """The row by which `user` is invited."""
    return next((row for row in booking.participants.all() if row.user_id == user.pk), None)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def approve_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST approves; anything else leads to the booking."""
    visit = _deciding(request, user, booking)
    return _decide(visit, ApproveForm(request.POST), services.approve, _("The booking is approved."))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def reject_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST rejects, with a reason; anything else leads to the booking."""
    visit = _deciding(request, user, booking)
    return _decide(visit, RejectForm(request.POST), services.reject, _("The booking is rejected, and its time free."))


def visit_to(request: HttpRequest, user: User, booking: str) -> Visit:
    """A visit to a booking that is visible to `user`. Raises Booking.DoesNotExist."""
    return Visit(request, user, queries.get_for(user, booking), timezone.now())


def _deciding(request: HttpRequest, user: User, booking: str) -> Visit:
    visit = visit_to(request, user, booking)
    if not may_decide(user, visit.booking.meeting_type.department):
        raise PermissionDenied
    return visit


def _decide(visit: Visit, form: ApproveForm | RejectForm, service: Callable[..., Result], done: str) -> HttpResponse:
    if visit.request.method != "POST":
        return redirect("workspace_booking", visit.booking.name)
    if not form.is_valid():
        return visit.page(422, **_failed(form))
    try:
        service(booking=visit.booking, actor=visit.user, now=visit.now, **form.said())
    except ValidationError as error:
        form.refuse(error)
        return visit.page(422, **_failed(form))
    except (Conflict, IllegalChange) as error:
        form.refuse_on_top(str(error))
        return visit.again().page(409, **_failed(form))
    messages.success(visit.request, done)
    return redirect(way_back(visit.request, reverse("workspace_booking", args=[visit.booking.name])))


def _failed(form: ApproveForm | RejectForm) -> dict[str, object]:
    return {"failed": form, form.name: form}


def _describe(visit: Visit) -> dict[str, object]:
    booking, department = visit.booking, visit.booking.meeting_type.department
    decides = may_decide(visit.user, department)
    zone = zone_of(visit.user, department.timezone)
    return {
        "booking": booking,
        "type": booking.meeting_type,
        "answers": answers.told(booking),
        "department": department,
        "zone": zone,
        "customer_zone": _other_zone(booking, zone),
        "decides": decides,
        "edits": may_edit(visit.user, booking),
        "acts": acts_on(booking, visit.user, visit.now),
        "may_invite": may_edit(visit.user, booking) and booking.booking_status in HOLDING,
        "receipt": booking.assignment_receipt,
        "own": _own(booking, visit.user),
        "booked_events": events_of(booking, visit.user),
        "awaits": decides and _awaits_decision(booking),
        "approve_form": ApproveForm(),
        "reject_form": RejectForm(),
        "story": story_of(booking),
        "lines": lines_of(timeline(names_of_chain(booking)), visit.now),
        "back": urlencode({"booking": booking.name}),
    }


def _other_zone(booking: Booking, zone: str) -> str:
    """The customer's zone, where their clocks show another time than the reader's."""
    theirs = booking.customer_timezone
    if not theirs or when.offset(booking.start_datetime, theirs) == when.offset(booking.start_datetime, zone):
        return ""
    return theirs


def _awaits_decision(booking: Booking) -> bool:
    return booking.booking_status == BookingStatus.PENDING and booking.approval_status == ApprovalStatus.PENDING
