"""The list of bookings, and the file of it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meeting_manager.bookings import queries
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.rules import manages_some
from meeting_manager.people.models import User
from meeting_manager.workspace.choices import ItemState
from meeting_manager.workspace.listing.columns import COLUMNS, Column
from meeting_manager.workspace.listing.export import lines_of
from meeting_manager.workspace.listing.orders import turned
from meeting_manager.workspace.listing.query import ListForm, Wish, changed, choices_for, cleaned, pairs_of, read
from meeting_manager.workspace.listing.turning import turn_to
from meeting_manager.workspace.many.choosing import ALL, PICK, picked
from meeting_manager.workspace.many.verbs import DEEDS
from meeting_manager.workspace.models import BulkRun, SavedView
from meeting_manager.workspace.pages import show, staff_page, zone_of

_NARROWED = ("q", "status", "department", "type", "host", "customer", "approval", "since", "until")
_MORE = ("since", "until", "department", "type", "host", "customer", "approval")
_FOLDED = (*_MORE, "col")
"""What stands in the part of the form that is folded away unless it is used."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: `query` leads to the list sorted by it, and `sorted` is what `aria-sort` says."""

    column: Column
    query: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list asks for, as its reader means it."""

    form: ListForm
    wish: Wish
    query: str
    zone: str


def asked_of(request: HttpRequest, user: User, now: datetime) -> Asked:
    """The list that the query of `request` means; days are those of the reader's zone."""
    zone = zone_of(user)
    form = ListForm(request.GET, choices_for(user))
    return Asked(form, read(form, zone, now), cleaned(request.GET), zone)


@staff_page
@require_safe
def bookings_page(request: HttpRequest, user: User) -> HttpResponse:
    """The bookings that fit, a page at a time. What is empty in the address goes, so that it can be kept and shared."""
    kept = cleaned(request.GET)
    if any(not value for values in request.GET.lists() for value in values[1]):
        return redirect(f"{reverse('workspace_bookings')}?{kept}")
    now = timezone.now()
    asked = asked_of(request, user, now)
    page = turn_to(request.GET, asked.wish.rows(user), asked.wish.sorting)
    context = _about_list(request, asked, user) | {
        "page": page,
        "has_any": bool(page.rows) or queries.visible_to(user).exists(),
    }
    return show(request, "bookings/list", context)


@staff_page
@require_safe
def export_page(request: HttpRequest, user: User) -> HttpResponseBase:
    """The ticked bookings, or all that fit, as a file; first a page that says what will be in it."""
    asked = asked_of(request, user, timezone.now())
    rows = asked.wish.sorting.applied(picked(request.GET, asked.wish, user))
    if request.GET.get("file"):
        return _file(asked, rows)
    chosen = [(PICK, reference) for reference in request.GET.getlist(PICK)]
    context = {
        "total": rows.count(),
        "columns": asked.wish.columns,
        "back": f"{reverse('workspace_bookings')}?{asked.query}",
        "hidden": [*pairs_of(changed(request.GET)), *([(ALL, "1")] if request.GET.get(ALL) else chosen)],
        "zone": asked.zone,
        "others": [column for column in COLUMNS.values() if column not in asked.wish.columns],
    }
    return show(request, "bookings/export", context)


def _file(asked: Asked, rows: QuerySet[Booking]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        lines_of(rows, asked.wish.columns, asked.zone), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="bookings.csv"'
    return answer


def _about_list(request: HttpRequest, asked: Asked, user: User) -> dict[str, object]:
    manages = manages_some(user)
    return {
        "form": asked.form,
        "more_fields": [asked.form[name] for name in _MORE],
        "wish": asked.wish,
        "heads": [_head(request, column, asked.wish) for column in asked.wish.columns],
        "query": asked.query,
        "hidden": list(pairs_of(asked.query)),
        "zone": asked.zone,
        "is_narrowed": any(request.GET.get(name) for name in _NARROWED),
        "is_unfolded": any(request.GET.get(name) for name in _FOLDED) or bool(asked.form.errors),
        "everywhere": changed(request.GET, period="all", since="", until=""),
        "deeds": [deed for deed in DEEDS.values() if manages or not deed.is_for_managers],
        "manages": manages,
        "views": list(SavedView.objects.filter(user=user)),
        "running": _running(user),
        "here": urlencode({"query": asked.query}),
    }


def _head(request: HttpRequest, column: Column, wish: Wish) -> Head:
    if not column.order:
        return Head(column)
    is_by = wish.order.removeprefix("-") == column.order
    direction = "descending" if wish.order.startswith("-") else "ascending"
    return Head(column, changed(request.GET, sort=turned(wish.order, column.order)), direction if is_by else "")


def _running(user: User) -> BulkRun | None:
    """The last run of `user` that is not finished."""
    runs = BulkRun.objects.filter(user=user, items__state=ItemState.WAITING)
    return runs.order_by("-created_at").first()
