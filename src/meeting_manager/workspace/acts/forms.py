"""What the acts ask for; names of fields are those under which services refuse."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import when
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services.edit import EDITABLE
from meeting_manager.departments.choices import LocationType
from meeting_manager.web.forms import RefusableForm

_LINES = forms.Textarea({"rows": 3})
_OF_CUSTOMER = ("customer_name", "customer_email", "customer_phone", "customer_notes", "customer_timezone")
_MOMENT = "%Y-%m-%dT%H:%M"


class ReasonForm(RefusableForm):
    """Why; optional."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("The customer will read it."), required=False, widget=_LINES
    )


class NotesForm(RefusableForm):
    """How it went; optional."""

    notes = forms.CharField(label=_("Notes"), help_text=_("For the history."), required=False, widget=_LINES)


class NoteForm(RefusableForm):
    """A note about the booking."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("It stands in the history with your name. Only staff read it, and nobody is told."),
        required=False,
        widget=_LINES,
    )


class ForceForm(RefusableForm):
    """Why rules are set aside, for those who may."""

    force_reason = forms.CharField(
        label=_("Reason for setting rules aside"),
        help_text=_(
            "Only where it must be outside working hours, limits, buffers or notice; never over another meeting."
        ),
        required=False,
    )


class ReassignForm(ForceForm):
    """Who takes it over, and in whose place."""

    new_user = forms.EmailField()
    old_user = forms.EmailField(required=False)
    reassignment_reason = forms.CharField(
        label=_("Reason"), help_text=_("For the history and the hosts."), required=False
    )


class MoveForm(ForceForm):
    """When it is to be: a time that was offered (`slot`), or any other. Both on the clocks of the reader."""

    start_datetime = forms.DateTimeField(
        label=_("Start"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT)
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=44_640, required=False)
    slot = forms.DateTimeField(required=False)
    reason = forms.CharField(label=_("Reason"), help_text=_("The customer will read it."), required=False)

    def __init__(self, data: Any, zone: str, booking: Booking) -> None:  # noqa: ANN401 - as Django's own
        """A form for a booking, read in `zone`."""
        local = when.local(booking.start_datetime, zone).replace(tzinfo=None)
        super().__init__(data, initial={"start_datetime": local, "minutes": booking.duration})
        self._zone, self._booking = zone, booking

    def clean(self) -> dict[str, Any]:
        """One of both times is there."""
        given = super().clean() or self.cleaned_data
        if not (given.get("slot") or given.get("start_datetime") or self.errors):
            self.add_error("start_datetime", _("Say when it is to begin."))
        return given

    def span(self) -> tuple[datetime, datetime]:
        """From when to when, as instants; its own length unless another was given with another start."""
        given = self.cleaned_data
        start = (given["slot"] or given["start_datetime"]).replace(tzinfo=ZoneInfo(self._zone))
        minutes = self._booking.duration if given["slot"] else given["minutes"] or self._booking.duration
        return start, datetime.fromtimestamp(start.timestamp(), start.tzinfo) + timedelta(minutes=minutes)


class EditForm(RefusableForm):
    """What a booking says, without its time and people."""

    meeting_title = forms.CharField(label=_("Title"))
    customer_name = forms.CharField(label=_("Customer"))
    customer_email = forms.CharField(
        label=_("E-mail"),
        help_text=_("With another address, links that went to the old one end."),
        widget=forms.EmailInput,
    )
    customer_phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"}))
    customer_timezone = forms.CharField(label=_("Customer's time zone"), required=False)
    customer_notes = forms.CharField(label=_("What it is about"), required=False, widget=_LINES)
    meeting_description = forms.CharField(label=_("Agenda"), required=False, widget=forms.Textarea({"rows": 5}))
    location_type = forms.ChoiceField(label=_("Kind of place"), required=False)
    meeting_location = forms.CharField(label=_("Place"), required=False)
    video_meeting_url = forms.CharField(label=_("Address of the call"), required=False)

    def __init__(self, data: Any, booking: Booking) -> None:  # noqa: ANN401 - as Django's own
        """A form that holds what the booking says now."""
        super().__init__(data, initial={name: getattr(booking, name) for name in EDITABLE})
        choices = [("", "–"), *LocationType.choices]
        self.fields["location_type"].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.show_hidden_initial = True  # so that what a colleague changed meanwhile is not written back
        if booking.is_internal:
            for name in _OF_CUSTOMER:
                del self.fields[name]

    def changes(self) -> dict[str, str]:
        """The fields that are another now; the rest is left to be as it is."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class InviteForm(RefusableForm):
    """Somebody who is to take part."""

    email = forms.EmailField(label=_("E-mail"))
    name1 = forms.CharField(label=_("Name"), required=False)


class AnswerForm(forms.Form):
    """What somebody who is invited says."""

    response = forms.CharField()


class DeleteForm(RefusableForm):
    """The reference, typed by hand, so that nobody deletes the wrong one."""

    reference = forms.CharField(label=_("Type the booking's reference to delete it"))

    def __init__(self, data: Any, booking: Booking) -> None:  # noqa: ANN401 - as Django's own
        """For this booking."""
        super().__init__(data)
        self._wanted = booking.booking_reference

    def clean_reference(self) -> str:
        """Raises where it is another one."""
        given = str(self.cleaned_data["reference"]).strip().upper()
        if given != self._wanted:
            raise forms.ValidationError(_("This is not the reference of this booking."))
        return given
