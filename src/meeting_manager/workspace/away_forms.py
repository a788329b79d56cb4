"""Asking who is away, and from when to when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.facts import moment
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm

_DAY = forms.DateInput(attrs={"type": "date"})


class AwayForm(RefusableForm):
    """Whose bookings others are to take over, and in which days, both ends included."""

    member = forms.ChoiceField(label=_("Who is away?"))
    since = forms.DateField(label=_("First day"), widget=_DAY)
    until = forms.DateField(label=_("Last day"), widget=_DAY)

    def __init__(self, data: Any, members: Sequence[User], today: date) -> None:  # noqa: ANN401 - as Django's own
        """A form for the members whose bookings its reader may reassign."""
        super().__init__(data, initial={"since": today, "until": today})
        self._members = {member.email: member for member in members}
        self.fields["member"].choices = [(one.email, one.display_name) for one in members]  # type: ignore[attr-defined]

    def leaving(self) -> User:
        """Who is away."""
        return self._members[self.cleaned_data["member"]]

    def period(self, zone: str) -> tuple[datetime, datetime]:
        """The days in `zone`, as [since, until) in UTC."""
        first, last = self.cleaned_data["since"], self.cleaned_data["until"]
        return moment(day_bounds(zone, first)[0]), moment(day_bounds(zone, last)[1])
