"""What the address of the calendar asks for: view, day, filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import validators, when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.queries import Filters
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User
from meeting_manager.workspace.calendar_board.people import Person, departments_of, people_of
from meeting_manager.workspace.pages import zone_of

VIEWS: Mapping[str, str | Promise] = {"day": _("Day"), "week": _("Week"), "month": _("Month"), "list": _("List")}
STANDING = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
"""What is shown where nobody asks for a status: neither what was cancelled nor where something stood before."""
EVERY = "every"
_STATUSES = [("", _("What takes place")), (EVERY, _("All")), *BookingStatus.choices]
_WEEK = 7


class BoardForm(forms.Form):
    """The filters; what is none of the choices counts as not given."""

    department = forms.ChoiceField(label=_("Department"), required=False)
    member = forms.ChoiceField(label=_("Host"), required=False)
    type = forms.ChoiceField(label=_("Meeting type"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=_STATUSES)
    view = forms.ChoiceField(required=False, choices=list(VIEWS.items()), widget=forms.HiddenInput)
    date = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """What can be chosen besides everything."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types alone
        field.choices = [("", _("All")), *choices]

    def given(self, name: str) -> str:
        """What was chosen; empty where nothing was, or something that is no choice."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the calendar. `first` and `last` are local to `zone`, both inclusive; `people` have columns."""

    user: User
    form: BoardForm
    view: str
    day: date
    first: date
    last: date
    zone: str
    people: Sequence[Person]
    filters: Filters

    @property
    def bounds(self) -> tuple[int, int]:
        """The instants of the period, in UTC epoch seconds."""
        return day_bounds(self.zone, self.first)[0], day_bounds(self.zone, self.last)[1]

    @property
    def title(self) -> str:
        """The period in words."""
        if self.view == "day":
            return when.long_date(self.day)
        return when.month(self.day) if self.view == "month" else when.period(self.first, self.last)

    @property
    def shows_hours(self) -> bool:
        """Whether whose time it is, is clear: each in a column of their own, or one alone."""
        return self.view == "day" or (self.view == "week" and len(self.people) == 1)

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out that could be shown."""
        return any(self.form.given(name) for name in ("department", "member", "type", "status"))

    def step(self, forward: bool) -> date:
        """The day that stands for the period after or before; today, where the calendar ends."""
        edge = self.last + timedelta(days=1) if forward else self.first - timedelta(days=1)
        if self.view == "month":
            within = self.day.replace(day=1)
            edge = (within + timedelta(days=32)).replace(day=1) if forward else within - timedelta(days=1)
        return edge if _is_within_reach(edge) else self.day


def read(query: QueryDict, user: User, now: datetime) -> Asked:
    """What is asked for. Four queries: settings, departments, members, types."""
    form, zone = BoardForm(query), zone_of(user)
    departments = departments_of(user)
    form.offer("department", [(each.department_slug, each.department_name) for each in departments])
    chosen = [each for each in departments if each.department_slug == _raw(query, "department")] or departments
    kinds = MeetingType.objects.filter(department__in=chosen).order_by("meeting_name", "pk")
    form.offer("type", [(each.name, each.meeting_name) for each in kinds])
    people = people_of(user, chosen, is_narrowed=chosen is not departments)
    form.offer("member", [(each.email, each.label) for each in people])
    member = form.given("member")
    view = form.given("view") or "day"
    day = _day(form, now, zone)
    first, last = _period(view, day)
    asked = Asked(
        user=user,
        form=form,
        view=view,
        day=day,
        first=first,
        last=last,
        zone=zone,
        people=[each for each in people if member in {"", each.email}],
        filters=Filters(department=form.given("department"), meeting_type=form.given("type"), member=member),
    )
    return _with_period(asked)


def _with_period(asked: Asked) -> Asked:
    """The filters with statuses and times; a day earlier, so that what reaches into the period is found."""
    low, high = asked.bounds
    status = asked.form.given("status")
    statuses: Sequence[str] = STANDING if not status else () if status == EVERY else (status,)
    since = moment(low) - timedelta(days=1)
    return replace(asked, filters=replace(asked.filters, statuses=statuses, since=since, until=moment(high)))


def _raw(query: QueryDict, name: str) -> str:
    return query.get(name, "")


def _day(form: BoardForm, now: datetime, zone: str) -> date:
    form.is_valid()
    given: date | None = form.cleaned_data.get("date")
    return given if given and _is_within_reach(given) else when.local(now, zone).date()


def _is_within_reach(day: date) -> bool:
    margin = timedelta(days=62)
    return validators.EARLIEST.date() + margin < day < validators.LATEST.date() - margin


def _period(view: str, day: date) -> tuple[date, date]:
    """The first and the last day that the view shows; months with the days of other months in their weeks."""
    if view == "day":
        return day, day
    if view != "month":
        return _week(day)
    last = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _week(day.replace(day=1))[0], _week(last)[1]


def _week(day: date) -> tuple[date, date]:
    first = day - timedelta(days=(day.weekday() - when.first_weekday()) % _WEEK)
    return first, first + timedelta(days=_WEEK - 1)
