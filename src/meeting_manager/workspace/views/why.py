"""Why is this time not offered? Asked for a meeting type, a date and a time; by those who belong to its department."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meeting_manager.bookings.remedies import why
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.queries import managed_by, member_departments
from meeting_manager.departments.rules import may_manage
from meeting_manager.people.models import User
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.why import Line, line_of


class WhyForm(forms.Form):
    """Which time is asked about."""

    type = forms.ModelChoiceField(label=_("Meeting type"), queryset=MeetingType.objects.none(), to_field_name="name")
    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"), input_formats=["%H:%M"]
    )

    def __init__(self, data: object, types: object, zone: str) -> None:
        """A form for the meeting types that its reader may ask about, with times in `zone`."""
        super().__init__(data)  # type: ignore[arg-type]
        self.zone = zone
        self.fields["type"].queryset = types  # type: ignore[attr-defined]
        self.fields["type"].label_from_instance = _name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """A time that clocks skip that day is none."""
        given = super().clean() or self.cleaned_data
        if isinstance(given.get("date"), date) and isinstance(given.get("time"), time) and not self._is_shown():
            self.add_error("time", _("Clocks skip this time on that day. Please choose another one."))
        return given

    def _is_shown(self) -> bool:
        typed: time = self.cleaned_data["time"]
        return self.start().astimezone(ZoneInfo(self.zone)).time() == typed

    def start(self) -> datetime:
        """The instant that is asked about, in UTC; where clocks show the time twice, the first."""
        wall = datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def _name(kind: MeetingType) -> str:
    return f"{kind.department.department_name}: {kind.meeting_name}"


@staff_page
@require_safe
def why_page(request: HttpRequest, user: User) -> HttpResponse:
    """The question, and its answer: leaders and System Managers hear of all members, others of themselves."""
    zone = zone_of(user)
    departments = managed_by(user) | member_departments(user)
    types = MeetingType.objects.filter(department__in=departments.values("pk"), is_active=True)
    ordered = types.select_related("department").order_by("department__department_name", "meeting_name")
    form = WhyForm(request.GET if "type" in request.GET else None, ordered, zone)
    context = {"form": form, "zone": zone}
    if form.is_bound and form.is_valid():
        context |= _answer(user, form.cleaned_data["type"], form.start())
    return show(request, "own/why", context, 422 if form.errors else 200)


def _answer(user: User, kind: MeetingType, start: datetime) -> dict[str, object]:
    hears_of_all = may_manage(user, kind.department)
    found = why(meeting_type=kind, start=start, now=timezone.now(), member=None if hears_of_all else user)
    people = {each.email: each for each in _people(each.user for each in found.answers)}
    lines: list[Line] = [line_of(each, people[each.user], user) for each in found.answers]
    return {"why": found, "start": start, "kind": kind, "lines": lines, "hears_of_all": hears_of_all}


def _people(emails: Iterable[str]) -> Iterable[User]:
    return User.objects.filter(email__in=list(emails))
