"""The first steps, one at a time, in any order; what is done stays done, and can be looked at again."""

from datetime import datetime, time

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.people.models import User
from meeting_manager.workspace.outbox import is_outbox_used
from meeting_manager.workspace.pages import show, system_page, zone_of
from meeting_manager.workspace.setup_forms import SetupForm
from meeting_manager.workspace.welcome import BY_KEY, STEPS, Site, Step, next_step, site_of, times_for
from meeting_manager.workspace.welcome_forms import TestBookingForm


@system_page
@require_safe
def welcome_page(request: HttpRequest, user: User) -> HttpResponse:
    """How far the site is, with the next step open."""
    site = site_of(user)
    step = next_step(site)
    form = _form(request, user, site, step, timezone.now()) if step else None
    return _page(request, site, step, form)


@system_page
@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: HttpRequest, user: User, step: str) -> HttpResponse:
    """One of the steps; POST does it."""
    found, site, now = BY_KEY.get(step), site_of(user), timezone.now()
    if found is None:
        raise Http404
    form = _form(request, user, site, found, now)
    if form.is_bound and form.is_valid() and _do(found, user, site, form, now):
        messages.success(request, _("%(step)s: done.") % {"step": found.title})
        return redirect("workspace_welcome")
    return _page(request, site, found, form)


def _do(step: Step, user: User, site: Site, form: SetupForm, now: datetime) -> bool:
    try:
        step.do(user, site, form, now)
    except ValidationError as error:
        form.refuse(error)
        return False
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return False
    return True


def _form(request: HttpRequest, user: User, site: Site, step: Step, now: datetime) -> SetupForm:
    initial = {
        "timezone": zone_of(user),
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "start": time(9),
        "end": time(17),
        "duration": 30,
    }
    form = step.form(request.POST if request.method == "POST" else None, initial=initial)
    if isinstance(form, TestBookingForm) and (times := times_for(site, now)):
        form.offer(times.starts, zone_of(user))
    return form


def _page(request: HttpRequest, site: Site, step: Step | None, form: SetupForm | None) -> HttpResponse:
    context = {
        "steps": [(each, each.is_done(site), each.is_possible(site)) for each in STEPS],
        "step": step,
        "form": form,
        "site": site,
        "is_done": step is not None and step.is_done(site),
        "is_possible": step is None or step.is_possible(site),
        "site_address": settings.SITE_URL,
        "outbox_is_used": is_outbox_used(),
        "next_step": next_step(site),
    }
    return show(request, "welcome/page", context, 422 if form is not None and form.errors else 200)
