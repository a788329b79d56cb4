"""Something done to many bookings: a page says first what will happen, then one shows how it goes, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.departments.rules import manages_some
from meeting_manager.people.models import User
from meeting_manager.workspace.choices import ItemState, Verb
from meeting_manager.workspace.listing.query import pairs_of
from meeting_manager.workspace.many import choosing
from meeting_manager.workspace.many.foreseen import foresee
from meeting_manager.workspace.many.forms import ConfirmForm, HostForm, hosts_for
from meeting_manager.workspace.many.verbs import DEEDS, Deed
from meeting_manager.workspace.models import BulkRun
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.services.runs import AT_ONCE, Order, Piece, begin, carry_on
from meeting_manager.workspace.views.bookings import asked_of

_SHOWN = 50
_SHOWN_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class _Visit:
    request: HttpRequest
    user: User
    deed: Deed
    now: datetime

    @property
    def back(self) -> str:
        """The page to return to: one of ours that `next` names, else the list that the address means."""
        given = self.request.GET.get("next", "")
        is_ours = given.startswith("/workspace/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
        return (
            given if is_ours else f"{reverse('workspace_bookings')}?{asked_of(self.request, self.user, self.now).query}"
        )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def many_page(request: HttpRequest, user: User, verb: str) -> HttpResponse:
    """GET says what would happen to the ticked bookings, or to all that fit; POST does it to those that it showed."""
    deed = DEEDS.get(verb)
    if deed is None:
        raise Http404
    if deed.is_for_managers and not manages_some(user):
        raise PermissionDenied
    visit = _Visit(request, user, deed, timezone.now())
    if request.method != "POST":
        return _preview(visit, None)
    form = ConfirmForm(request.POST, deed=deed)
    return _begin(visit, form) if form.is_valid() else _preview(visit, form)


@staff_page
@require_safe
def run_page(request: HttpRequest, user: User, run: int) -> HttpResponse:
    """How it goes, for the one who asked for it; at the end what failed, and why."""
    found = BulkRun.objects.get(user=user, pk=run)
    counted = dict(found.items.order_by().values_list("state").annotate(Count("pk")))
    done, failed, left = (counted.get(state, 0) for state in (ItemState.DONE, ItemState.FAILED, ItemState.WAITING))
    deed = DEEDS[found.verb]
    context = {
        "run": found,
        "deed": deed,
        "total": done + failed + left,
        "finished": done + failed,
        "failed": failed,
        "left": left,
        "done": deed.done % {"count": done},
        "problems": _items(found, ItemState.FAILED),
        "changed": _items(found, ItemState.DONE) if not left else [],
        "zone": zone_of(user),
        "back": found.back or reverse("workspace_bookings"),
    }
    return show(request, "bulk_bookings/run", context)


def _items(run: BulkRun, state: ItemState) -> list[object]:
    rows = run.items.filter(state=state).select_related("booking__meeting_type__department", "host")
    return list(rows[:_SHOWN_PROBLEMS])


def _preview(visit: _Visit, form: ConfirmForm | None) -> HttpResponse:
    request, user, deed = visit.request, visit.user, visit.deed
    asked = asked_of(request, user, visit.now)
    chosen = choosing.chosen(request.GET, asked.wish, user, deed.most)
    host_form = HostForm(request.GET, hosts_for(user)) if deed.verb == Verb.REASSIGN else None
    outlook = foresee(deed, chosen.bookings, user, visit.now, host_form.host() if host_form else None)
    initial: dict[str, object] = {"chosen": choosing.written(outlook.doable), "key": uuid4()}
    count = len(outlook.doable)
    context = {
        "deed": deed,
        "question": deed.question % {"count": count},
        "button": deed.button % {"count": count},
        "chosen": chosen,
        "outlook": outlook,
        "shown": outlook.doable[:_SHOWN],
        "more": max(count - _SHOWN, 0),
        "refused": outlook.refused[:_SHOWN_PROBLEMS],
        "mails": sorted(outlook.mails.messages.items(), key=lambda each: -each[1]),
        "form": form or ConfirmForm(deed=deed, initial=initial),
        "fresh": initial,
        "host_form": host_form,
        "hidden": [pair for pair in pairs_of(request.GET.urlencode()) if pair[0] != "to"],
        "zone": asked.zone,
        "back": visit.back,
    }
    return show(request, "bulk_bookings/preview", context, 422 if form and form.errors else 200)


def _begin(visit: _Visit, form: ConfirmForm) -> HttpResponse:
    given = form.cleaned_data
    pieces = choosing.read(given["chosen"], visit.deed.most)
    known = choosing.found_of(list(pieces), visit.user)
    hosts = set(User.objects.filter(pk__in={host for host in pieces.values() if host}).values_list("pk", flat=True))
    is_complete = visit.deed.verb != Verb.REASSIGN
    order = Order(
        key=str(given["key"]),
        verb=visit.deed.verb,
        pieces=[
            Piece(known[reference], host if host in hosts else None)
            for reference, host in pieces.items()
            if reference in known and (is_complete or host in hosts)
        ],
        words=given["words"],
        back=visit.back,
    )
    run = begin(order=order, user=visit.user, now=visit.now)
    if len(order.pieces) <= AT_ONCE:
        carry_on(run=run, most=AT_ONCE, now=visit.now)
    return redirect("workspace_bulk_run", run.pk)
