"""Availability rules: how soon, how far ahead, how much, and how much air between meetings."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.availability import services
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.queries import in_force
from meeting_manager.bookings import when
from meeting_manager.people.models import User
from meeting_manager.workspace.own_forms import RuleForm
from meeting_manager.workspace.pages import show, staff_page, zone_of


@staff_page
@require_safe
def rules_page(request: HttpRequest, user: User) -> HttpResponse:
    """All rules, which of them is in force, and what that means from now on."""
    current = in_force(user)
    context = {
        "rules": AvailabilityRule.objects.filter(user=user).order_by("-is_default", "-is_active", "id"),
        "current": current,
        "meaning": meaning_of(current or AvailabilityRule(), timezone.now(), zone_of(user)),
    }
    return show(request, "own/rules", context)


def meaning_of(rule: AvailabilityRule, now: datetime, zone: str) -> list[str]:
    """What a rule means at `now` (aware), in sentences, with times in `zone`."""
    earliest = when.moment(now + timedelta(hours=rule.min_notice_hours), zone)
    latest = when.day(now + timedelta(days=rule.max_days_advance), zone)
    told = [_("Customers can book you from %(earliest)s until %(latest)s.") % {"earliest": earliest, "latest": latest}]
    day, week = rule.max_bookings_per_day, rule.max_bookings_per_week
    if day:
        told.append(ngettext("At most %(n)d meeting a day.", "At most %(n)d meetings a day.", day) % {"n": day})
    if week:
        told.append(ngettext("At most %(n)d meeting a week.", "At most %(n)d meetings a week.", week) % {"n": week})
    if rule.buffer_time_before or rule.buffer_time_after:
        minutes = {"before": rule.buffer_time_before, "after": rule.buffer_time_after}
        told.append(_("%(before)s minutes stay free before each meeting, %(after)s after it.") % minutes)
    return told


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request: HttpRequest, user: User, rule: str = "") -> HttpResponse:
    """A rule of one's own to edit, or a new one."""
    stored = AvailabilityRule.objects.get(user=user, name=rule) if rule else None
    form = RuleForm(request.POST if request.method == "POST" else None, stored or AvailabilityRule(is_default=not rule))
    if form.is_valid():
        try:
            if stored:
                services.edit_rule(actor=user, rule=stored, changes=form.cleaned_data)
            else:
                services.create_rule(actor=user, user=user, fields=form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("account_rules")
    return show(request, "own/rule", {"form": form, "rule": stored}, status=422 if form.errors else 200)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest, user: User, rule: str) -> HttpResponse:
    """GET asks, POST deletes a rule with its days."""
    stored = AvailabilityRule.objects.get(user=user, name=rule)
    if request.method != "POST":
        return show(request, "own/rule_delete", {"rule": stored, "days": stored.date_overrides.count()})
    services.delete_rule(actor=user, rule=stored)
    messages.success(request, _("The rule is deleted."))
    return redirect("account_rules")
