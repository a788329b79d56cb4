"""What the figures are narrowed to: department, type, member and period, all in the address."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meeting_manager.analytics.periods import PRESETS, Period
from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.departments.queries import managed_by
from meeting_manager.people.models import User

USUAL = "30-days"
RANGE = "range"
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST_DAYS = 5 * 366

_PERIODS = (
    ("today", _("Today")),
    ("7-days", _("Last 7 days")),
    ("30-days", _("Last 30 days")),
    ("90-days", _("Last 90 days")),
    ("this-month", _("This month")),
    ("last-month", _("Last month")),
    ("this-year", _("This year")),
    (RANGE, _("The dates beside")),
)


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class FiguresForm(forms.Form):
    """Filters of the figures; choices are what `user` manages. Three queries, whatever the number of choices."""

    department = forms.ChoiceField(label=_("Department"), required=False)
    type = forms.ChoiceField(label=_("Meeting type"), required=False)
    member = forms.ChoiceField(label=_("Member"), required=False)
    other = forms.ChoiceField(label=_("Compare with"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False, choices=_PERIODS, initial=USUAL)
    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("Until"), required=False, widget=_day())

    def __init__(self, data: "dict[str, str]", user: User) -> None:
        super().__init__(data)
        self.managed = list(managed_by(user))
        self.kinds = list(_types(self.departments))
        self.people = _members(self.departments)
        one = len(self.managed) == 1
        names = [(each.department_slug, each.department_name) for each in self.managed]
        _offer(self, "department", names if one else [("", _("All that I manage")), *names])
        _offer(self, "type", [("", _("All")), *((kind.name, self.type_label(kind)) for kind in self.kinds)])
        members = [(each.email, each.display_name) for each in self.people]
        _offer(self, "member", [("", _("Everybody")), *members])
        _offer(self, "other", [("", _("Nobody")), *members])

    def clean(self) -> None:
        """Dates count where they are asked for, and then have to be a beginning and an end in order."""
        given = self.cleaned_data
        if self._period_name() != RANGE or self.errors.keys() & {"since", "until"}:
            return
        first, last = given.get("since"), given.get("until")
        for name, value in (("since", first), ("until", last)):
            if value is None or not _EARLIEST <= value <= _LATEST:
                self.add_error(name, ValidationError(_("Please give a date from 2000 to 2099.")))
        if first and last and last < first:
            self.add_error("until", ValidationError(_("The period must not end before it begins.")))
        elif first and last and Period(first, last).days > _LONGEST_DAYS:
            self.add_error("until", ValidationError(_("Please choose a period of at most five years.")))

    @property
    def department_chosen(self) -> Department | None:
        """The department that is looked at alone; None where it is all that `user` manages."""
        if len(self.managed) == 1:
            return self.managed[0]
        asked = self.data.get("department", "")
        return next((each for each in self.managed if each.department_slug == asked), None)

    @property
    def type_chosen(self) -> MeetingType | None:
        """The meeting type that is looked at alone."""
        return next((kind for kind in self.kinds if kind.name == self.data.get("type", "")), None)

    @property
    def member_chosen(self) -> User | None:
        """The member that is looked at alone."""
        return self._person("member")

    @property
    def pair_chosen(self) -> tuple[User, User] | None:
        """The member and whom they are compared with, where both are given."""
        one, other = self._person("member"), self._person("other")
        return (one, other) if one and other and one != other else None

    def _period_name(self) -> str:
        """What is chosen; dates alone are a choice too."""
        has_dates = self.cleaned_data.get("since") or self.cleaned_data.get("until")
        return self.cleaned_data.get("period") or (RANGE if has_dates else USUAL)

    def _person(self, field: str) -> User | None:
        return next((each for each in self.people if each.email == self.data.get(field, "")), None)

    def period_chosen(self, today: date) -> Period:
        """The local dates that are asked for; the usual ones where what was given makes no sense."""
        self.is_valid()
        asked = self._period_name()
        if asked == RANGE and not self.errors.keys() & {"since", "until"}:
            return Period(self.cleaned_data["since"], self.cleaned_data["until"])
        return PRESETS[asked if asked in PRESETS else USUAL](today)

    @property
    def departments(self) -> list[Department]:
        """Those that are looked at."""
        chosen = self.department_chosen
        return [chosen] if chosen else self.managed

    def type_label(self, kind: MeetingType) -> str:
        """The name of a type, with its department where several are looked at."""
        return (
            kind.meeting_name if self.department_chosen else f"{kind.department.department_name}: {kind.meeting_name}"
        )


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy which kind of field it is
    field.choices = choices


def _types(departments: Sequence[Department]) -> QuerySet[MeetingType]:
    kinds = MeetingType.objects.filter(department__in=departments).select_related("department")
    return kinds.order_by("department__department_name", "meeting_name", "pk")


def _members(departments: Sequence[Department]) -> list[User]:
    ids = DepartmentMember.objects.filter(department__in=departments).values("member")
    return sorted(User.objects.filter(pk__in=ids), key=lambda user: (user.display_name.casefold(), user.pk))
