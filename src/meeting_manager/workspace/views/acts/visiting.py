"""What the pages of acts have in common: who may, what was refused, and where one goes afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting_manager.bookings import queries
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide, may_delete, may_edit
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.acts.openings import is_open
from meeting_manager.workspace.pages import show, way_back, zone_of


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody on the page of an act; `part` is its name in the address."""

    request: HttpRequest
    user: User
    booking: Booking
    part: str
    now: datetime

    @property
    def zone(self) -> str:
        """The zone in which this page tells and takes times."""
        return zone_of(self.user, self.booking.meeting_type.department.timezone)

    @property
    def back(self) -> str:
        """Where to go afterwards: the page of ours in `next`, else the booking."""
        return way_back(self.request, self.own)

    @property
    def own(self) -> str:
        """The booking's page."""
        return reverse("workspace_booking", args=[self.booking.name])

    def page(self, template: str, form: RefusableForm, status: int = 200, **context: object) -> HttpResponse:
        """The page of the act, with the booking in short on top."""
        common = {"booking": self.booking, "zone": self.zone, "back": self.back, "form": form, "part": self.part}
        return show(self.request, f"acts/{template}", {**common, **context}, status)

    def done(self, said: str, booking: Booking | None = None) -> HttpResponse:
        """Say it, and go on: to `booking`, where the act led to another one and nothing else is wished."""
        messages.success(self.request, said)
        leads_on = booking is not None and self.back == self.own
        return redirect(reverse("workspace_booking", args=[booking.name]) if leads_on and booking else self.back)


def act_on(request: HttpRequest, user: User, name: str, part: str) -> Acting | HttpResponse:
    """Somebody on the page of an act that is open to them. Where it is not open (any more), as after a second click or
    when a colleague was quicker, the way to the booking; a POST is told so.

    Raises Booking.DoesNotExist, and PermissionDenied for who sees the booking but may not do this to it.
    """
    booking, now = queries.get_for(user, name), timezone.now()
    if not _may(user, booking, part):
        raise PermissionDenied
    acting = Acting(request, user, booking, part, now)
    if is_open(booking, user, now, part):
        return acting
    if request.method == "POST":
        told = {"status": booking.get_booking_status_display()}
        messages.error(request, _("This cannot be done now: the booking is “%(status)s”.") % told)
    return redirect(acting.own)


def _may(user: User, booking: Booking, part: str) -> bool:
    if part == "delete":
        return may_delete(user)
    if part == "reassign":
        return may_decide(user, booking.meeting_type.department)
    return may_edit(user, booking)


def attempt(form: RefusableForm, work: Callable[[], HttpResponse]) -> HttpResponse | int:
    """Do the work of a valid form. What is refused is shown in the form; the answer is then the status: 422, 409."""
    try:
        return work()
    except ValidationError as error:
        form.refuse(error)
        return 422
    except (TimeTaken, Conflict, IllegalChange) as error:
        form.refuse_on_top(str(error))
        return 409
