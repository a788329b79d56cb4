"""A booking of one's own: found, seen, and taken into a calendar."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.bookings import answers, places, queries
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.invitation import calendar_links, invitation
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of
from meeting_manager.public import guests
from meeting_manager.public.forms import LookupForm
from meeting_manager.public.pages import SeeOther, guest_page, private, show
from meeting_manager.web.languages import prefer


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def lookup_page(request: HttpRequest) -> HttpResponse:
    """Opens a booking by its reference and the customer's e-mail address."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return show(request, "lookup", {"form": form})
    if not form.is_valid():
        return private(show(request, "lookup", {"form": form}, status=422))
    given = form.cleaned_data
    try:
        booking = guests.by_email(request, given["reference"], given["email"], timezone.now())
    except guests.NotOpened:
        form.refuse_on_top(_("No booking has this reference together with this e-mail address. Please check both."))
        return private(show(request, "lookup", {"form": form}, status=404))
    return private(SeeOther(guests.address(booking)))


@require_safe
@guest_page
def booking_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The booking: whole by its link, else only that and when it is. A moved booking's link leads to the new one."""
    now = timezone.now()
    if not request.GET.get("token"):
        booking = guests.by_bare_reference(request, reference, now)
        form = LookupForm(initial={"reference": booking.booking_reference})
        zone = booking.meeting_type.department.timezone
        return private(show(request, "bare", {"booking": booking, "zone": zone, "form": form}))
    booking = guests.by_link(request, reference, now)
    prefer(request, booking.customer_language)
    if booking.rescheduled_to is not None:
        return private(SeeOther(guests.address(queries.latest(booking))))
    return booking_shown(request, booking, now)


@require_safe
@guest_page
def calendar_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The booking as a file that calendars read."""
    booking = guests.by_link(request, reference, timezone.now())
    prefer(request, booking.customer_language)
    response = HttpResponse(invitation(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{booking.booking_reference}.ics"'
    return private(response)


def booking_shown(request: HttpRequest, booking: Booking, now: datetime, **more: object) -> HttpResponse:
    """The booking, whole; `more` is what the page is told besides."""
    shown = {**describe(booking, now), "calendars": _calendars(booking), **more}
    return private(show(request, "booking", shown))


def describe(booking: Booking, now: datetime) -> dict[str, object]:
    """What the pages of a booking show to its customer."""
    host = next((row.user for row in booking.assigned_users.select_related("user")), None)
    return {
        "booking": booking,
        "type": booking.meeting_type,
        "zone": _zone(booking),
        "answers": answers.told(booking),
        "host": host,
        "host_zone": zone_of(host, booking) if host else booking.meeting_type.department.timezone,
        "how_to_join": places.how_to_join(booking, Side.CUSTOMER),
        "is_open": is_open(booking, now),
        "cancel_url": guests.address(booking, "cancel"),
        "reschedule_url": guests.address(booking, "reschedule"),
        "calendar_url": guests.address(booking, "calendar_file"),
        "booking_url": guests.address(booking),
    }


def zone_of(user: User, booking: Booking) -> str:
    """Where the clock of somebody with an account is: their own zone, else that of the booking's department."""
    return settings_of(user).timezone or booking.meeting_type.department.timezone


def is_open(booking: Booking, now: datetime) -> bool:
    """Whether its customer may still move or cancel it."""
    return booking.booking_status in HOLDING and booking.start_datetime > now


def closed(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    """409: what was asked for is no longer possible, and why."""
    return private(show(request, "closed", describe(booking, now), status=409))


def _calendars(booking: Booking) -> list[tuple[str, str]]:
    """Links into calendars on the web; they copy, so a meeting has to be settled first."""
    return calendar_links(booking) if booking.booking_status == BookingStatus.CONFIRMED else []


def _zone(booking: Booking) -> str:
    return booking.customer_timezone or booking.meeting_type.department.timezone
