"""A booking among the meetings of its series, and what is done to several of them at once."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.bookings import queries, services, when
from meeting_manager.bookings.errors import Conflict, SeriesClash
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide, may_edit
from meeting_manager.bookings.series import Reach, reached
from meeting_manager.engine.lifecycle import HOLDING, IllegalChange
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace import creating
from meeting_manager.workspace.pages import show, staff_page, zone_of
from meeting_manager.workspace.series import part_of

_REACHES = [
    (Reach.ONE, gettext_lazy("this meeting alone")),
    (Reach.FOLLOWING, gettext_lazy("this one and those that follow")),
    (Reach.ALL, gettext_lazy("all that are to come")),
]


class CancelForm(RefusableForm):
    """Which meetings are cancelled, and why."""

    reach = forms.ChoiceField(
        label=gettext_lazy("What is cancelled?"), choices=_REACHES, widget=forms.RadioSelect, initial=Reach.ONE
    )
    cancellation_reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea({"rows": 2})
    )


class MoveForm(RefusableForm):
    """Which meetings are moved, and where to."""

    reach = forms.ChoiceField(
        label=gettext_lazy("What is moved?"), choices=_REACHES, widget=forms.RadioSelect, initial=Reach.ONE
    )
    start_datetime = forms.DateTimeField(
        label=gettext_lazy("New time of this meeting"),
        help_text=gettext_lazy("The others go by as many days to the same time of day."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=5, max_value=24 * 60)
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea({"rows": 2}))


@staff_page
@require_safe
def series_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """All meetings of a booking's series that the reader may see, and what can be done to them."""
    found = queries.get_for(user, booking)
    if found.series_id is None:
        return redirect("workspace_booking", found.name)
    return _show(request, user, found)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST cancels the meetings in question; anything else leads to the series."""
    found, form = _changing(user, booking), CancelForm(request.POST)
    if request.method != "POST" or found.series_id is None:
        return redirect("workspace_booking_series", found.name)
    if not form.is_valid():
        return _show(request, user, found, 422, cancel_form=form)
    try:
        done = services.cancel_series(
            booking=found,
            reach=Reach(form.cleaned_data["reach"]),
            actor=user,
            now=timezone.now(),
            reason=form.cleaned_data["cancellation_reason"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _show(request, user, found, 422, cancel_form=form)
    except (Conflict, IllegalChange) as error:
        form.refuse_on_top(str(error))
        return _show(request, user, found, 409, cancel_form=form)
    told = ngettext("%(count)d meeting is cancelled.", "%(count)d meetings are cancelled.", len(done))
    messages.success(request, told % {"count": len(done)})
    return redirect("workspace_booking_series", found.name)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def move_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """POST moves the meetings in question; where some can't be, it says which, and offers to leave those."""
    found, form = _changing(user, booking), MoveForm(request.POST)
    if request.method != "POST" or found.series_id is None:
        return redirect("workspace_booking_series", found.name)
    if not form.is_valid():
        return _show(request, user, found, 422, move_form=form)
    try:
        moved = _move(user, found, form, request.POST.getlist("leave"))
    except SeriesClash as error:
        form.refuse_on_top(_("Some of the meetings can't be moved. Nothing has changed yet."))
        stuck = _stuck(user, found, error, Reach(form.cleaned_data["reach"]))
        return _show(request, user, found, 409, move_form=form, stuck=stuck)
    except ValidationError as error:
        form.refuse(error)
        return _show(request, user, found, 422, move_form=form)
    except (Conflict, IllegalChange) as error:
        form.refuse_on_top(str(error))
        return _show(request, user, found, 409, move_form=form)
    told = ngettext("%(count)d meeting is moved.", "%(count)d meetings are moved.", len(moved))
    messages.success(request, told % {"count": len(moved)})
    return redirect("workspace_booking_series", moved[0].name)


def _changing(user: User, booking: str) -> Booking:
    found = queries.get_for(user, booking)
    if not may_edit(user, found):
        raise PermissionDenied
    return found


def _move(user: User, found: Booking, form: MoveForm, leave: list[str]) -> list[Booking]:
    said = form.cleaned_data
    zone = zone_of(user, found.meeting_type.department.timezone)
    start = creating.read_start(said["start_datetime"].replace(tzinfo=None).isoformat(), zone)
    assert start is not None  # noqa: S101 - the field read it
    results = services.move_series(
        booking=found,
        reach=Reach(said["reach"]),
        start=start,
        end=start + timedelta(minutes=said["minutes"]),
        actor=user,
        now=timezone.now(),
        reason=said["reason"],
        leave=leave,
    )
    return [one.booking for one in results]


def _stuck(user: User, found: Booking, error: SeriesClash, reach: Reach) -> list[tuple[Booking, str]]:
    """The meetings that can't be moved, with why."""
    reasons = dict(error.clashes)
    rows = reached(found, reach, timezone.now()) & queries.visible_to(user)
    return [(one, reasons[one.start_datetime]) for one in rows if one.start_datetime in reasons]


def _show(request: HttpRequest, user: User, found: Booking, status: int = 200, **context: object) -> HttpResponse:
    zone = zone_of(user, found.meeting_type.department.timezone)
    minutes = int((found.end_datetime - found.start_datetime) / timedelta(minutes=1))
    initial = {"start_datetime": _on_the_wall(found.start_datetime, zone), "minutes": minutes, "reach": Reach.ONE}
    forms_of = {"cancel_form": CancelForm(auto_id="cancel_%s"), "move_form": MoveForm(initial=initial)}
    around = {
        "booking": found,
        "part": part_of(found, user),
        "zone": zone,
        "edits": may_edit(user, found) and found.booking_status in HOLDING,
        "decides": may_decide(user, found.meeting_type.department),
        "failed": context.get("cancel_form") or context.get("move_form"),
    }
    return show(request, "new/series_of", {**around, **forms_of, **context}, status)


def _on_the_wall(moment: datetime, zone: str) -> datetime:
    return when.local(moment, zone).replace(tzinfo=None)
