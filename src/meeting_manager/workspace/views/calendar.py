"""The calendar of staff: its page, what stands in it, and what is done by dragging. See `workspace/calendar_board/`."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from itertools import groupby
from typing import cast

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from meeting_manager.bookings import queries, when
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side, title_for
from meeting_manager.departments.rules import belongs
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.models import User
from meeting_manager.web.problems import problem_of
from meeting_manager.workspace.acts.openings import acts_on
from meeting_manager.workspace.calendar_board import feed, moves
from meeting_manager.workspace.calendar_board.asked import VIEWS, Asked, read
from meeting_manager.workspace.calendar_board.people import MOST as MOST_COLUMNS
from meeting_manager.workspace.pages import show, staff_page, way_back, zone_of
from meeting_manager.workspace.standing import standing_of

_REFUSALS = (ValidationError, PermissionDenied, ObjectDoesNotExist, Conflict, TimeTaken, IllegalChange)


@staff_page
@require_safe
def start_page(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - as staff pages are
    """The workspace begins with the calendar."""
    return redirect("workspace_calendar")


@staff_page
@require_safe
def calendar_page(request: HttpRequest, user: User) -> HttpResponse:
    """The calendar as its address asks for it; without script a list of the same."""
    now = timezone.now()
    asked = read(request.GET, user, now)
    found = feed.bookings_of(asked)
    context = {
        "asked": asked,
        "form": asked.form,
        "views": [(key, label, _address(request, view=key, date=str(asked.day))) for key, label in VIEWS.items()],
        "before": _address(request, date=str(asked.step(forward=False))),
        "after": _address(request, date=str(asked.step(forward=True))),
        "today": _address(request, date=""),
        "unfiltered": f"?view={asked.view}&date={asked.day}",
        "days": _by_day(asked, found),
        "is_cut": len(found) == feed.MOST or len(asked.people) == MOST_COLUMNS,
        "board": json.dumps(_settings(request, asked)),
    }
    return show(request, "calendar_board/page", context)


@staff_page
@require_GET
def feed_page(request: HttpRequest, user: User) -> HttpResponse:
    """The same as JSON; 304 for who has the current version, which is cheap, since every few seconds somebody asks."""
    asked = read(request.GET, user, timezone.now())
    version = feed.version_of(asked)
    if version in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": f'"{version}"'})
    return JsonResponse(feed.feed_of(asked), headers={"ETag": f'"{version}"'})


@staff_page
@require_safe
def booking_part(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """The essentials of a booking and what can be done with it, for the dialog."""
    found, now = queries.get_for(user, booking), timezone.now()
    context = {
        "booking": found,
        "title": title_for(found, Side.HOST),
        "standing": standing_of(found),
        "zone": zone_of(user, found.meeting_type.department.timezone),
        "acts": [
            each
            for each in acts_on(found, user, now, way_back(request, reverse("workspace_calendar")))
            if each.part != "delete"
        ],
        "link": f"{settings.SITE_URL}{reverse('workspace_booking', args=[found.name])}",
    }
    return show(request, "calendar_board/booking", context)


@staff_page
@require_GET
def hosts_part(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """Who could have the booking at another time, and why the others could not: what is shown while it is dragged."""
    found = queries.get_for(user, booking)
    form = moves.TimesForm(request.GET)
    if not form.is_valid():
        return JsonResponse({}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not belongs(user, found.meeting_type.department):
        return JsonResponse({"hosts": {}})
    start, end = moves.read_times(form, zone_of(user))
    try:
        hosts = moves.verdicts(found, start, end, timezone.now())
    except ValidationError as error:
        return _refused(error)
    return JsonResponse({"hosts": hosts})


@staff_page
@require_POST
def drop_part(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """Put the booking where it was dropped, and say how that is taken back; or say why it cannot be there."""
    found, zone = queries.get_for(user, booking), zone_of(user)
    form = moves.DropForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"why": str(form.errors)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        wish = moves.read_drop(found, form, user, zone)
        done = moves.drop(wish, actor=user, now=timezone.now(), zone=zone, is_undo=form.cleaned_data["undo"])
    except _REFUSALS as error:
        return _refused(error)
    undo = {"address": reverse("workspace_calendar_drop", args=[done.booking.name]), "fields": done.undo}
    return JsonResponse({"said": done.said, "undo": undo})


def _refused(error: Exception) -> JsonResponse:
    problem = problem_of(error)
    assert problem is not None  # noqa: S101 - it knows all of _REFUSALS
    return JsonResponse({"why": problem.detail}, status=problem.status)


def _by_day(asked: Asked, found: Sequence[Booking]) -> list[tuple[str, list[dict[str, object]]]]:
    """The bookings day by day, in words."""
    lines = groupby(found, lambda each: when.local(each.start_datetime, asked.zone).date())
    return [(when.long_date(day), [_line(each, asked) for each in those]) for day, those in lines]


def _line(booking: Booking, asked: Asked) -> dict[str, object]:
    return {
        "booking": booking,
        "title": title_for(booking, Side.HOST),
        "standing": standing_of(booking),
        "time": when.span(booking.start_datetime, booking.end_datetime, asked.zone),
        "hosts": ", ".join(row.user.display_name for row in booking.assigned_users.all()),
    }


def _address(request: HttpRequest, **changes: str) -> str:
    """The query of this page with other values; an empty one is left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    kept = {name: cast("str", query[name]) for name in query if query[name]}
    query.clear()
    query.update(kept)
    return f"?{query.urlencode()}"


def _settings(request: HttpRequest, asked: Asked) -> dict[str, object]:
    """What the script needs to know, as it stands in the page."""
    offset = when.local(timezone.now(), asked.zone).strftime("%z")
    return {
        "view": asked.view,
        "date": str(asked.day),
        "feed": f"{reverse('workspace_calendar_feed')}{_address(request, view=asked.view, date=str(asked.day))}",
        "bookings": reverse("workspace_calendar"),
        "back": request.get_full_path(),
        "firstDay": (when.first_weekday() + 1) % 7,
        "offset": f"{offset[:3]}:{offset[3:5]}",
        "hour12": when.clock_style() == "12",
        "language": get_language(),
        "icons": static("web/icons.svg"),
        "words": {
            "free": _("Free"),
            "offline": _("There is no connection. What you see may be old."),
            "failed": _("That did not work. Please try again."),
            "copied": _("The link is copied."),
            "more": _("more"),
        },
    }
