"""Deliveries of all kinds: listed, and tried again or given up one by one."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meeting_manager.ledger.choices import SETTLED, DeliveryState
from meeting_manager.ledger.handlers import ROUTINE
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import discard, retry
from meeting_manager.people.models import User
from meeting_manager.web import deliveries
from meeting_manager.workspace.forms import DeliveryFilterForm
from meeting_manager.workspace.lines import lines_of
from meeting_manager.workspace.pages import managers_page, show, zone_of
from meeting_manager.workspace.paging import page_of

Service = Callable[[Delivery, datetime], bool]


@managers_page
@require_safe
def deliveries_page(request: HttpRequest, user: User) -> HttpResponse:
    """What is owed and what was done, newest first, by state, kind, booking or recipient."""
    now = timezone.now()
    form = DeliveryFilterForm(request.GET)
    visible = deliveries.visible_to(user)
    filters = form.filters()
    rows = deliveries.narrow(visible, filters, now)
    page = page_of(request, rows if filters.kind else _without_routine(rows))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.rows, now),
        "failed": visible.filter(state=DeliveryState.DEAD).count(),
        "is_filtered": form.has_changed(),
        "zone": zone_of(user),
        "back": request.GET.urlencode(),
    }
    return show(request, "deliveries", context, 200 if form.is_valid() else 422)


@managers_page
@require_POST
def retry_page(request: HttpRequest, user: User, delivery: str) -> HttpResponse:
    """Have a delivery tried again now."""
    return _act(request, user, delivery, retry, _("It will be tried again at once."))


@managers_page
@require_POST
def discard_page(request: HttpRequest, user: User, delivery: str) -> HttpResponse:
    """Give a delivery up for good."""
    return _act(request, user, delivery, discard, _("It is discarded and will not be tried again."))


def _without_routine(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Routine work that went well comes every minute and would hide the rest; who asks for its kind sees it."""
    return rows.exclude(kind__in=ROUTINE, state__in=SETTLED)


def _act(request: HttpRequest, user: User, number: str, service: Service, done: str) -> HttpResponse:
    found = deliveries.numbered(deliveries.visible_to(user), number)
    if service(found, timezone.now()):
        messages.success(request, done)
    else:
        messages.warning(request, _("Nothing was changed: it has not failed, or is being tried at this moment."))
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where the button was: the page of a booking, or the list with its filters."""
    if booking := request.GET.get("booking", ""):
        return f"{reverse('workspace_booking', args=[booking])}#deliveries"
    return f"{reverse('workspace_deliveries')}?{request.GET.urlencode()}"
