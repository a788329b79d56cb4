"""The forms of staff pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.web.forms import RefusableForm


class TokenForm(forms.Form):
    """A new bearer token."""

    label = forms.CharField(max_length=100, label=_("What is it for?"))


class SearchForm(forms.Form):
    """A word to look for in a list."""

    q = forms.CharField(max_length=254, required=False, label=_("Recipient or subject"))


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
