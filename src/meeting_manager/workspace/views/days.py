"""Days that are not as their weekday is: a year of them, days away, other hours, and public holidays."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meeting_manager.availability import services
from meeting_manager.availability.models import DateOverride
from meeting_manager.availability.public_holidays import country_of, holidays_of
from meeting_manager.availability.queries import in_force
from meeting_manager.bookings import when
from meeting_manager.people.models import User
from meeting_manager.workspace.own_forms import DaysForm, HolidaysForm
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.year import months_of

_FIRST_YEAR, _LAST_YEAR = 1970, 2099


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def days_page(request: HttpRequest, user: User) -> HttpResponse:
    """The year, and a form for more days; POST says what they are like."""
    today = when.local(timezone.now(), zone_of(user)).date()
    form = DaysForm(request.POST or None, initial={"since": request.GET.get("day") or today})
    if form.is_valid():
        try:
            services.put_overrides(actor=user, user=user, date_overrides=form.overrides())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The days are noted."))
            return redirect(_address(form.cleaned_data["since"].year))
    year = _year(request.GET.get("year", ""), today)
    known = _overrides(user, year)
    context = {
        "form": form,
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "today": today,
        "months": months_of(year, known),
        "overrides": list(known.values()),
    }
    return show(request, "own/days", context, status=422 if form.errors else 200)


@staff_page
@require_POST
def remove_page(request: HttpRequest, user: User) -> HttpResponse:
    """Give a `day` back to its weekday."""
    rule = in_force(user)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise DateOverride.DoesNotExist from None
    if rule is None:
        raise DateOverride.DoesNotExist
    services.remove_override(actor=user, rule=rule, day=day)
    messages.success(request, _("%(day)s is as its weekday is again.") % {"day": when.long_date(day)})
    return redirect(_address(day.year))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def holidays_page(request: HttpRequest, user: User) -> HttpResponse:
    """The public holidays of a country; POST takes the chosen `day`s over as days away."""
    zone = zone_of(user)
    today = when.local(timezone.now(), zone).date()
    asked = request.GET.dict()
    asked.setdefault("country", country_of(zone) or "DE")
    asked.setdefault("year", str(today.year))
    form = HolidaysForm(asked)
    found = holidays_of(**form.cleaned_data) if form.is_valid() else []
    if request.method == "POST":
        chosen = set(request.POST.getlist("day"))
        rows = [
            {"date": each.day, "available": False, "reason": each.name[:255]}
            for each in found
            if each.day.isoformat() in chosen
        ]
        return _take_over(request, user, rows, form.cleaned_data.get("year", today.year))
    taken = _overrides(user, form.cleaned_data["year"]) if form.is_valid() else {}
    rows_shown = [(each, taken.get(each.day), each.day < today) for each in found]
    return show(request, "own/holidays", {"form": form, "rows": rows_shown}, status=422 if form.errors else 200)


def _take_over(request: HttpRequest, user: User, rows: list[dict[str, object]], year: int) -> HttpResponse:
    if rows:
        services.put_overrides(actor=user, user=user, date_overrides=rows)
    count = len(rows)
    messages.success(
        request, ngettext("%(n)d holiday is taken over.", "%(n)d holidays are taken over.", count) % {"n": count}
    )
    return redirect(_address(year))


def _overrides(user: User, year: int) -> dict[date, DateOverride]:
    rule = in_force(user)
    rows = rule.date_overrides.filter(date__year=year).order_by("date") if rule else []
    return {row.date: row for row in rows}


def _year(given: str, today: date) -> int:
    is_year = given.isascii() and given.isdigit() and len(given) == len("2026")
    return min(max(int(given), _FIRST_YEAR), _LAST_YEAR) if is_year else today.year


def _address(year: int) -> str:
    return f"{reverse('account_days')}?year={year}"
