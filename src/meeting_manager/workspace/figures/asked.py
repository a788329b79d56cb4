"""What somebody asked to see: their filters, and the numbers and links that follow from them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from meeting_manager.analytics.numbers import Numbers, Team
from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries.scope import Scope
from meeting_manager.bookings import when
from meeting_manager.bookings.facts import seconds
from meeting_manager.departments.models import Department
from meeting_manager.people.models import User
from meeting_manager.workspace.figures.forms import FiguresForm
from meeting_manager.workspace.figures.links import Links
from meeting_manager.workspace.figures.sources import Sources
from meeting_manager.workspace.pages import zone_of

_OF_THE_DRILL = ("of", "hour", "page")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, and what they select; `query` is that of the page, `zone` the one in which days are counted."""

    form: FiguresForm
    scope: Scope
    period: Period
    sources: Sources
    zone: str
    query: str

    @property
    def numbers(self) -> Numbers:
        """The figures themselves."""
        return self.sources.numbers


def read(request: HttpRequest, user: User, now: datetime) -> Asked:
    """What the address asks for, within what `user` manages; days are those of the department, where there is one."""
    form = FiguresForm(request.GET, user)
    department, member = form.department_chosen, form.member_chosen
    zone = department.timezone if department else zone_of(user)
    today = when.local(now, zone).date()
    period = form.period_chosen(today)
    kinds = {kind.pk: (kind, form.type_label(kind)) for kind in form.kinds}
    types = (form.type_chosen.pk,) if form.type_chosen else tuple(kinds)
    scope = Scope(types, zone, member.pk if member else None)
    numbers = Numbers(scope, _team(form), period, today, seconds(now))
    query = _query(request)
    return Asked(form, scope, period, Sources(numbers, _links(form, query), kinds, form.pair_chosen), zone, query)


def _team(form: FiguresForm) -> Team:
    looked_at = form.departments
    algorithms = {department.assignment_algorithm for department in looked_at}
    return Team(_ids(looked_at), algorithms.pop() if len(algorithms) == 1 else "")


def _ids(departments: list[Department]) -> tuple[int, ...]:
    return tuple(department.pk for department in departments)


def _links(form: FiguresForm, query: str) -> Links:
    department, kind, member = form.department_chosen, form.type_chosen, form.member_chosen
    return Links(
        department.department_slug if department else "",
        kind.name if kind else "",
        member.email if member else "",
        query,
    )


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in _OF_THE_DRILL:
        kept.pop(name, None)
    return kept.urlencode()
