"""The forms of a meeting type, its reminders and its questions."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments.choices import LocationType, NotificationType, QuestionType, VideoPlatform
from meeting_manager.departments.models import MeetingType, MeetingTypeQuestion, MeetingTypeReminder
from meeting_manager.departments.validators import LONGEST_NEXT_STEPS
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.setup_forms import Group, RichText, SetupForm, initial_of

_WAYS = ((NotificationType.EMAIL, _("E-mail")), (NotificationType.SMS, _("SMS")), (NotificationType.BOTH, _("Both")))
KINDS_OF_ANSWER = (
    (QuestionType.TEXT, _("A short text")),
    (QuestionType.LONG_TEXT, _("A long text")),
    (QuestionType.CHOICE, _("One of some options")),
    (QuestionType.CHECKBOX, _("A tick")),
    (QuestionType.PHONE, _("A phone number")),
)
_LONGEST_OPTIONS = 50 * 200


class MeetingTypeForm(SetupForm):
    """Everything about a meeting type but its reminders and questions."""

    GROUPS: ClassVar[tuple[Group, ...]] = (
        (_("What it is"), ("meeting_name", "meeting_slug", "description", "color", "duration", "slot_interval")),
        (_("Who books it"), ("is_public", "is_internal", "requires_approval", "confirm_email")),
        (_("Where it takes place"), ("location_type", "video_platform", "video_meeting_url", "custom_location")),
        (_("Mails afterwards"), ("thank_you_mail", "feedback_url", "next_steps", "no_show_mail")),
    )

    meeting_name = forms.CharField(label=_("Name"), max_length=140)
    meeting_slug = forms.CharField(
        label=_("Name in addresses"),
        help_text=_("Letters, digits and hyphens. Empty: made from the name."),
        max_length=140,
        required=False,
    )
    description = RichText(
        label=_("Description"), help_text=_("Plain text, or simple HTML for links and lists."), required=False
    )
    color = forms.CharField(label=_("Colour in calendars"), widget=forms.TextInput({"type": "color"}))
    duration = forms.IntegerField(label=_("Duration in minutes"), min_value=1, max_value=480)
    slot_interval = forms.IntegerField(
        label=_("Minutes from one offered start to the next"),
        help_text=_("Empty: as long as the meeting."),
        min_value=1,
        max_value=1440,
        required=False,
    )
    is_public = forms.BooleanField(label=_("Customers book it on the booking page"), required=False)
    is_internal = forms.BooleanField(label=_("Colleagues use it among themselves"), required=False)
    requires_approval = forms.BooleanField(label=_("Somebody decides about each booking first"), required=False)
    confirm_email = forms.BooleanField(
        label=_("Customers confirm their e-mail address before they have booked"), required=False
    )
    location_type = forms.ChoiceField(label=_("Kind of place"), choices=LocationType.choices)
    video_platform = forms.ChoiceField(
        label=_("Video service"),
        help_text=_("For video calls."),
        choices=[("", _("None")), *VideoPlatform.choices],
        required=False,
    )
    video_meeting_url = forms.CharField(
        label=_("Address of the video call"),
        help_text=_("Where all these meetings share one; else each can get its own."),
        max_length=500,
        required=False,
    )
    custom_location = forms.CharField(
        label=_("Place"), help_text=_("An address, a room, a number to call."), max_length=500, required=False
    )
    thank_you_mail = forms.BooleanField(label=_("Thank customers by mail once it is completed"), required=False)
    feedback_url = forms.CharField(
        label=_("Address for feedback"), help_text=_("The thank-you mail asks for it."), max_length=500, required=False
    )
    next_steps = forms.CharField(
        label=_("Next steps"),
        help_text=_("What the thank-you mail says comes next."),
        max_length=LONGEST_NEXT_STEPS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    no_show_mail = forms.BooleanField(label=_("Write to customers who did not come"), required=False)

    def __init__(self, data: Any, meeting_type: MeetingType) -> None:  # noqa: ANN401 - as Django's own
        """A form about `meeting_type`, which need not be saved."""
        super().__init__(data, initial=initial_of(meeting_type, self.base_fields))


class ReminderForm(RefusableForm):
    """One reminder of the schedule."""

    hours_before_meeting = forms.DecimalField(
        label=_("Hours before the meeting"), min_value=0, max_value=720, max_digits=7, decimal_places=4
    )
    notification_type = forms.ChoiceField(label=_("By"), choices=_WAYS)
    is_active = forms.BooleanField(label=_("Is sent"), required=False)

    @staticmethod
    def initial_for(reminder: MeetingTypeReminder) -> dict[str, object]:
        """What the row of a reminder begins with."""
        hours = reminder.hours_before_meeting.normalize()
        return {
            "hours_before_meeting": f"{hours:f}",
            "notification_type": reminder.notification_type,
            "is_active": reminder.is_active,
        }

    @staticmethod
    def blank() -> dict[str, object]:
        """What a new row begins with."""
        return {"notification_type": NotificationType.EMAIL, "is_active": True}

    def row(self) -> dict[str, object]:
        """What the service takes."""
        return dict(self.cleaned_data)


class QuestionForm(RefusableForm):
    """One thing that customers are asked."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Question"), max_length=200)
    question_type = forms.ChoiceField(label=_("Answer"), choices=KINDS_OF_ANSWER)
    options = forms.CharField(
        label=_("Options"),
        help_text=_("One on each line, for “One of some options”."),
        max_length=_LONGEST_OPTIONS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    help_text = forms.CharField(label=_("Hint below the question"), max_length=300, required=False)
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)

    @staticmethod
    def initial_for(question: MeetingTypeQuestion) -> dict[str, object]:
        """What the row of a question begins with."""
        names = ("key", "label", "question_type", "help_text", "is_required")
        return {**{name: getattr(question, name) for name in names}, "options": "\n".join(question.options)}

    @staticmethod
    def blank() -> dict[str, object]:
        """What a new row begins with."""
        return {"question_type": QuestionType.TEXT}

    def row(self) -> dict[str, object]:
        """What the service takes; options that were typed for another kind of answer are left out."""
        given = self.cleaned_data
        lines = [line.strip() for line in given["options"].splitlines() if line.strip()]
        options = lines if given["question_type"] == QuestionType.CHOICE else []
        row = {**given, "options": options}
        return row if given["key"] else {name: value for name, value in row.items() if name != "key"}
