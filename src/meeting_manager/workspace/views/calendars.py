"""One's connected calendars: how they are, and what may be changed of them."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.calendars import queries
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import edit_integration
from meeting_manager.calendars.services.connecting import disconnect, sync_now
from meeting_manager.people.models import User
from meeting_manager.workspace.calendar_forms import CalendarForm
from meeting_manager.workspace.calendars import KINDS, calendars_of, card_of
from meeting_manager.workspace.pages import show, staff_page, zone_of


def own(user: User, name: str) -> CalendarIntegration:
    """The calendar of `user` with this document name. Raises CalendarIntegration.DoesNotExist for everybody else's."""
    found = queries.get_for(user, name)
    if found.user_id != user.pk:
        raise CalendarIntegration.DoesNotExist
    return found


@staff_page
@require_safe
def calendars_page(request: HttpRequest, user: User) -> HttpResponse:
    """All calendars that one has connected, with their state."""
    now = timezone.now()
    cards = [card_of(each, now) for each in calendars_of(user)]
    return show(request, "calendars", {"cards": cards, "now": now, "zone": zone_of(user)})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, user: User, calendar: str) -> HttpResponse:
    """What may be changed of a calendar; POST changes it."""
    found = own(user, calendar)
    form = CalendarForm(request.POST if request.method == "POST" else None, found)
    if request.method == "POST" and _edit(user, found, form, timezone.now()):
        messages.success(request, _("The calendar is changed, and read again at once."))
        return redirect("account_calendars")
    status = 422 if form.is_bound else 200
    return show(request, "calendar_edit", {"calendar": found, "form": form}, status)


def _edit(user: User, calendar: CalendarIntegration, form: CalendarForm, now: datetime) -> bool:
    if not form.is_valid():
        return False
    try:
        edit_integration(actor=user, integration=calendar, changes=form.cleaned_data, now=now)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


@staff_page
@require_POST
def sync_page(request: HttpRequest, user: User, calendar: str) -> HttpResponse:
    """Have a calendar read at once."""
    found = own(user, calendar)
    try:
        sync_now(actor=user, integration=found, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("account_calendars")
    told = _("“%(name)s” is read within seconds. Load this page again in a moment to see how it went.")
    messages.success(request, told % {"name": found.integration_name})
    return redirect("account_calendars")


@staff_page
@require_POST
def primary_page(request: HttpRequest, user: User, calendar: str) -> HttpResponse:
    """Have a calendar get the bookings, in the place of the one that got them."""
    found = own(user, calendar)
    if found.integration_type == IntegrationType.ICAL or not found.is_active:
        messages.error(request, _("This calendar can only be read. Please choose another one for your bookings."))
        return redirect("account_calendars")
    changes = {"is_primary": True, "sync_direction": SyncDirection.TWO_WAY}
    edit_integration(actor=user, integration=found, changes=changes, now=timezone.now())
    told = _("“%(name)s” gets your bookings from now on, and those that are to come.")
    messages.success(request, told % {"name": found.integration_name})
    return redirect("account_calendars")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect_page(request: HttpRequest, user: User, calendar: str) -> HttpResponse:
    """GET says what will happen, POST does it."""
    found = own(user, calendar)
    if request.method != "POST":
        icon, kind = KINDS[found.integration_type]
        return show(request, "calendar_disconnect", {"calendar": found, "icon": icon, "kind": kind})
    disconnect(actor=user, integration=found, now=timezone.now())
    messages.success(request, _("“%(name)s” is disconnected.") % {"name": found.integration_name})
    return redirect("account_calendars")
