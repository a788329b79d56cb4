"""The words of all mails: previewed with made-up data, and a department's own."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.departments.models import Department
from meeting_manager.departments.queries import get_for, managed_by
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.queries import text_of
from meeting_manager.notifications.rules import may_word
from meeting_manager.notifications.samples import preview
from meeting_manager.notifications.services.texts import reset_text, set_text
from meeting_manager.notifications.texts import PLACEHOLDERS, WORDABLE, placeholders
from meeting_manager.people.models import User
from meeting_manager.workspace.forms import MailTextForm
from meeting_manager.workspace.framing import framed
from meeting_manager.workspace.pages import managers_page, show, zone_of

STANDARD_AGAIN = gettext_lazy("The standard words hold again.")


@managers_page
@require_safe
def mails_page(request: HttpRequest, user: User) -> HttpResponse:
    """Every message there is, and which departments word it themselves."""
    own = _own_words(user)
    rows = [(message, own.get(message.value, [])) for message in Message]
    return show(request, "mails", {"rows": rows})


@managers_page
@require_safe
def mail_page(request: HttpRequest, user: User, message: str) -> HttpResponse:
    """One message in standard words, and the departments that may word it."""
    found = _message(message)
    wording = _own_words(user).get(found.value, [])
    context = {
        "message": found,
        "rendered": preview(found, None),
        "is_wordable": found in WORDABLE,
        "departments": managed_by(user) if found in WORDABLE else [],
        "wording": {department.pk for department in wording},
    }
    return show(request, "mail", context)


@managers_page
@require_safe
def mail_html(_request: HttpRequest, _user: User, message: str) -> HttpResponse:
    """The HTML of a message in standard words, for the frame."""
    return framed(preview(_message(message), None).html)


@managers_page
@require_http_methods(["GET", "HEAD", "POST"])
def text_page(request: HttpRequest, user: User, message: str, department: str) -> HttpResponse:
    """A department's own words for a message, with what they come to; POST sets them."""
    wording = _wording(user, message, department)
    form = MailTextForm(request.POST if request.method == "POST" else None, initial=wording.initial)
    if not form.is_bound:
        return _text(request, user, wording, form)
    if not form.is_valid():
        return _text(request, user, wording, form, status=422)
    try:
        stored = _set(user, wording, form)
    except ValidationError as error:
        form.refuse(error)
        return _text(request, user, wording, form, status=422)
    messages.success(request, _("Saved. From now on these are the words.") if stored else STANDARD_AGAIN)
    return redirect("workspace_mail_text", wording.message.value, wording.department.department_slug)


@managers_page
@require_safe
def text_html(_request: HttpRequest, user: User, message: str, department: str) -> HttpResponse:
    """The HTML of a message in a department's words, for the frame."""
    wording = _wording(user, message, department)
    return framed(preview(wording.message, wording.department).html)


@managers_page
@require_POST
def reset_page(request: HttpRequest, user: User, message: str, department: str) -> HttpResponse:
    """Take a department's own words back."""
    wording = _wording(user, message, department)
    reset_text(actor=user, department=wording.department, message=wording.message)
    messages.success(request, STANDARD_AGAIN)
    return redirect("workspace_mail_text", wording.message.value, wording.department.department_slug)


@dataclass(frozen=True, slots=True)
class Wording:
    """A message that a department may word, and its own words where it has some."""

    message: Message
    department: Department
    own: MailText | None

    @property
    def initial(self) -> dict[str, str]:
        """What the form begins with."""
        return {"subject": self.own.subject, "text": self.own.text} if self.own else {}


def _message(given: str) -> Message:
    if given not in Message.values:
        raise Http404
    return Message(given)


def _wording(user: User, message: str, department: str) -> Wording:
    which, found = _message(message), get_for(user, department)
    if not may_word(user, found):
        raise PermissionDenied
    if which not in WORDABLE:
        raise Http404
    return Wording(which, found, text_of(found.pk, which))


def _own_words(user: User) -> dict[str, list[Department]]:
    """The departments of `user` that word a message themselves, by message; one query."""
    rows = MailText.objects.filter(department__in=managed_by(user)).select_related("department")
    found: dict[str, list[Department]] = {}
    for row in rows.order_by("department__department_name", "pk"):
        found.setdefault(row.message, []).append(row.department)
    return found


def _set(user: User, wording: Wording, form: MailTextForm) -> MailText | None:
    """What is stored; none where the standard words hold. Raises ValidationError."""
    return set_text(
        actor=user,
        department=wording.department,
        message=wording.message,
        subject=form.cleaned_data["subject"],
        text=form.cleaned_data["text"],
        now=timezone.now(),
    )


def _text(request: HttpRequest, user: User, wording: Wording, form: MailTextForm, status: int = 200) -> HttpResponse:
    context = {
        "wording": wording,
        "form": form,
        "rendered": preview(wording.message, wording.department),
        "standard": preview(wording.message, None) if wording.own else None,
        "placeholders": [(f"{{{{ {name} }}}}", PLACEHOLDERS[name]) for name in placeholders(wording.message)],
        "zone": zone_of(user),
    }
    return show(request, "mail_text", context, status)
