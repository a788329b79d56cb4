"""Looking for something: a page of its own, and what the palette shows of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meeting_manager.people.models import User
from meeting_manager.workspace.finding import LEAST_LETTERS, find
from meeting_manager.workspace.pages import show, staff_page, zone_of


@staff_page
@require_safe
def find_page(request: HttpRequest, user: User) -> HttpResponse:
    """What fits `q`; with `part`, only the results, for the palette."""
    found = find(user, request.GET.get("q", ""))
    page = "find/results" if "part" in request.GET else "find/page"
    return show(request, page, {"found": found, "least": LEAST_LETTERS, "zone": zone_of(user)})
