"""What people say about their own availability and account."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.public_holidays import countries, regions
from meeting_manager.web.forms import RefusableForm
from meeting_manager.web.zones import find_zone

LONGEST_PERIOD = 366
"""Days that are said to be alike at once."""

_TIME = forms.TimeInput({"type": "time"}, format="%H:%M")


class RuleForm(RefusableForm):
    """An availability rule. Names and bounds are the founding document's."""

    rule_name = forms.CharField(label=_("Name"), max_length=140)
    min_notice_hours = forms.IntegerField(
        label=_("Notice in hours"), help_text=_("Nobody can book you sooner than this."), min_value=0, max_value=720
    )
    max_days_advance = forms.IntegerField(
        label=_("Days ahead"), help_text=_("Nobody can book you later than this."), min_value=1, max_value=365
    )
    buffer_time_before = forms.IntegerField(label=_("Minutes free before a meeting"), min_value=0, max_value=240)
    buffer_time_after = forms.IntegerField(label=_("Minutes free after a meeting"), min_value=0, max_value=240)
    max_bookings_per_day = forms.IntegerField(
        label=_("Meetings a day at most"), help_text=_("0 means: as many as fit."), min_value=0, max_value=50
    )
    max_bookings_per_week = forms.IntegerField(
        label=_("Meetings a week at most"), help_text=_("0 means: as many as fit."), min_value=0, max_value=200
    )
    is_active = forms.BooleanField(label=_("May be in force"), required=False)
    is_default = forms.BooleanField(label=_("Comes before my other rules"), required=False)

    def __init__(self, data: Any, rule: AvailabilityRule) -> None:  # noqa: ANN401 - as Django's own
        """A form that says what `rule` says, stored or not."""
        super().__init__(data, initial={name: getattr(rule, name) for name in self.base_fields})


class DaysForm(RefusableForm):
    """A day, or several in a row, on which somebody is away or works other hours."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Then I am"),
        choices=[("away", _("away")), ("hours", _("here at other hours"))],
        initial="away",
        widget=forms.RadioSelect,
    )
    custom_hours_start = forms.TimeField(label=_("Other hours: from"), required=False, widget=_TIME)
    custom_hours_end = forms.TimeField(label=_("Other hours: to"), required=False, widget=_TIME)
    reason = forms.CharField(label=_("Reason"), help_text=_("Colleagues may read it."), max_length=255)

    def clean(self) -> dict[str, Any]:
        """The days are in order, and not too many."""
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until") or given.get("since")
        if since and until and until < since:
            self.add_error("until", _("The last day must not be before the first."))
        elif since and until and (until - since).days >= LONGEST_PERIOD:
            self.add_error("until", _("At most %(days)s days can be said at once.") % {"days": LONGEST_PERIOD})
        return given

    def overrides(self) -> list[dict[str, object]]:
        """What the service takes, a row for each day."""
        given = self.cleaned_data
        is_here = given["kind"] == "hours"
        hours = {
            name: given[name].strftime("%H:%M") if is_here and given[name] else ""
            for name in ("custom_hours_start", "custom_hours_end")
        }
        return [{"date": day, "available": is_here, "reason": given["reason"], **hours} for day in self._days()]

    def _days(self) -> Iterator[date]:
        since, until = self.cleaned_data["since"], self.cleaned_data["until"] or self.cleaned_data["since"]
        return (since + timedelta(days=more) for more in range((until - since).days + 1))


class HolidaysForm(forms.Form):
    """Whose holidays to show."""

    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1970, max_value=2099)

    def __init__(self, data: Mapping[str, Any]) -> None:
        """The regions are those of the country that was chosen."""
        super().__init__(data)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        known: Sequence[tuple[str, str]] = regions(str(data.get("country", "")))
        self.fields["region"].choices = [("", _("all of it")), *known]  # type: ignore[attr-defined]


class SettingsForm(RefusableForm):
    """Name, zone, and what colleagues read."""

    full_name = forms.CharField(label=_("Name"), max_length=140)
    timezone = forms.CharField(
        label=_("Your time zone"),
        help_text=_("Type the name of a city, such as Lisbon. Empty: that of the department."),
        required=False,
        widget=forms.TextInput({"list": "zones", "autocomplete": "off"}),
    )
    bio = forms.CharField(label=_("About you"), required=False, widget=forms.Textarea({"rows": 4}))

    def clean_timezone(self) -> str:
        """The zone by its name or by a city."""
        try:
            return find_zone(self.cleaned_data["timezone"])
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
