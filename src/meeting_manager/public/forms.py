"""What guests fill in. Fields bear the names of the booking, so that the services' messages find their place; they
are not required here, since the services say what is missing, in the words that the API uses too.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments.models import MeetingTypeQuestion
from meeting_manager.web.forms import RefusableForm
from meeting_manager.web.questions import field_of, name_of

_HIDDEN = forms.HiddenInput


class GuestForm(RefusableForm):
    """A form that takes the refusals of services."""

    data: QueryDict

    def renew(self, **values: str) -> None:
        """Put new values into fields that people don't type in themselves."""
        self.data = self.data.copy()
        for field, value in values.items():
            self.data[field] = value


class DetailsForm(GuestForm):
    """Who books, what they answer to the questions of the meeting type, and the time that was chosen before."""

    customer_name = forms.CharField(
        label=_("Your name"), required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    customer_email = forms.CharField(
        label=_("E-mail"), required=False, widget=forms.EmailInput({"autocomplete": "email"})
    )
    customer_phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    customer_notes = forms.CharField(label=_("What is it about?"), required=False, widget=forms.Textarea({"rows": 4}))
    timezone = forms.CharField(required=False, widget=forms.TextInput({"id": "timezone"}))
    key = forms.CharField(required=False, widget=_HIDDEN)
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: QueryDict, questions: Sequence[MeetingTypeQuestion] = ()) -> None:
        """A form with `data` in it, and a field for each of the questions."""
        super().__init__(data)
        self.questions = questions
        self.fields.update({name_of(question): field_of(question) for question in questions})

    def asked(self) -> Iterator[tuple[MeetingTypeQuestion, BoundField]]:
        """The questions with their fields, in order."""
        return ((question, self[name_of(question)]) for question in self.questions)

    def answers(self) -> dict[str, object]:
        """What was answered, by the keys of the questions."""
        return {question.key: self.cleaned_data[name_of(question)] for question in self.questions}

    def clean_website(self) -> str:
        """People don't see this field; robots fill it in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Please leave this field empty; it is there to keep robots away."))
        return ""

    def typed(self) -> dict[str, Any]:
        """The details without what serves the form alone."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name not in {"key", "website"}}


class ReasonForm(GuestForm):
    """Why a booking is moved."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The people you meet will read it."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class CancelForm(GuestForm):
    """Why a booking is cancelled."""

    cancellation_reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The people you would have met will read it."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class LookupForm(GuestForm):
    """What opens a booking without its link."""

    reference = forms.CharField(
        label=_("Booking reference"),
        help_text=_("It looks like BK-A7F92K1X."),
        error_messages={"required": _("Enter the booking reference.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("The address the booking was made with."),
        error_messages={"required": _("Enter the e-mail address the booking was made with.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
