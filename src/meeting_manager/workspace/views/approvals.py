"""The queue of requests that wait for a decision."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meeting_manager.people.models import User
from meeting_manager.workspace.approvals import awaiting, look_into
from meeting_manager.workspace.pages import managers_page, show, zone_of
from meeting_manager.workspace.paging import page_of

_PER_PAGE = 20
"""Each costs about eight queries, as every question about time."""


@managers_page
@require_safe
def approvals_page(request: HttpRequest, user: User) -> HttpResponse:
    """What waits longest comes first; opening it decides nothing."""
    now = timezone.now()
    page = page_of(request, awaiting(user), _PER_PAGE)
    context = {
        "requests": [look_into(booking, user, now) for booking in page.rows],
        "page": page,
        "zone": zone_of(user),
        "now": now,
        "here": urlencode({"next": reverse("workspace_approvals")}),
    }
    return show(request, "bookings/approvals", context)
