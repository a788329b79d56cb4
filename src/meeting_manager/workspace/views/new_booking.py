"""A new booking for a customer: the type, a time with who is free then, and who they are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting_manager.bookings import services, when
from meeting_manager.bookings.choices import BookingSource
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.rules import may_decide
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.queries import questions_of
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User
from meeting_manager.workspace import creating
from meeting_manager.workspace.create_forms import CustomerForm
from meeting_manager.workspace.pages import show, staff_page, zone_of


@dataclass(frozen=True, slots=True)
class Visit:
    """One request about a booking of `kind` to be; `zone` is the reader's."""

    request: HttpRequest
    user: User
    kind: MeetingType
    now: datetime
    zone: str

    @property
    def decides(self) -> bool:
        """Whether the reader chooses among all hosts, and may force a time."""
        return may_decide(self.user, self.kind.department)


@staff_page
@require_safe
def new_page(request: HttpRequest, user: User) -> HttpResponse:
    """What can be booked here, for customers and among colleagues."""
    _require_right(user)
    types = {"customer_types": creating.customer_types(user), "internal_types": creating.internal_types(user)}
    return show(request, "new/types", types)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def booking_page(request: HttpRequest, user: User) -> HttpResponse:
    """Without a type, a choice of types; without a start, of times; then the rest, which POST books."""
    _require_right(user)
    if not request.GET.get("type"):
        return show(request, "new/types", {"customer_types": creating.customer_types(user)})
    kind = creating.customer_types(user).get(name=creating.sane(request.GET["type"]))
    visit = Visit(request, user, kind, timezone.now(), zone_of(user, kind.department.timezone))
    given = request.POST.get("take") or request.POST.get("start") or request.GET.get("start") or ""
    start = creating.read_start(given, visit.zone)
    if start is None:
        return _show_times(visit)
    if request.method == "POST":
        return _answer(visit, start)
    return _show_details(visit, start, CustomerForm(None, kind, questions_of(kind)))


def _require_right(user: User) -> None:
    if not creating.creates_some(user):
        raise PermissionDenied


def _show_times(visit: Visit) -> HttpResponse:
    day = creating.read_day(visit.request.GET.get("day", ""), visit.zone, visit.now)
    choices = creating.day_with_times(visit.kind, visit.user, day, visit.zone, visit.now)
    return show(visit.request, "new/times", _around(visit) | _day(visit, day) | {"choices": choices})


def _day(visit: Visit, day: date) -> dict[str, object]:
    noon = moment(day_bounds(visit.zone, day)[0]) + timedelta(hours=12)
    is_today = day <= when.local(visit.now, visit.zone).date()
    hosts = [] if visit.decides else [visit.user.pk]
    return {
        "day": day,
        "day_name": when.long_date(day),
        "before": None if is_today else day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "nearest": creating.nearest_times(visit.kind, noon, visit.now, hosts),
        "at": f"{day}T{time(9):%H:%M}",
    }


def _answer(visit: Visit, start: datetime) -> HttpResponse:
    form = CustomerForm(visit.request.POST, visit.kind, questions_of(visit.kind))
    if not form.is_valid():
        return _show_details(visit, start, form, 422)
    if "take" in visit.request.POST:  # another time was chosen, and everything typed stays
        return _show_details(visit, start, form)
    try:
        host = _host(visit, form)
        name = creating.book_once(
            visit.user, form.cleaned_data["key"], [creating.written(start), form.said()], visit.now,
            lambda: _book(visit, start, form, host),
        )  # fmt: skip
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return _show_details(visit, start, form, 409, hosts=error.hosts, refused=True)
    except ValidationError as error:
        form.refuse(error)
        return _show_details(visit, start, form, 422, refused="start_datetime" in error.message_dict)
    return redirect("workspace_booking", name)


def _host(visit: Visit, form: CustomerForm) -> User | None:
    email = form.cleaned_data["assigned_users"]
    if not email:
        return None
    people = creating.people_at(visit.kind, visit.user, visit.now, visit.now)
    found = next((one.user for one in people if one.user.email == email), None)
    if found is None:
        raise ValidationError({"assigned_users": [_("Choose one of the hosts.")]})
    return found


def _book(visit: Visit, start: datetime, form: CustomerForm, host: User | None) -> str:
    result = services.book(
        meeting_type=visit.kind,
        start=start,
        customer=form.customer(),
        actor=visit.user,
        now=visit.now,
        source=BookingSource.MANUAL,
        host=host,
        details=form.details(),
        force_reason=form.cleaned_data["force_reason"],
        answers=form.answers(),
    )
    told = _("Booked. The customer and the host are told by mail.")
    awaits = _("It awaits approval. The customer is told by mail.")
    messages.success(visit.request, told if result.booking.booking_status == "Confirmed" else awaits)
    for warning in result.warnings:
        messages.info(visit.request, warning)
    return result.booking.name


def _show_details(
    visit: Visit,
    start: datetime,
    form: CustomerForm,
    status: int = 200,
    *,
    hosts: tuple[int, ...] = (),
    refused: bool = False,
) -> HttpResponse:
    """The form; `refused` says that it was for the time, `hosts` who was asked for by name."""
    people = creating.people_at(visit.kind, visit.user, start, visit.now)
    nobody = not any(one.is_free for one in people)
    wanted = hosts or (() if visit.decides else (visit.user.pk,))
    context = {
        "form": form,
        "start": start,
        "start_value": creating.written(start),
        "end": start + timedelta(minutes=visit.kind.duration),
        "people": people,
        "chosen": form.data.get("assigned_users", "") if form.is_bound else "",
        "nobody": nobody,
        "alternatives": creating.nearest_times(visit.kind, start, visit.now, wanted) if refused or nobody else [],
        "opens_force": refused or nobody or bool(form.is_bound and form.data.get("force_reason")),
    }
    return show(visit.request, "new/booking", _around(visit) | context, status)


def _around(visit: Visit) -> dict[str, object]:
    kind = visit.kind
    return {"type": kind, "department": kind.department, "zone": visit.zone, "decides": visit.decides}
