"""The reminders and the questions of a meeting type: rows that are added, moved and removed before they are saved."""

from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.adapters import sms
from meeting_manager.departments import services
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.validators import MOST_QUESTIONS
from meeting_manager.people.models import User
from meeting_manager.workspace.departments import managed_type
from meeting_manager.workspace.meeting_types import address
from meeting_manager.workspace.pages import managers_page
from meeting_manager.workspace.rowed import F, Rows
from meeting_manager.workspace.type_forms import QuestionForm, ReminderForm
from meeting_manager.workspace.views.meeting_types import show_type

REMINDERS, QUESTIONS = "workspace_type_reminders", "workspace_type_questions"
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@managers_page
@_READ_OR_SEND
def reminders_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """The reminders of a meeting type; POST saves them, or changes the rows on the page alone."""
    found = managed_type(user, department, meeting_type)
    stored = [ReminderForm.initial_for(row) for row in found.reminders.all()]
    rows = Rows(ReminderForm, stored, request.POST if request.method == "POST" else None)

    def save(given: Sequence[dict[str, object]]) -> object:
        return services.set_reminders(actor=user, meeting_type=found, reminders=given)

    context = {"by_sms": sms.gateway() is not None}
    return _answer(request, found, REMINDERS, rows, save, context)


@managers_page
@_READ_OR_SEND
def questions_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """The questions of a meeting type; POST saves them, or changes the rows on the page alone."""
    found = managed_type(user, department, meeting_type)
    stored = [QuestionForm.initial_for(row) for row in found.questions.all()]
    rows = Rows(QuestionForm, stored, request.POST if request.method == "POST" else None)

    def save(given: Sequence[dict[str, object]]) -> object:
        return services.set_questions(actor=user, meeting_type=found, questions=given)

    return _answer(request, found, QUESTIONS, rows, save, {"most": MOST_QUESTIONS})


def _answer(
    request: HttpRequest,
    meeting_type: MeetingType,
    here: str,
    rows: Rows[F],
    save: Callable[[list[dict[str, object]]], object],
    context: Mapping[str, object],
) -> HttpResponse:
    is_sent = request.method == "POST"
    if is_sent and not rows.press(request.POST.get("do", "")) and rows.save(save):
        messages.success(request, _("Saved."))
        return redirect(address(here, meeting_type))
    status = 422 if is_sent and rows.has_errors else 200
    return show_type(request, meeting_type, here, {"rows": rows, **context}, status)
