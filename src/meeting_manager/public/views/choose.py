"""What to book, and when: departments, their meeting types, and the times of one."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.common import no_append_slash
from django.views.decorators.http import require_safe

from meeting_manager.departments import queries as departments
from meeting_manager.public.framing import carried, path_to, step
from meeting_manager.public.month import find_month
from meeting_manager.public.pages import ANYBODY, guest_page, show, show_picker
from meeting_manager.public.prefill import moved_into_cookie
from meeting_manager.public.wishes import read_wish


@require_safe
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The front door leads to booking."""
    return redirect("public:departments")


@no_append_slash  # else an unknown address would be sent to and fro
@require_safe
def without_slash(request: HttpRequest, path: str) -> HttpResponse:
    """Addresses have no slash at the end; who types one is led on."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"/{path}{'?' if query else ''}{query}")


@require_safe
@guest_page
def departments_page(request: HttpRequest) -> HttpResponse:
    """The departments that can be booked; where there is one, straight to it."""
    if clean := moved_into_cookie(request):
        return clean
    offered = Count("meeting_types", filter=Q(meeting_types__is_active=True, meeting_types__is_public=True))
    found = list(departments.active_departments().annotate(types=offered).filter(types__gt=0))
    if len(found) == 1:
        return redirect("public:types", found[0].department_slug)
    return show(request, "departments", {"departments": found})


@require_safe
@guest_page
def types_page(request: HttpRequest, department: str) -> HttpResponse:
    """What a department offers; where it is one thing, straight to its times."""
    if clean := moved_into_cookie(request):
        return clean
    team = departments.get_for(ANYBODY, department)
    found = list(departments.public_types(team))
    if len(found) == 1:
        return redirect(step(request, "times", team.department_slug, found[0].meeting_slug))
    return show(request, "types", {"department": team, "types": found})


@require_safe
@guest_page
def times_page(request: HttpRequest, department: str, meeting_type: str) -> HttpResponse:
    """The times of a meeting type, a month at a time; the first one has some, if there are any."""
    if clean := moved_into_cookie(request):
        return clean
    kind = departments.get_type_for(ANYBODY, department, meeting_type)
    now = timezone.now()
    month = find_month(kind, read_wish(request, kind.department.timezone), now)
    target = path_to(request, "details", kind.department.department_slug, kind.meeting_slug)
    shown = {"type": kind, "month": month, "now": now, "target": target, "keep": carried(request)}
    return show_picker(request, "times", shown)
