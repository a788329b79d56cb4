"""The forms of the first steps: each asks the least that is needed, the rest has its page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import when
from meeting_manager.departments.choices import LocationType, VideoPlatform
from meeting_manager.engine.weekly import WEEKDAYS
from meeting_manager.workspace.department_forms import zones
from meeting_manager.workspace.setup_forms import Group, SetupForm

_DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
_CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")


class FirstDepartmentForm(SetupForm):
    """The first team."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("department_name", "timezone")),)

    department_name = forms.CharField(
        label=_("Name of the team"), help_text=_("Such as Support or Sales. Customers read it."), max_length=140
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)


class HoursForm(SetupForm):
    """When one works; breaks and single days have their page."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("days", "start", "end", "timezone")),)

    days = forms.MultipleChoiceField(
        label=_("Days"), choices=list(zip(WEEKDAYS, _DAYS, strict=True)), widget=forms.CheckboxSelectMultiple
    )
    start = forms.TimeField(label=_("From"), widget=_CLOCK)
    end = forms.TimeField(label=_("Until"), widget=_CLOCK)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    def changes(self) -> Mapping[str, object]:
        """What the service takes: the same hours on all the chosen days."""
        given = self.cleaned_data
        hours = {"start": f"{given['start']:%H:%M}", "end": f"{given['end']:%H:%M}", "breaks": []}
        week = {day: {"enabled": day in given["days"], **hours} for day in WEEKDAYS}
        return {"timezone": given["timezone"], "working_hours_json": week}


class FirstTypeForm(SetupForm):
    """The first kind of meeting."""

    GROUPS: ClassVar[tuple[Group, ...]] = (
        ("", ("meeting_name", "duration", "location_type", "custom_location", "video_meeting_url")),
    )

    meeting_name = forms.CharField(
        label=_("Name of the meeting"), help_text=_("Such as First call. Customers read it."), max_length=140
    )
    duration = forms.IntegerField(label=_("Duration in minutes"), min_value=1, max_value=480)
    location_type = forms.ChoiceField(label=_("Kind of place"), choices=LocationType.choices)
    custom_location = forms.CharField(
        label=_("Place"), help_text=_("An address, a room, a number to call."), max_length=500, required=False
    )
    video_meeting_url = forms.CharField(
        label=_("Address of the video call"), help_text=_("For video calls."), max_length=500, required=False
    )

    def fields_of_type(self) -> dict[str, object]:
        """What the service takes; which video service it is can be said later."""
        is_video = self.cleaned_data["location_type"] == LocationType.VIDEO_CALL
        return {**self.cleaned_data, "video_platform": VideoPlatform.CUSTOM if is_video else ""}


class TestBookingForm(SetupForm):
    """A time for the test, among those that customers are offered."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("start",)),)
    __test__ = False

    start = forms.ChoiceField(label=_("Time"), widget=forms.RadioSelect)

    def offer(self, starts: Sequence[datetime], zone: str) -> None:
        """Offer these (UTC), shown in `zone`; the first is chosen."""
        choices = [(start.isoformat(), when.moment(start, zone)) for start in starts]
        self.fields["start"].choices = choices  # type: ignore[attr-defined] # a choice field
        self.initial.setdefault("start", choices[0][0] if choices else "")

    def chosen(self) -> datetime:
        """The start, in UTC."""
        return datetime.fromisoformat(self.cleaned_data["start"])
