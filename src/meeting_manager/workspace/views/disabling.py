"""Closing an account: first what of theirs is still to come, then it is done; and opening it again."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meeting_manager.bookings import when
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.queries import led_by
from meeting_manager.people import queries, services
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.pages import show, system_page, zone_of
from meeting_manager.workspace.people import to_come
from meeting_manager.workspace.views.departments import done

PERSON, DISABLE = "workspace_person", "workspace_person_disable"
MOST_SHOWN = 100


@system_page
@require_http_methods(["GET", "HEAD", "POST"])
def disable_page(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """GET says which bookings need another host, and who else must take over; POST closes the account."""
    found, now = queries.get_for(user, email), timezone.now()
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_bound and done(form, lambda: services.disable_user(actor=user, user=found, now=now)):
        messages.success(request, _("%(name)s can no longer sign in.") % {"name": found.display_name})
        return redirect(PERSON if found.pk != user.pk else "account_login", *([email] if found.pk != user.pk else []))
    return show(request, "people/disable", _described(user, found, now, form), 422 if form.errors else 200)


@system_page
@require_POST
def enable_page(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Open a disabled account again."""
    found = queries.get_for(user, email)
    try:
        services.enable_user(actor=user, user=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(PERSON, found.email)
    messages.success(request, _("%(name)s can sign in again.") % {"name": found.display_name})
    return redirect(PERSON, found.email)


def _described(user: User, person: User, now: datetime, form: RefusableForm) -> dict[str, object]:
    rows = to_come(user, person, now)
    bookings = list(rows[:MOST_SHOWN])
    zone = zone_of(user)
    return {
        "form": form,
        "person": person,
        "bookings": bookings,
        "total": len(bookings) if len(bookings) < MOST_SHOWN else rows.count(),
        "leads": led_by(person),
        "zone": zone,
        "back": urlencode({"next": reverse(DISABLE, args=[person.email])}),
        "plan": _plan(person, bookings, now, zone) if bookings else "",
    }


def _plan(person: User, bookings: list[Booking], now: datetime, zone: str) -> str:
    """The page that hands over all of the bookings at once."""
    days = (when.local(now, zone).date(), when.local(bookings[-1].start_datetime, zone).date())
    asked = {"member": person.email, "since": days[0].isoformat(), "until": days[1].isoformat()}
    return f"{reverse('workspace_away')}?{urlencode(asked)}"
