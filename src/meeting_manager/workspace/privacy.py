"""What the page about personal data is made of: its forms, and what is known in words."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.web.privacy.asking import address_of, colleague
from meeting_manager.web.privacy.erasing import Done, Found, look

_WIDGET = forms.EmailInput({"autocomplete": "off", "spellcheck": "false"})


class AddressForm(RefusableForm):
    """Whose data it is about."""

    email = forms.CharField(label=_("E-mail address"), max_length=254, widget=_WIDGET)

    def clean_email(self) -> str:
        """The address as it is stored."""
        try:
            return address_of(self.cleaned_data["email"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class EraseForm(RefusableForm):
    """That somebody is really to be erased: the address once more."""

    email = forms.CharField(widget=forms.HiddenInput)
    confirm = forms.CharField(
        label=_("Type the address to erase it"),
        max_length=254,
        error_messages={"required": _("Please type the address once more.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    also_cancel = forms.BooleanField(label=_("Cancel the meetings to come first"), required=False)

    def clean(self) -> None:
        """Both addresses are the same."""
        typed, email = (str(self.cleaned_data.get(name, "")).strip().lower() for name in ("confirm", "email"))
        if typed and typed != email:
            self.add_error("confirm", _("This is another address."))


@dataclass(frozen=True, slots=True)
class Known:
    """What the page shows of an address: counts of a guest, or whose account it is."""

    address: str
    found: Found | None = None
    account: User | None = None

    @property
    def lines(self) -> list[str]:
        """What there is, each with its number."""
        return counted(self.found) if self.found else []


def known_of(user: User, address: str, now: datetime) -> Known:
    """What is known of the address, as `user` may ask. Raises PermissionDenied."""
    account = colleague(address)
    if account:
        return Known(address, account=account)
    return Known(address, found=look(actor=user, email=address, now=now))


def counted(what: Found | Done) -> list[str]:
    """Numbers in words, without those that are nothing."""
    numbers = ((getattr(what, field), words) for field, words in _COUNTED.items())
    return [words % {"count": number} for number, words in numbers if number]


_COUNTED = {
    "bookings": ngettext_lazy("%(count)d booking", "%(count)d bookings", "count"),
    "requests": ngettext_lazy("%(count)d unconfirmed request", "%(count)d unconfirmed requests", "count"),
    "deliveries": ngettext_lazy("%(count)d message sent or owed", "%(count)d messages sent or owed", "count"),
    "mails": ngettext_lazy("%(count)d mail in the outbox", "%(count)d mails in the outbox", "count"),
    "events": ngettext_lazy("%(count)d event in calendars", "%(count)d events in calendars", "count"),
}
