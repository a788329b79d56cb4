"""Finding a department's own words."""

from django.db.models import QuerySet

from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText


def text_of(department_id: int | None, message: Message) -> MailText | None:
    """The department's own words for a message; none for a department that is not stored. One query at most."""
    if department_id is None:
        return None
    return MailText.objects.filter(department=department_id, message=message).first()


def texts_of(department: Department) -> QuerySet[MailText]:
    """All own words of a department, with who wrote them last."""
    return MailText.objects.filter(department=department).select_related("modified_by").order_by("message")
