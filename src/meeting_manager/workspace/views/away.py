"""Somebody is away: a plan for their bookings, done when it was seen, and taken back at one click."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.bookings import queries, when
from meeting_manager.bookings.takeover import plan_takeover
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account
from meeting_manager.workspace import keeping
from meeting_manager.workspace.away import DONE, Done, hand_over, members_of, note_days, rows_of, take_back
from meeting_manager.workspace.away_forms import AwayForm
from meeting_manager.workspace.pages import managers_page, show, zone_of


@managers_page
@require_http_methods(["GET", "HEAD", "POST"])
def away_page(request: HttpRequest, user: User) -> HttpResponse:
    """GET asks who is away, and with an answer shows the plan; POST does what the plan's page says."""
    now, zone = timezone.now(), zone_of(user)
    asked = request.GET if {"member", "since", "until"} & request.GET.keys() else None
    form = AwayForm(asked, list(members_of(user)), when.local(now, zone).date())
    if asked is None or not form.is_valid():
        return show(request, "away/ask", {"form": form}, status=422 if form.errors else 200)
    if request.method == "POST":
        return _do(request, user, form, now)
    return _show_plan(request, user, form, now)


def _show_plan(request: HttpRequest, user: User, form: AwayForm, now: datetime) -> HttpResponse:
    leaving = form.leaving()
    zone = zone_of(leaving)
    since, until = form.period(zone)
    try:
        plan = plan_takeover(actor=user, leaving=leaving, since=since, until=until, now=now)
    except ValidationError as error:
        form.refuse(error)
        return show(request, "away/ask", {"form": form}, status=422)
    rows = rows_of(plan)
    context = {
        "form": form,
        "leaving": leaving,
        "zone": zone,
        "rows": rows,
        "left": plan.left,
        "may_note_days": may_edit_account(user, leaving),
        "placed": sum(row.takeover.host is not None for row in rows),
        "period": when.period(form.cleaned_data["since"], form.cleaned_data["until"]),
    }
    return show(request, "away/plan", context)


def _do(request: HttpRequest, user: User, form: AwayForm, now: datetime) -> HttpResponse:
    leaving = form.leaving()
    names = [field.removeprefix("host-") for field in request.POST if field.startswith("host-")]
    bookings = queries.visible_to(user).filter(name__in=names).order_by("start_datetime", "pk")
    days = form.cleaned_data
    reason = f"{leaving.display_name} is away from {days['since']} to {days['until']}"
    done = hand_over(request.POST.dict(), actor=user, leaving=leaving, bookings=bookings, reason=reason, now=now)
    noted: list[str] = []
    if "note_days" in request.POST:
        noted = note_days(actor=user, leaving=leaving, first=days["since"], last=days["until"], reason="Away")
    keeping.keep(request.session, DONE, _kept(leaving, done, noted), now)
    return redirect("workspace_away_done")


def _kept(leaving: User, done: Sequence[Done], days: Sequence[str]) -> dict[str, Any]:
    return {
        "leaving": leaving.email,
        "days": days,
        "done": [[one.booking.name, one.host.email] for one in done if not one.problem],
        "refused": [[one.booking.name, one.problem] for one in done if one.problem],
    }


@managers_page
@require_safe
def done_page(request: HttpRequest, user: User) -> HttpResponse:
    """What was handed over and what was refused, with the way back while it is kept."""
    kept = keeping.look(request.session, DONE, timezone.now())
    if kept is None:
        return redirect("workspace_away")
    names = [name for name, _more in [*kept["done"], *kept["refused"]]]
    bookings = {one.name: one for one in queries.with_hosts(queries.visible_to(user)).filter(name__in=names)}
    context = {
        "leaving": User.objects.get(email=kept["leaving"]),
        "done": [bookings[name] for name, _host in kept["done"] if name in bookings],
        "days": len(kept["days"]),
        "refused": [(bookings[name], why) for name, why in kept["refused"] if name in bookings],
        "zone": zone_of(user),
    }
    return show(request, "away/done", context)


@managers_page
@require_POST
def undo_page(request: HttpRequest, user: User) -> HttpResponse:
    """Take all of it back, once."""
    now = timezone.now()
    kept = keeping.take(request.session, DONE, now)
    if kept is None:
        messages.info(request, _("There is nothing to take back any more."))
        return redirect("workspace_away")
    results = take_back(kept, actor=user, now=now)
    count = sum(not one.problem for one in results)
    messages.success(
        request,
        ngettext("%(count)d booking was taken back.", "%(count)d bookings were taken back.", count) % {"count": count},
    )
    for one in results:
        if one.problem:
            messages.warning(request, f"{one.booking.booking_reference}: {one.problem}")
    return redirect(reverse("workspace_away"))
