"""What forms of guests and staff have in common."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError


class RefusableForm(forms.Form):
    """A form that takes the refusals of services: its fields bear the names that their messages are under."""

    def refuse_on_top(self, message: str) -> None:
        """Show a refusal that belongs to no field."""
        self.is_valid()
        self.add_error(None, message)

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refused, beside its field or on top."""
        self.is_valid()
        by_field: Mapping[str, list[str]] = error.message_dict
        for field, messages in by_field.items():
            for message in messages:
                self.add_error(field if field in self.fields else None, message)
