"""Departments: listed, made, edited, deactivated, deleted, and their logos."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.departments import services
from meeting_manager.departments.models import Department
from meeting_manager.departments.validators import DEPARTMENT
from meeting_manager.people.models import User
from meeting_manager.people.queries import visible_to
from meeting_manager.people.rules import is_system_manager
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.department_forms import (
    DepartmentForm,
    DepartmentSearchForm,
    LogoForm,
    NewDepartmentForm,
)
from meeting_manager.workspace.departments import list_of, managed, panels_of, tabs_of
from meeting_manager.workspace.pages import managers_page, show, system_page, zone_of
from meeting_manager.workspace.paging import page_of
from meeting_manager.workspace.setup_forms import changes_of

GENERAL, LOGO, DANGER = "workspace_department", "workspace_department_logo", "workspace_department_danger"
_READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])
MOST_SUGGESTED = 200


@managers_page
@require_safe
def list_page(request: HttpRequest, user: User) -> HttpResponse:
    """The departments that one manages."""
    form = DepartmentSearchForm(request.GET)
    form.is_valid()
    search, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
    page = page_of(request, list_of(user, search, state))
    is_narrowed = bool(search or state)
    return show(request, "setup/departments", {"form": form, "page": page, "is_narrowed": is_narrowed})


@system_page
@_READ_OR_SEND
def new_page(request: HttpRequest, user: User) -> HttpResponse:
    """A new department with its first member."""
    initial = {"timezone": zone_of(user), "member": user.email}
    form = NewDepartmentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        members = [{"member": form.cleaned_data["member"]}]
        made: list[Department] = []
        if done(form, lambda: made.append(_create(user, form, members))):
            messages.success(request, _("The department is there. Who else works in it?"))
            return redirect("workspace_department_members", made[0].department_slug)
    people = visible_to(user).filter(is_active=True).order_by("email")[:MOST_SUGGESTED]
    return show(request, "setup/new_department", {"form": form, "people": people}, _status(form))


@managers_page
@_READ_OR_SEND
def general_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """The record of a department: System Managers change it, its leader reads it."""
    found = managed(user, department)
    may_edit = is_system_manager(user)
    form = DepartmentForm(request.POST if request.method == "POST" and may_edit else None, found)
    if not may_edit:
        form.only_read()
    if form.is_bound and form.is_valid() and done(form, lambda: _edit(user, found, form)):
        messages.success(request, _("Saved."))
        found.refresh_from_db()
        return redirect(GENERAL, found.department_slug)
    return _show(request, found, GENERAL, {"form": form, "may_edit": may_edit}, _status(form))


@managers_page
@_READ_OR_SEND
def logo_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """The logo; POST sets it, or removes it where it says so."""
    found = managed(user, department)
    is_sent = request.method == "POST" and "remove" not in request.POST
    form = LogoForm(request.POST, request.FILES) if is_sent else LogoForm()
    if request.method == "POST" and not is_sent:
        services.remove_logo(actor=user, department=found)
        messages.success(request, _("The logo is gone."))
        return redirect(LOGO, found.department_slug)
    if is_sent and form.is_valid() and done(form, lambda: _set_logo(user, found, form)):
        messages.success(request, _("The logo is on the department's pages from now on."))
        return redirect(LOGO, found.department_slug)
    return _show(request, found, LOGO, {"form": form}, _status(form))


@managers_page
@_READ_OR_SEND
def danger_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """Taking a department out of use: POST says which way. For System Managers; leaders read what would happen."""
    found = managed(user, department)
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_bound and done(form, lambda: _take_out(user, found, request.POST.get("do", ""))):
        messages.success(request, _told(request.POST["do"], found.department_name))
        return redirect("workspace_departments")
    context = {
        "form": form,
        "may_edit": is_system_manager(user),
        "types": found.meeting_types.count(),
    }
    return _show(request, found, DANGER, context, _status(form))


@managers_page
@require_safe
def tones_picture(request: HttpRequest, _user: User) -> HttpResponse:
    """How an accent colour looks on light and dark pages, as a picture; 404 for what is no colour that may be one."""
    try:
        color = str(DEPARTMENT["accent_color"](request.GET.get("color", "")))
    except ValidationError as error:
        raise Http404 from error
    if not color:
        raise Http404
    context = {"panels": panels_of(color)}
    return render(request, "workspace/setup/tones.svg", context, content_type="image/svg+xml")


def done(form: RefusableForm, change: Callable[[], object]) -> bool:
    """Whether a service took what was sent; what it refuses is shown in the form."""
    try:
        change()
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _create(user: User, form: NewDepartmentForm, members: list[dict[str, object]]) -> Department:
    return services.create_department(actor=user, fields=form.fields_of_department(), members=members)


def _edit(user: User, department: Department, form: DepartmentForm) -> Department:
    changes = changes_of(form, department)
    leader = department.department_leader
    if changes.get("department_leader") == (leader.email if leader else ""):
        del changes["department_leader"]
    return services.edit_department(actor=user, department=department, changes=changes)


def _set_logo(user: User, department: Department, form: LogoForm) -> object:
    sent = form.cleaned_data["logo"]
    kind = sent.content_type or ""
    return services.set_logo(actor=user, department=department, content=sent.read(), content_type=kind)


def _take_out(user: User, department: Department, how: str) -> None:
    if how == "delete":
        services.delete_department(actor=user, department=department)
    elif how in {"activate", "deactivate"}:
        changes = {"is_active": how == "activate"}
        services.edit_department(actor=user, department=department, changes=changes)
    else:
        raise Http404


def _told(how: str, name: str) -> str:
    told = {
        "delete": _("%(name)s is deleted."),
        "activate": _("%(name)s can be booked again."),
        "deactivate": _("%(name)s is deactivated: guests can no longer book it."),
    }
    return told[how] % {"name": name}


def _show(
    request: HttpRequest, department: Department, here: str, context: dict[str, object], status: int
) -> HttpResponse:
    whole = {"department": department, "tabs": tabs_of(department, here), **context}
    return show(request, here.replace("workspace_", "setup/"), whole, status)


def _status(form: RefusableForm) -> int:
    return 422 if form.is_bound and form.errors else 200
