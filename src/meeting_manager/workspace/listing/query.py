"""What the address of the list says: which bookings, in which order, in which columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import queries
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.queries import led_by, member_departments
from meeting_manager.departments.rules import manages_some
from meeting_manager.people import queries as people
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.workspace.listing.columns import COLUMNS, Column, columns_of
from meeting_manager.workspace.listing.orders import BACKWARDS, ORDERS, Order, order_of, sortable
from meeting_manager.workspace.listing.periods import ALL, PERIODS, RANGE, UPCOMING, instants_of
from meeting_manager.workspace.listing.periods import BACKWARDS as LATEST_FIRST
from meeting_manager.workspace.standing import word_of

_EVERY = ("", _("All"))
_LONGEST = 254
_DATE = {"type": "date"}
_MEANT = (MinValueValidator(date(1900, 1, 2)), MaxValueValidator(date(2100, 12, 30)))


def _day() -> forms.DateInput:
    return forms.DateInput(_DATE, format="%Y-%m-%d")


class ListForm(forms.Form):
    """The filters, the order and the columns; fields bear the names that the address has."""

    q = forms.CharField(label=_("Search"), required=False, max_length=_LONGEST)
    period = forms.ChoiceField(label=_("When"), required=False, choices=list(PERIODS.items()))
    since = forms.DateField(label=_("From"), required=False, validators=_MEANT, widget=_day())
    until = forms.DateField(label=_("To"), required=False, validators=_MEANT, widget=_day())
    status = forms.MultipleChoiceField(
        label=_("Status"),
        required=False,
        choices=lambda: [(status, word_of(status)) for status in BookingStatus.values],
        widget=forms.CheckboxSelectMultiple,
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    host = forms.ChoiceField(label=_("Host"), required=False)
    customer = forms.CharField(label=_("Customer’s e-mail"), required=False, max_length=_LONGEST)
    approval = forms.ChoiceField(label=_("Approval"), required=False, choices=[_EVERY, *ApprovalStatus.choices])
    sort = forms.ChoiceField(required=False, choices=[(order, order) for order in ORDERS], widget=forms.HiddenInput)
    col = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        choices=lambda: [(key, column.label) for key, column in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, choices: "Choices") -> None:
        super().__init__(data)
        self._choose("department", choices.departments)
        self._choose("type", choices.types)
        self._choose("host", choices.hosts)

    def _choose(self, name: str, known: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [_EVERY, *known]
        if len(known) < 2:
            field.widget = forms.HiddenInput()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader may choose from, as (value, words): slugs of departments, document names of types, addresses."""

    departments: Sequence[tuple[str, str]]
    types: Sequence[tuple[str, str]]
    hosts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; values that are none of the choices count as not given."""

    filters: queries.Filters
    order: str
    period: str
    columns: Sequence[Column]

    @property
    def sorting(self) -> Order:
        """The order of its rows."""
        return order_of(self.order)

    def rows(self, user: User) -> QuerySet[Booking]:
        """The bookings that `user` may see and that fit, with what a list shows, without an order."""
        found = queries.narrow(queries.visible_to(user), self.filters)
        return sortable(queries.with_hosts(found))


def choices_for(user: User) -> Choices:
    """Departments in which `user` sees bookings, their types, and whose bookings those may be; three queries."""
    departments = list(_departments(user).order_by("department_name"))
    names = {department.pk: department.department_name for department in departments}
    types = MeetingType.objects.filter(department__in=names).order_by("department__department_name", "meeting_name")
    hosts = people.visible_to(user).order_by("full_name", "email") if manages_some(user) else ()
    return Choices(
        [(each.department_slug, each.department_name) for each in departments],
        [(kind.name, _type_word(kind, names)) for kind in types],
        [(host.email, host.display_name) for host in hosts],
    )


def read(form: ListForm, zone: str, now: datetime) -> Wish:
    """What a form asks for; days are those of `zone`."""
    form.is_valid()
    given = form.cleaned_data
    first, last = given.get("since"), given.get("until")
    period = RANGE if first or last else given.get("period") or _period_for(given)
    since, until = instants_of(period, first, last, zone, now)
    filters = queries.Filters(
        department=given.get("department", ""),
        meeting_type=given.get("type", ""),
        member=given.get("host", ""),
        statuses=given.get("status", ()),
        since=since,
        until=until,
        customer=given.get("customer", "").strip(),
        search=given.get("q", "").strip(),
        approval_status=given.get("approval", ""),
    )
    usual = f"{BACKWARDS}start" if period in LATEST_FIRST else "start"
    return Wish(filters, given.get("sort") or usual, period, columns_of(given.get("col", ())))


def _period_for(given: Mapping[str, object]) -> str:
    """Who looks for somebody looks everywhere, unless they say when."""
    return ALL if given.get("q") or given.get("customer") else UPCOMING


def cleaned(asked: QueryDict) -> str:
    """The part of an address that says what is listed, without what is empty, unknown, or about pages."""
    query = QueryDict(mutable=True)
    for name in ListForm.base_fields:
        query.setlist(name, [value for value in asked.getlist(name) if value])
    if query.get("period") == RANGE and not (query.get("since") or query.get("until")):
        del query["period"]
    return query.urlencode()


def changed(asked: QueryDict, **values: str) -> str:
    """The query with other values; an empty one takes its name away."""
    query = QueryDict(cleaned(asked), mutable=True)
    for name, value in values.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return query.urlencode()


def pairs_of(query: str) -> Iterable[tuple[str, str]]:
    """Names and values of a query, for hidden fields."""
    lists: Mapping[str, Sequence[str]] = dict(QueryDict(query).lists())
    return [(name, value) for name, values in lists.items() for value in values]


def _departments(user: User) -> QuerySet[Department]:
    if is_system_manager(user):
        return Department.objects.all()
    own = [*led_by(user).values_list("pk", flat=True), *member_departments(user).values_list("pk", flat=True)]
    return Department.objects.filter(pk__in=own)


def _type_word(kind: MeetingType, departments: Mapping[int, str]) -> str:
    return f"{kind.meeting_name} · {departments[kind.department_id]}" if len(departments) > 1 else kind.meeting_name
