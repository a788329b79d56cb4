"""The forms of new bookings. Fields bear the names that the services refuse them under, and nothing is required here:
what is missing is the services' to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meeting_manager.bookings import when
from meeting_manager.bookings.inputs import Customer, Details, Pattern
from meeting_manager.bookings.series import repeats_for
from meeting_manager.bookings.validators import LATEST
from meeting_manager.departments.choices import LocationType
from meeting_manager.departments.models import MeetingType, MeetingTypeQuestion
from meeting_manager.engine.recurrence import MOST, Repeats, ordinal
from meeting_manager.web.forms import RefusableForm
from meeting_manager.web.questions import field_of, name_of

_PLACE = ("location_type", "meeting_location", "video_meeting_url")


class PlaceForm(RefusableForm):
    """Title and place of a meeting; what is left as the type has it stays the type's."""

    meeting_title = forms.CharField(label=_("Title"), required=False)
    location_type = forms.ChoiceField(label=_("Where"), required=False, choices=LocationType.choices)
    meeting_location = forms.CharField(label=_("Place"), required=False, help_text=_("An address, a room, a number."))
    video_meeting_url = forms.CharField(
        label=_("Link of the video call"), required=False, widget=forms.URLInput({"autocomplete": "off"})
    )
    force_reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It goes into the history. Two meetings at one time are never possible."),
        required=False,
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, kind: MeetingType) -> None:
        """A form for a meeting of this type, as the type has it at first."""
        initial = {
            "location_type": kind.location_type,
            "meeting_location": kind.custom_location,
            "video_meeting_url": kind.video_meeting_url,
            "key": uuid4().hex,
        }
        super().__init__(data, initial=initial)
        self._kind = kind

    def details(self) -> Details:
        """What was said of title and place."""
        said = {name: self.cleaned_data.get(name, "") for name in ("meeting_title", "meeting_description", *_PLACE)}
        about = linebreaks(said["meeting_description"], autoescape=True) if said["meeting_description"] else ""
        if all(said[name] == self.initial[name] for name in _PLACE):
            return Details(said["meeting_title"], about)
        return Details(
            said["meeting_title"], about, said["location_type"], said["meeting_location"], said["video_meeting_url"]
        )

    def said(self) -> dict[str, Any]:
        """All that was typed, as it makes this form what it is."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}


class CustomerForm(PlaceForm):
    """Who the customer is, what they answer, and with whom the meeting is."""

    assigned_users = forms.CharField(required=False)
    customer_name = forms.CharField(label=_("Customer's name"), required=False)
    customer_email = forms.CharField(label=_("E-mail"), required=False, widget=forms.EmailInput())
    customer_phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"}))
    customer_notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self, data: Mapping[str, Any] | None, kind: MeetingType, questions: Sequence[MeetingTypeQuestion]
    ) -> None:
        """A form with a field for each of the questions."""
        super().__init__(data, kind)
        self.questions = questions
        self.fields.update({name_of(question): field_of(question) for question in questions})
        for name in ("customer_name", "customer_email", "customer_phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def asked(self) -> Iterator[tuple[MeetingTypeQuestion, BoundField]]:
        """The questions with their fields, in order."""
        return ((question, self[name_of(question)]) for question in self.questions)

    def customer(self) -> Customer:
        """Who the customer is."""
        return Customer(*(self.cleaned_data[f"customer_{name}"] for name in ("name", "email", "phone", "notes")))

    def answers(self) -> dict[str, object]:
        """What they answered, by the keys of the questions."""
        return {question.key: self.cleaned_data[name_of(question)] for question in self.questions}


class PeopleForm(forms.Form):
    """Who is to come to a meeting among colleagues, on which day, for how long."""

    host = forms.MultipleChoiceField(
        label=_("Hosts"),
        help_text=_("They must be free, and it takes their time. The first one is the primary host."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one host.")},
    )
    people = forms.CharField(
        label=_("Who else is invited?"),
        help_text=_("One e-mail address a line, of colleagues or others; with a name: Ada Muster <ada@example.com>"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=5, max_value=24 * 60, widget=forms.NumberInput({"step": 5})
    )

    def clean_day(self) -> date:
        """Today at the earliest, and no year that nobody means."""
        day: date = self.cleaned_data["day"]
        return min(max(day, self._today), LATEST.date() - timedelta(days=2))

    def __init__(
        self, data: Mapping[str, Any] | None, kind: MeetingType, members: Sequence[tuple[str, str]], today: date
    ) -> None:
        """A form for the members (address, name) of the type's department."""
        super().__init__(data, initial={"day": today, "minutes": kind.duration})
        self._today = today
        self.fields["host"].choices = members  # type: ignore[attr-defined]


class MeetingForm(PlaceForm):
    """What a meeting among colleagues is about, and whether it comes again."""

    meeting_description = forms.CharField(
        label=_("Agenda"),
        help_text=_("Everybody invited reads it."),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    repeats = forms.ChoiceField(label=_("Does it come again?"), required=False)
    ends = forms.ChoiceField(
        label=_("Until when?"),
        required=False,
        choices=[("times", _("after a number of meetings")), ("until", _("on a date"))],
        widget=forms.RadioSelect,
    )
    times = forms.IntegerField(
        label=_("Number of meetings"), required=False, widget=forms.NumberInput({"min": 2, "max": MOST})
    )
    until = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Mapping[str, Any] | None, kind: MeetingType, first: date) -> None:
        """A form for a meeting whose first date is `first`."""
        super().__init__(data, kind)
        self.initial = {**self.initial, "ends": "times", "times": 10}
        words = [(repeats.value, in_words(repeats, first)) for repeats in repeats_for(first)]
        self.fields["repeats"].choices = [("", _("No, once")), *words]  # type: ignore[attr-defined]

    def pattern(self) -> Pattern | None:
        """How it comes again; None where it does not."""
        said = self.cleaned_data
        if not said.get("repeats"):
            return None
        by_date = said.get("ends") == "until"
        return Pattern(
            Repeats(said["repeats"]),
            times=None if by_date else said.get("times"),
            until=said.get("until") if by_date else None,
        )


def in_words(repeats: str, first: date) -> str:
    """How meetings come again whose first is on that date: "every month on the second Tuesday"."""
    return str(_WORDS[Repeats(repeats)]) % {
        "weekday": when.weekday(first),
        "day": first.day,
        "place": str(_PLACES[min(ordinal(first), 5) - 1]),
    }


_PLACES = (
    pgettext_lazy("weekday of a month", "first"),
    pgettext_lazy("weekday of a month", "second"),
    pgettext_lazy("weekday of a month", "third"),
    pgettext_lazy("weekday of a month", "fourth"),
    pgettext_lazy("weekday of a month", "fifth"),
)
_WORDS = {
    Repeats.WEEKLY: _("every week on %(weekday)s"),
    Repeats.FORTNIGHTLY: _("every two weeks on %(weekday)s"),
    Repeats.MONTHLY_DATE: _("every month on day %(day)s"),
    Repeats.MONTHLY_WEEKDAY: _("every month on the %(place)s %(weekday)s"),
    Repeats.MONTHLY_LAST: _("every month on the last %(weekday)s"),
}
