"""Departments' own words for the mails about their bookings."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_body
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.departments import managed_department
from meeting_manager.api.schemas import telling
from meeting_manager.api.shapes.telling import mail_text
from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.queries import text_of, texts_of
from meeting_manager.notifications.services.texts import reset_text, set_text
from meeting_manager.notifications.texts import WORDABLE
from meeting_manager.people.models import User
from meeting_manager.web.access import Audience

operations = Operations("Mail texts")

PATH = "/departments/{department}/mails"
ONE = f"{PATH}/{{message}}"


@operations.add("GET", PATH, Audience.MANAGES_DEPARTMENT, telling.MailTexts, 403, 404)
def list_mail_texts(request: HttpRequest, department: str) -> HttpResponse:
    """Every message that the department may put into its own words, with those it has."""
    own = {row.message: row for row in texts_of(managed_department(user_of(request), department))}
    return reply({"results": [mail_text(message, own.get(message.value)) for message in WORDABLE]})


@operations.add("GET", ONE, Audience.MANAGES_DEPARTMENT, telling.MailText, 403, 404)
def get_mail_text(request: HttpRequest, department: str, message: str) -> HttpResponse:
    """One message, with the department's own words where it has some."""
    _, found, which = _named(request, department, message)
    return reply(mail_text(which, text_of(found.pk, which)))


@operations.add("PUT", ONE, Audience.MANAGES_DEPARTMENT, telling.MailText, 403, 404, takes=telling.MailTextIn)
def set_mail_text(request: HttpRequest, department: str, message: str) -> HttpResponse:
    """Put a message into the department's own words, from now on; both empty take them back."""
    user, found, which = _named(request, department, message)
    body = read_body(request, telling.MailTextIn)
    stored = set_text(
        actor=user, department=found, message=which, subject=body.subject, text=body.text, now=timezone.now()
    )
    return reply(mail_text(which, stored))


@operations.add("DELETE", ONE, Audience.MANAGES_DEPARTMENT, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def reset_mail_text(request: HttpRequest, department: str, message: str) -> HttpResponse:
    """Take the department's own words back: the standard ones hold again."""
    user, found, which = _named(request, department, message)
    reset_text(actor=user, department=found, message=which)
    return nothing()


def _named(request: HttpRequest, department: str, message: str) -> tuple[User, Department, Message]:
    """Raises PermissionDenied, Department.DoesNotExist, and MailText.DoesNotExist for what departments do not word."""
    user = user_of(request)
    found = managed_department(user, department)
    if message not in {each.value for each in WORDABLE}:
        raise MailText.DoesNotExist
    return user, found, Message(message)
