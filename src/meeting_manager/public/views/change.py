"""Cancelling and moving a booking of one's own: GET asks, POST does."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import queries, services, when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.errors import TAKEN, Conflict, TimeTaken
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.links import link_token
from meeting_manager.bookings.models import Booking
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.queries import system_user
from meeting_manager.public import guests, starts
from meeting_manager.public.forms import CancelForm, ReasonForm
from meeting_manager.public.month import find_month
from meeting_manager.public.offers import Offers, look_around
from meeting_manager.public.pages import SeeOther, guest_page, private, show, show_picker
from meeting_manager.public.views.manage import closed, describe, is_open
from meeting_manager.public.wishes import read_wish
from meeting_manager.web.languages import prefer


@dataclass(frozen=True, slots=True)
class Visit:
    """One request about a booking that its link has opened."""

    request: HttpRequest
    booking: Booking
    zone: str
    now: datetime = field(default_factory=timezone.now)

    @property
    def is_post(self) -> bool:
        """Whether it is to be done, not only asked for."""
        return self.request.method == "POST"

    def page(self, name: str, status: int = 200, **context: object) -> HttpResponse:
        """A page about the booking, with times in the zone of this visit."""
        shown = {**describe(self.booking, self.now), "zone": self.zone, **context}
        return private(show(self.request, name, shown, status))


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def cancel_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Asks whether to cancel, and cancels. Once it is cancelled both lead to the booking."""
    visit = _visit(request, reference)
    if visit.booking.booking_status == BookingStatus.CANCELLED:
        return private(SeeOther(guests.address(visit.booking)))
    if not is_open(visit.booking, visit.now):
        return _closed(visit)
    return _cancel(visit) if visit.is_post else visit.page("cancel", form=CancelForm())


def _cancel(visit: Visit) -> HttpResponse:
    form = CancelForm(visit.request.POST)
    if not form.is_valid():
        return visit.page("cancel", 422, form=form)
    try:
        services.cancel(
            booking=visit.booking, actor=system_user(), now=visit.now, reason=form.cleaned_data["cancellation_reason"]
        )
    except ValidationError as error:
        form.refuse(error)
        return visit.page("cancel", 422, form=form)
    except (Conflict, IllegalChange):
        return _closed(visit)
    return private(SeeOther(guests.address(visit.booking)))


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def reschedule_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Times to choose; with `start` the question whether to move there. POST moves, and leads to the new booking."""
    visit = _visit(request, reference)
    if not is_open(visit.booking, visit.now):
        return _closed(visit)
    given = request.POST if visit.is_post else request.GET
    try:
        start = starts.read(given.get("start") or given.get("asked", ""))
    except ValidationError:
        return _times(visit)
    return _move(visit, start) if visit.is_post else _ask(visit, start)


def _visit(request: HttpRequest, reference: str) -> Visit:
    now = timezone.now()
    booking = guests.by_link(request, reference, now)
    prefer(request, booking.customer_language)
    default = booking.customer_timezone or booking.meeting_type.department.timezone
    return Visit(request, booking, read_wish(request, default).zone, now)


def _closed(visit: Visit) -> HttpResponse:
    """Too late; but a booking that was moved meanwhile, perhaps by the same click twice, is shown where it is now."""
    current = queries.by_reference(visit.booking.booking_reference)
    if current.rescheduled_to is not None:
        return private(SeeOther(guests.address(queries.latest(current))))
    return closed(visit.request, current, visit.now)


def _times(visit: Visit) -> HttpResponse:
    wish = read_wish(visit.request, visit.zone)
    month = find_month(visit.booking.meeting_type, wish, visit.now, Moving.of(visit.booking))
    token = link_token(visit.booking)
    shown = {
        **describe(visit.booking, visit.now),
        "zone": visit.zone,
        "month": month,
        "now": visit.now,
        "target": reverse("public:reschedule", args=[visit.booking.booking_reference]),
        "token": token,
        "keep": f"token={token}&",
    }
    return show_picker(visit.request, "reschedule", shown, is_private=True)


def _ask(visit: Visit, start: datetime) -> HttpResponse:
    form = ReasonForm(QueryDict())
    around = _around(visit, start)
    if not around.has_start:
        form.refuse_on_top(_(TAKEN))
    return _confirm(visit, form, start, around, 200 if around.has_start else 409)


def _move(visit: Visit, start: datetime) -> HttpResponse:
    form = ReasonForm(visit.request.POST)
    if not form.is_valid():
        return _refused(visit, form, start, 422)
    reason = form.cleaned_data["reason"]
    try:
        moved = services.reschedule(
            booking=visit.booking, start=start, actor=system_user(), now=visit.now, reason=reason
        )
    except ValidationError as error:
        form.refuse(error)
        return _refused(visit, form, start, 422)
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return _refused(visit, form, start, 409)
    except (Conflict, IllegalChange):
        return _closed(visit)
    return private(SeeOther(guests.address(moved.booking)))


def _refused(visit: Visit, form: ReasonForm, start: datetime, status: int) -> HttpResponse:
    return _confirm(visit, form, start, _around(visit, start), status)


def _around(visit: Visit, start: datetime) -> Offers:
    return look_around(visit.booking.meeting_type, start, visit.now, Moving.of(visit.booking))


def _confirm(visit: Visit, form: ReasonForm, start: datetime, around: Offers, status: int) -> HttpResponse:
    end = start + (visit.booking.end_datetime - visit.booking.start_datetime)
    day = when.local(start, visit.zone).date().isoformat()
    shown = {"start": start, "end": end, "value": starts.write(start), "day": day}
    return visit.page("move", status, form=form, around=around, **shown)
