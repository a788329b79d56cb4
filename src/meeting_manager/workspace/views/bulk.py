"""What failed, dealt with all at once: a page says first what will be done, and to how many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_http_methods

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import discard, retry
from meeting_manager.people.models import User
from meeting_manager.web import deliveries
from meeting_manager.workspace.forms import AsOfForm, DeliveryFilterForm
from meeting_manager.workspace.pages import managers_page, show


@dataclass(frozen=True, slots=True)
class Bulk:
    """One thing that can be done to all that failed, and how it is asked for and told, in words."""

    service: Callable[[Delivery, datetime], bool]
    button: str | Promise
    question: str | Promise
    effect: str | Promise
    done: str | Promise
    is_final: bool = False


BULKS: Mapping[str, Bulk] = {
    "retry": Bulk(
        retry,
        _("Retry all"),
        ngettext_lazy("Retry %(count)d failed delivery?", "Retry %(count)d failed deliveries?", "count"),
        _("They are tried again at once. What no longer makes sense is not sent."),
        ngettext_lazy("%(count)d delivery: tried again.", "%(count)d deliveries: tried again.", "count"),
    ),
    "discard": Bulk(
        discard,
        _("Discard all"),
        ngettext_lazy("Discard %(count)d failed delivery?", "Discard %(count)d failed deliveries?", "count"),
        _("They will never be sent."),
        ngettext_lazy("%(count)d delivery: discarded.", "%(count)d deliveries: discarded.", "count"),
        is_final=True,
    ),
}


@managers_page
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_page(request: HttpRequest, user: User, verb: str) -> HttpResponse:
    """GET says to how many it would be done, POST does it: to all that failed by then and fit the filters."""
    bulk = BULKS.get(verb)
    filters = DeliveryFilterForm(request.GET)
    if bulk is None or not filters.is_valid():
        raise Http404
    failed = replace(filters.filters(), state=DeliveryState.DEAD)
    rows = deliveries.narrow(deliveries.visible_to(user), failed, timezone.now())
    asked = AsOfForm(request.POST)
    if request.method == "POST" and asked.is_valid():
        return _do(request, bulk, rows.filter(finished_at__lte=asked.cleaned_data["as_of"]))
    return _ask(request, bulk, rows, filters)


def _ask(request: HttpRequest, bulk: Bulk, rows: QuerySet[Delivery], filters: DeliveryFilterForm) -> HttpResponse:
    as_of = timezone.now()
    counted = rows.filter(finished_at__lte=as_of).order_by("kind").values_list("kind").annotate(Count("pk"))
    parts = [(deliveries.kind_word(kind), count) for kind, count in counted]
    total = sum(count for _kind, count in parts)
    context = {
        "bulk": bulk,
        "question": bulk.question % {"count": total},
        "parts": parts,
        "total": total,
        "search": filters.filters().search,
        "as_of": as_of.isoformat(),
        "list_address": _list(request),
    }
    return show(request, "bulk", context)


def _do(request: HttpRequest, bulk: Bulk, rows: QuerySet[Delivery]) -> HttpResponse:
    now = timezone.now()
    done = sum(bulk.service(row, now) for row in list(rows))
    messages.success(request, bulk.done % {"count": done})
    return redirect(_list(request))


def _list(request: HttpRequest) -> str:
    return f"{reverse('workspace_deliveries')}?{request.GET.urlencode()}"
