"""What people were told, a department's own words, and who wants no more of what they need not get."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Thread(models.Model):
    """The story of one calendar entry as people know it: a booking and all it is moved to share it."""

    uid = models.CharField(max_length=64, unique=True)
    booking = models.CharField(max_length=320, help_text="document name of the booking that was last told of")
    organizer = models.EmailField(max_length=254, help_text="the ORGANIZER of its invitations for ever")
    receives_replies = models.BooleanField(
        default=False, help_text="the organizer's mailbox takes a participant's token after a plus"
    )
    told = models.JSONField(default=dict, blank=True, help_text="the state that messages were last planned for")

    if TYPE_CHECKING:
        heard: "RelatedManager[Heard]"

    def __str__(self) -> str:
        return self.uid


class Heard(models.Model):
    """What one address was last sent of a thread, and whether its calendar shows the entry since."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="heard")
    address = models.CharField(max_length=254)
    told = models.JSONField()
    has_entry = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "address"], name="heard_once_in_thread")]

    def __str__(self) -> str:
        return f"heard {self.pk}"


class MailText(models.Model):
    """A department's own subject and text of one message, with placeholders such as {{ customer_name }}."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    message = models.CharField(max_length=40, choices=Message.choices)
    subject = models.CharField(max_length=200, blank=True, help_text="empty: the standard subject")
    text = models.TextField(blank=True, help_text="empty: the standard text")
    modified_at = models.DateTimeField()
    modified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["message"]
        constraints = [
            models.UniqueConstraint(fields=["department", "message"], name="mail_text_once_in_department"),
            models.CheckConstraint(condition=models.Q(message__in=Message.values), name="mail_text_message_known"),
        ]

    def __str__(self) -> str:
        return f"{self.message} of {self.department_id}"


class Watermark(models.Model):
    """How far in time a piece of periodic work has come, so that an outage is made up for and nothing is done twice."""

    name = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class Unsubscription(models.Model):
    """An address that wants no follow-ups; what a booking needs is sent all the same."""

    address = models.EmailField(max_length=254, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"unsubscription {self.pk}"
