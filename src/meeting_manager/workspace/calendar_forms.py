"""The forms by which calendars are connected and changed. Fields bear the names that services refuse them by."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meeting_manager.adapters.calendar.errors import AuthRevokedError
from meeting_manager.adapters.calendar.protocol import CalendarChoice
from meeting_manager.adapters.errors import AdapterError
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services.connecting import Chosen
from meeting_manager.web.forms import RefusableForm

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_PASSWORD = forms.PasswordInput({"autocomplete": "off"})
NONE = ""
"""The choice of no calendar for bookings."""


class SourceForm(RefusableForm):
    """What a calendar is reached by; it is tried before anything is kept."""

    address_field, secret_field = "", ""

    def refuse_source(self, error: AdapterError) -> None:
        """Show why the calendar could not be read, where it can be mended: the adapters' words say how."""
        self.is_valid()
        self.add_error(self._field_for(error), str(error))

    def _field_for(self, error: AdapterError) -> str:
        is_secret = isinstance(error, AuthRevokedError) and self.secret_field
        return self.secret_field if is_secret else self.address_field


class CalDAVForm(SourceForm):
    """An account on a CalDAV server."""

    address_field, secret_field = "url", "password"
    url = forms.CharField(
        label=_("Server or address"),
        help_text=_(
            "Such as cloud.example.com, caldav.icloud.com, caldav.fastmail.com, or the address of one calendar."
        ),
        error_messages={"required": _("Enter the server of your calendar.")},
        widget=forms.TextInput({**_PLAIN, "inputmode": "url"}),
        max_length=2000,
    )
    username = forms.CharField(
        label=_("User name"),
        help_text=_("With which you sign in there; mostly an e-mail address."),
        error_messages={"required": _("Enter your user name there.")},
        widget=forms.TextInput(_PLAIN),
        max_length=254,
    )
    password = forms.CharField(
        label=_("App password"),
        help_text=_("One that you make there for this site alone. It is kept encrypted and never shown again."),
        error_messages={"required": _("Enter the app password.")},
        widget=_PASSWORD,
        strip=False,
        max_length=1000,
    )


class PasswordForm(CalDAVForm):
    """A new password for a CalDAV calendar that is connected; where it is does not change."""

    address_field = "password"
    url = None  # type: ignore[assignment] # Django's way to leave a field out


class AddressForm(SourceForm):
    """The address of an iCal feed."""

    address_field = "ical_url"
    ical_url = forms.CharField(
        label=_("Address of the feed"),
        help_text=_(
            "It begins with https:// or webcal:// and mostly ends with .ics. Whoever has it can read the calendar."
        ),
        error_messages={"required": _("Enter the address of the feed.")},
        widget=forms.TextInput({**_PLAIN, "inputmode": "url"}),
        max_length=2000,
    )


class FeedForm(AddressForm):
    """An iCal feed and how it is to be called."""

    integration_name = forms.CharField(
        label=_("Name"),
        help_text=_("What you call it, such as “Family”."),
        error_messages={"required": _("Give the calendar a name.")},
        widget=forms.TextInput({"autocomplete": "off"}),
        max_length=140,
    )
    field_order = ("ical_url", "integration_name")


class ChooseForm(RefusableForm):
    """Which calendars of an account to connect, and which of them is to get the bookings."""

    calendars = forms.MultipleChoiceField(
        label=_("Which calendars make you busy?"),
        error_messages={"required": _("Choose at least one calendar.")},
        widget=forms.CheckboxSelectMultiple,
    )
    bookings = forms.ChoiceField(
        label=_("Which one gets your bookings?"),
        help_text=_("Bookings are written to it, move with it, and vanish from it when they are cancelled."),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, choices: Sequence[CalendarChoice], *, initial: dict[str, Any] | None = None) -> None:  # noqa: ANN401 - as Django's own
        """A form for the calendars that an account has and that are not connected yet."""
        super().__init__(data, initial=initial)
        self.of = {each.id: each for each in choices}
        writable = [(each.id, each.name) for each in choices if each.is_writable]
        self.fields["calendars"].choices = [(each.id, each.name) for each in choices]  # type: ignore[attr-defined]
        none = (NONE, gettext("None: only read them"))
        self.fields["bookings"].choices = [*writable, none]  # type: ignore[attr-defined]

    def boxes(self) -> Iterator[tuple[Any, CalendarChoice]]:
        """Each box with its calendar."""
        return ((box, self.of[box.data["value"]]) for box in self["calendars"])

    def clean(self) -> dict[str, Any]:
        """The calendar for bookings is among those that are connected."""
        given = super().clean() or self.cleaned_data
        chosen, primary = given.get("calendars", []), given.get("bookings", NONE)
        if chosen and primary and primary not in chosen:
            self.add_error("bookings", gettext("Choose this calendar above too, or another one for your bookings."))
        return given

    def chosen(self) -> list[Chosen]:
        """What was chosen: the one that gets the bookings is written to, the others are only read."""
        primary = self.cleaned_data["bookings"]
        return [Chosen(id_, two_way=id_ == primary, primary=id_ == primary) for id_ in self.cleaned_data["calendars"]]


class CalendarForm(RefusableForm):
    """What may be changed of a connected calendar; what fits is the service's to say."""

    integration_name = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    is_active = forms.BooleanField(label=_("Use this calendar: its events make me busy"), required=False)
    is_primary = forms.BooleanField(
        label=_("It is my primary calendar"),
        help_text=_("There is one: the primary calendar gets your bookings where the direction allows it."),
        required=False,
    )
    sync_direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[
            (SyncDirection.TWO_WAY, _("Read it, and write bookings to it")),
            (SyncDirection.ONE_WAY, _("Only read it")),
        ],
    )
    auto_sync_enabled = forms.BooleanField(
        label=_("Read it regularly"),
        help_text=_("Without it the calendar is not read, and what was read last goes on making me busy."),
        required=False,
    )
    sync_interval_minutes = forms.CharField(
        label=_("Minutes between two readings"), help_text=_("From 5 to 1440."), required=False
    )
    sync_past_days = forms.CharField(label=_("Days back"), help_text=_("From 0 to 365."), required=False)
    sync_future_days = forms.CharField(label=_("Days ahead"), help_text=_("From 1 to 730."), required=False)

    _NUMBERS = ("sync_interval_minutes", "sync_past_days", "sync_future_days")
    _OF_WRITABLE = ("is_primary", "sync_direction")

    def __init__(self, data: Any, calendar: CalendarIntegration) -> None:  # noqa: ANN401 - as Django's own
        """The form of `calendar`, with `data` in it or with what is stored."""
        super().__init__(data, initial={field: getattr(calendar, field) for field in self.base_fields})
        if calendar.integration_type == IntegrationType.ICAL:
            for field in self._OF_WRITABLE:
                del self.fields[field]
        for field in self._NUMBERS:
            self.fields[field].widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})

    def boxes_and_lines(self) -> Iterator[tuple[bool, BoundField]]:
        """Each field, and whether it is a box."""
        return ((isinstance(field.field, forms.BooleanField), field) for field in self)
