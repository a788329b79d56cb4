"""How it goes: the figures of departments, as a page, as files, and the bookings behind them."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meeting_manager.analytics.clocks import WEEK_HOURS
from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries import found
from meeting_manager.bookings import when
from meeting_manager.bookings.facts import seconds
from meeting_manager.people.models import User
from meeting_manager.workspace.figures import bars, cards, heat
from meeting_manager.workspace.figures.asked import Asked, read
from meeting_manager.workspace.figures.charts import CHARTS
from meeting_manager.workspace.figures.tables import written
from meeting_manager.workspace.pages import managers_page, show
from meeting_manager.workspace.paging import page_of


@managers_page
@require_safe
def figures_page(request: HttpRequest, user: User) -> HttpResponse:
    """All figures of a period, for one department or all that `user` manages."""
    asked = read(request, user, timezone.now())
    numbers, links = asked.numbers, asked.sources.links
    tables = {name: chart(asked.sources) for name, chart in CHARTS.items()}
    pictures = (("held", numbers.held), ("asked", numbers.asked))
    context = {
        **_about(asked),
        "cards": cards.cards(numbers, links),
        "over_time": tables["over-time"],
        "bars": bars.picture(numbers),
        "halves": [[tables["types"], tables["statuses"]], [tables["members"]]],
        "pictures": [(heat.picture(tables[name].title, counted), tables[name]) for name, counted in pictures],
        "fairness": tables["fairness"],
        "comparison": tables["comparison"],
        "is_empty": not numbers.by_hour,
    }
    return show(request, "figures/page", context, 200 if asked.form.is_valid() else 422)


@managers_page
@require_safe
def figures_csv(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """One figure as a file of comma-separated values."""
    asked = read(request, user, timezone.now())
    if name not in CHARTS or not asked.form.is_valid():
        raise Http404
    period = asked.period
    answer = HttpResponse(written(CHARTS[name](asked.sources)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{period.first}-{period.last}.csv"'
    return answer


@managers_page
@require_safe
def bookings_page(request: HttpRequest, user: User) -> HttpResponse:
    """The bookings of an hour of the week, or those that waited for an approval."""
    now = timezone.now()
    asked = read(request, user, now)
    if not asked.form.is_valid():
        raise Http404
    title, rows = _wanted(request, asked, now)
    context = {
        **_about(asked),
        "title": title,
        "page": page_of(request, rows),
        "waited": request.GET.get("of") == "approved",
        "up": f"{reverse('workspace_figures')}?{asked.query}",
        "up_name": _("Figures"),
    }
    return show(request, "figures/bookings", context)


def _about(asked: Asked) -> dict[str, object]:
    return {
        "form": asked.form,
        "period": _words(asked.period),
        "before": _words(asked.numbers.before),
        "zone": asked.zone,
        "links": asked.sources.links,
        "query": asked.query,
    }


def _words(period: Period) -> str:
    return when.period(period.first, period.last)


def _wanted(request: HttpRequest, asked: Asked, now: datetime) -> tuple[str, found.Found]:
    """What the address asks for, with its heading; 404 where it makes no sense."""
    what, span = request.GET.get("of", ""), asked.period.bounds(asked.zone)
    if what == "approved":
        return _("Bookings that waited for an approval"), found.that_waited(asked.scope, span)
    hour = _hour(request.GET.get("hour", ""))
    told = {"hour": heat.hour_in_words(hour)}
    if what == "held":
        return _("Meetings that begin %(hour)s") % told, found.held_at(asked.scope, span, hour)
    if what == "asked":
        return _("Bookings made %(hour)s") % told, found.asked_at(asked.scope, span, hour, seconds(now))
    raise Http404


def _hour(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(WEEK_HOURS)) and int(given) < WEEK_HOURS):
        raise Http404
    return int(given)
