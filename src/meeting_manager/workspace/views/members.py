"""The members of a department: found, added, ordered, edited, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meeting_manager.departments import queries, services
from meeting_manager.departments.choices import AssignmentAlgorithm
from meeting_manager.departments.models import Department
from meeting_manager.people.models import User
from meeting_manager.workspace.department_forms import PRIORITY_MEANS, MemberForm, OrderForm, moved
from meeting_manager.workspace.departments import managed, tabs_of, who_may_join
from meeting_manager.workspace.pages import managers_page, show

MEMBERS = "workspace_department_members"
_LONGEST_SEARCH = 254


@managers_page
@require_safe
def members_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """Who works in a department, and who could be added."""
    return _page(request, user, managed(user, department))


@managers_page
@require_POST
def add_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """Add somebody by e-mail address."""
    found = managed(user, department)
    email = request.POST.get("member", "")
    try:
        added = services.add_member(actor=user, department=found, member=email)
    except ValidationError as error:
        return _page(request, user, found, error)
    messages.success(request, _("%(name)s is a member now.") % {"name": added.member.display_name})
    return redirect(MEMBERS, found.department_slug)


@managers_page
@require_POST
def order_page(request: HttpRequest, user: User, department: str) -> HttpResponse:
    """Put the members into another order: all of it (`order`, once for each), or one of them a place up or down."""
    found = managed(user, department)
    order, form = request.POST.getlist("order"), OrderForm(request.POST)
    if not order and form.is_valid():
        emails = [row.member.email for row in queries.members_of(found)]
        order = moved(emails, form.cleaned_data["email"], form.cleaned_data["by"])
    try:
        services.reorder_members(actor=user, department=found, order=order)
    except ValidationError as error:
        return _page(request, user, found, error)
    messages.success(request, _("The order is changed."))
    return redirect(MEMBERS, found.department_slug)


@managers_page
@require_POST
def edit_page(request: HttpRequest, user: User, department: str, email: str) -> HttpResponse:
    """Change how a member takes part."""
    found = managed(user, department)
    row = queries.get_member_for(user, found, email)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, user, found, ValidationError([str(each[0]) for each in form.errors.values()]))
    try:
        services.edit_member(actor=user, member=row, changes=form.cleaned_data)
    except ValidationError as error:
        return _page(request, user, found, error)
    messages.success(request, _("%(name)s: saved.") % {"name": row.member.display_name})
    return redirect(MEMBERS, found.department_slug)


@managers_page
@require_POST
def remove_page(request: HttpRequest, user: User, department: str, email: str) -> HttpResponse:
    """Take a member out; what they are to host stays theirs."""
    found = managed(user, department)
    row = queries.get_member_for(user, found, email)
    try:
        services.remove_member(actor=user, member=row)
    except ValidationError as error:
        return _page(request, user, found, error)
    told = _("%(name)s is no member any more. Bookings they have stay theirs.")
    messages.success(request, told % {"name": row.member.display_name})
    return redirect(MEMBERS, found.department_slug)


def _page(
    request: HttpRequest, user: User, department: Department, refused: ValidationError | None = None
) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    others = who_may_join(user, department, search)
    context = {
        "department": department,
        "tabs": tabs_of(department, MEMBERS),
        "rows": list(queries.members_of(department)),
        "search": search,
        "others": others,
        "by_address": search if "@" in search and not others else "",
        "means": PRIORITY_MEANS[AssignmentAlgorithm(department.assignment_algorithm)],
        "problems": refused.messages if refused else (),
    }
    return show(request, "setup/members", context, 422 if refused else 200)
