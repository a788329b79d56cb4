"""What was told of bookings, and what became of it; who decides about a booking may try again what failed."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import user_of
from meeting_manager.api.finding import staff_booking
from meeting_manager.api.operations import PAGED, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.replies import reply
from meeting_manager.api.schemas import outputs, telling
from meeting_manager.api.shapes import telling as shapes
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.rules import may_decide
from meeting_manager.departments.rules import manages_some
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.queries import timeline
from meeting_manager.ledger.services import discard, retry
from meeting_manager.web import deliveries
from meeting_manager.web.access import Audience

operations = Operations("Deliveries")

NOTHING_WRONG = "It has not failed, or is being tried at this moment: it can be neither retried nor discarded."

OF_BOOKING = "/bookings/{booking}/deliveries"
ONE = f"{OF_BOOKING}/{{delivery}}"


@operations.add("GET", "/deliveries", Audience.MANAGES_SOME, outputs.Page[telling.Delivery], 403, parameters=PAGED)
def list_deliveries(request: HttpRequest, state: str = "", kind: str = "") -> HttpResponse:
    """The deliveries about bookings of departments that the caller leads, for System Managers all; oldest first.

    `state` is one of ready, running, done, skipped, dead, discarded, `kind` such as mail.
    """
    user = user_of(request)
    if not manages_some(user):
        raise PermissionDenied("Only System Managers and the leaders of departments may see this.")
    if state and state not in DeliveryState.values:
        raise ValidationError({"state": f"Field 'state' must be one of {', '.join(DeliveryState.values)}."})
    filters = deliveries.Filters(state=state, kind=kind)
    rows = deliveries.narrow(deliveries.visible_to(user), filters, timezone.now())
    return reply(page(request, rows, "created_at", shapes.delivery))


@operations.add("GET", OF_BOOKING, Audience.SEES_BOOKING, outputs.Page[telling.Delivery], 404, parameters=PAGED)
def list_booking_deliveries(request: HttpRequest, booking: str) -> HttpResponse:
    """What was told of a booking, and of those it was moved from: to whom, when, and what became of it."""
    found = staff_booking(user_of(request), booking)
    return reply(page(request, timeline(deliveries.names_of_chain(found)), "created_at", shapes.delivery))


@operations.add("POST", f"{ONE}/retry", Audience.DECIDES_BOOKING, telling.Delivery, 403, 404, 409)
def retry_delivery(request: HttpRequest, booking: str, delivery: str) -> HttpResponse:
    """Have a delivery tried at once that was given up, or failed and waits for its next attempt."""
    return _act(request, booking, delivery, retry)


@operations.add("POST", f"{ONE}/discard", Audience.DECIDES_BOOKING, telling.Delivery, 403, 404, 409)
def discard_delivery(request: HttpRequest, booking: str, delivery: str) -> HttpResponse:
    """Give a delivery up for good that failed; it is never sent."""
    return _act(request, booking, delivery, discard)


def _act(
    request: HttpRequest, booking: str, number: str, service: Callable[[Delivery, datetime], bool]
) -> HttpResponse:
    user = user_of(request)
    found = staff_booking(user, booking)
    if not may_decide(user, found.meeting_type.department):
        raise PermissionDenied("Only a department leader or a System Manager may retry or discard deliveries.")
    rows = timeline(deliveries.names_of_chain(found))
    delivery = deliveries.numbered(rows, number)
    if not service(delivery, timezone.now()):
        raise Conflict(NOTHING_WRONG)
    return reply(shapes.delivery(rows.get(pk=delivery.pk)))
