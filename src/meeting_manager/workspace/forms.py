"""The forms of staff pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.web.deliveries import OVERDUE, Filters, known_kinds
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.lines import STATES

_EVERY = ("", _("All"))


class TokenForm(forms.Form):
    """A new bearer token."""

    label = forms.CharField(max_length=100, label=_("What is it for?"))


class SearchForm(forms.Form):
    """A word to look for in a list."""

    q = forms.CharField(max_length=254, required=False, label=_("Recipient or subject"))


class DeliveryFilterForm(forms.Form):
    """Which deliveries to list."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: [_EVERY, (OVERDUE, _("Overdue")), *STATES.items()]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: [_EVERY, *known_kinds().items()])
    q = forms.CharField(label=_("Booking or recipient"), max_length=320, required=False)

    def filters(self) -> Filters:
        """What is asked for; a value that is none of the choices counts as not given, and is told beside its field."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(state=given.get("state", ""), kind=given.get("kind", ""), search=given.get("q", "").strip())


class AsOfForm(forms.Form):
    """Until when what is to be done counts: later comers were not on the page that asked."""

    as_of = forms.DateTimeField()


class ApproveForm(RefusableForm):
    """Saying yes to a request."""

    name = "approve_form"
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("For the history; the customer does not get it."),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def said(self) -> dict[str, str]:
        """What the service takes."""
        return {"comment": self.cleaned_data["comment"]}


class RejectForm(RefusableForm):
    """Saying no to a request; that a reason is needed is the service's to say."""

    name = "reject_form"
    rejection_reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The customer will read it."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def said(self) -> dict[str, str]:
        """What the service takes."""
        return {"reason": self.cleaned_data["rejection_reason"]}


class MailTextForm(RefusableForm):
    """A department's own words for a message."""

    subject = forms.CharField(
        label=_("Subject"), help_text=_("Leave it empty for the standard subject."), required=False
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "It takes the place of the greeting and the paragraphs; heading, table, buttons and foot stay. "
            "Leave it empty for the standard text."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
    )


class ViewForm(RefusableForm):
    """The name of a list."""

    name = forms.CharField(label=_("Name of this view"), max_length=60)
