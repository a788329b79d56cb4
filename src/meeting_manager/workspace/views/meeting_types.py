"""Meeting types of a department: listed, made, edited, previewed, copied, switched on and off, deleted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting_manager.departments import services
from meeting_manager.departments.choices import VideoPlatform
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace import meeting_types
from meeting_manager.workspace.departments import managed, managed_type
from meeting_manager.workspace.departments import tabs_of as tabs_of_department
from meeting_manager.workspace.meeting_types import address, list_of, sample_of
from meeting_manager.workspace.pages import managers_page, show
from meeting_manager.workspace.setup_forms import changes_of
from meeting_manager.workspace.type_forms import KINDS_OF_ANSWER, MeetingTypeForm
from meeting_manager.workspace.views.departments import done

TYPES, TYPE, PREVIEW = "workspace_department_types", "workspace_type", "workspace_type_preview"
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@managers_page
@require_safe
def list_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """What can be booked of a department."""
    found = managed(user, department)
    context = {"department": found, "tabs": tabs_of_department(found, TYPES), "types": list_of(found)}
    return show(request, "setup/types", context)


@managers_page
@_READ_OR_SEND
def new_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """A new meeting type."""
    found = managed(user, department)
    blank = MeetingType(department=found, video_platform=VideoPlatform.JITSI)
    form = MeetingTypeForm(request.POST if request.method == "POST" else None, blank)
    made: list[MeetingType] = []
    if form.is_bound and form.is_valid():
        fields = form.cleaned_data

        def create() -> None:
            made.append(services.create_meeting_type(actor=user, department=found, fields=fields))

        if done(form, create):
            messages.success(request, _("The meeting type is there. This is what customers see of it."))
            return redirect(address(PREVIEW, made[0]))
    return show(request, "setup/new_type", {"department": found, "form": form}, _status(form))


@managers_page
@_READ_OR_SEND
def edit_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """The fields of a meeting type; POST changes them."""
    found = managed_type(user, department, meeting_type)
    form = MeetingTypeForm(request.POST if request.method == "POST" else None, found)
    if form.is_bound and form.is_valid() and done(form, lambda: _edit(user, found, form)):
        messages.success(request, _("Saved. Bookings that were made before stay as they are."))
        found.refresh_from_db()
        return redirect(address(TYPE, found))
    return show_type(request, found, TYPE, {"form": form}, _status(form))


@managers_page
@require_safe
def preview_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """What customers see: words, first times, questions, and the address to pass on."""
    found = managed_type(user, department, meeting_type)
    context = {
        "sample": sample_of(found, timezone.now()),
        "questions": found.questions.all(),
        "kinds": dict(KINDS_OF_ANSWER),
        "is_open": found.is_active and found.is_public and found.department.is_active,
    }
    return show_type(request, found, PREVIEW, context)


@managers_page
@require_POST
def duplicate_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """Copy a meeting type, as one that is not active yet."""
    found = managed_type(user, department, meeting_type)
    try:
        copy = meeting_types.duplicate(user, found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(TYPES, found.department.department_slug)
    messages.success(request, _("This is the copy. Activate it when it is ready."))
    return redirect(address(TYPE, copy))


@managers_page
@require_POST
def switch_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """Activate or deactivate a meeting type."""
    found = managed_type(user, department, meeting_type)
    changes = {"is_active": request.POST.get("is_active") == "1"}
    stored = services.edit_meeting_type(actor=user, meeting_type=found, changes=changes)
    told = _("%(name)s can be booked.") if stored.is_active else _("%(name)s can no longer be booked.")
    messages.success(request, told % {"name": stored.meeting_name})
    return redirect(TYPES, found.department.department_slug)


@managers_page
@_READ_OR_SEND
def delete_page(request: HttpRequest, user: User, department: str, meeting_type: str) -> HttpResponse:
    """GET asks, POST deletes a meeting type that was never booked."""
    found = managed_type(user, department, meeting_type)
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_bound and done(form, lambda: services.delete_meeting_type(actor=user, meeting_type=found)):
        messages.success(request, _("%(name)s is deleted.") % {"name": found.meeting_name})
        return redirect(TYPES, found.department.department_slug)
    return show(request, "setup/delete_type", {"type": found, "form": form}, _status(form))


def show_type(
    request: HttpRequest, meeting_type: MeetingType, here: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """One of the pages of a meeting type."""
    tabs = meeting_types.tabs_of(meeting_type, here)
    page = here.replace("workspace_", "setup/")
    return show(request, page, {"type": meeting_type, "tabs": tabs, **context}, status)


def _edit(user: User, meeting_type: MeetingType, form: MeetingTypeForm) -> MeetingType:
    changes = changes_of(form, meeting_type)
    if not changes.get("meeting_slug", "kept"):
        changes["meeting_slug"] = form.cleaned_data["meeting_name"]
    return services.edit_meeting_type(actor=user, meeting_type=meeting_type, changes=changes)


def _status(form: RefusableForm) -> int:
    return 422 if form.is_bound and form.errors else 200
