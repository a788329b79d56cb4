"""The forms of staff pages."""

from django import forms


class TokenForm(forms.Form):
    """A new bearer token."""

    label = forms.CharField(max_length=100, label="What is it for?")
