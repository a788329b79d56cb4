"""The questions of a meeting type as fields of the form; what they refuse is the services' to say."""

from django import forms
from django.utils.translation import gettext as _

from meeting_manager.departments.choices import QuestionType
from meeting_manager.departments.models import MeetingTypeQuestion

MOST_RADIOS = 5
"""Of more options people choose from a list."""


class Radios(forms.RadioSelect):
    """Radio buttons; what is wrong with them links to the first one."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of one button."""
        return super().id_for_label(id_, "0" if index is None else index)


def name_of(question: MeetingTypeQuestion) -> str:
    """The field's name: that under which services refuse an answer."""
    return f"answers.{question.key}"


def field_of(question: MeetingTypeQuestion) -> forms.Field:
    """The field for a question. Nothing is required of it here, as in the rest of the form."""
    label, help_text = question.label, question.help_text
    if question.question_type == QuestionType.CHECKBOX:
        return forms.BooleanField(label=label, help_text=help_text, required=False)
    return forms.CharField(label=label, help_text=help_text, required=False, widget=_widget(question))


def _widget(question: MeetingTypeQuestion) -> forms.Widget:
    match question.question_type:
        case QuestionType.CHOICE:
            return _choices(question)
        case QuestionType.LONG_TEXT:
            return forms.Textarea({"rows": 4})
        case QuestionType.PHONE:
            return forms.TextInput({"type": "tel", "autocomplete": "off"})
    return forms.TextInput({"autocomplete": "off"})


def _choices(question: MeetingTypeQuestion) -> forms.Widget:
    options = [(option, option) for option in question.options]
    if len(options) > MOST_RADIOS:
        return forms.Select(choices=[("", _("Please choose")), *options])
    # A radio button cannot be taken back by itself.
    return Radios(choices=options if question.is_required else [*options, ("", _("No answer"))])
