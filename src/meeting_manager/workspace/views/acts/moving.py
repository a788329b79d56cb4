"""Giving a booking another time: one that is offered, or any other within the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import services, when
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.facts import Moving, moment
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.times import alternatives, offered_slots
from meeting_manager.people.models import User
from meeting_manager.workspace.acts.forms import MoveForm
from meeting_manager.workspace.pages import staff_page
from meeting_manager.workspace.views.acts.visiting import Acting, act_on, attempt

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Time:
    """A start that is offered on the day, on the reader's clock; `stays`: the hosts it has now are free."""

    start: datetime
    value: str
    stays: bool


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def reschedule_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """GET shows the times of `day`, POST moves the booking."""
    acting = act_on(request, user, booking, "reschedule")
    if isinstance(acting, HttpResponse):
        return acting
    form = MoveForm(request.POST if request.method == "POST" else None, acting.zone, acting.booking)
    nearest: Sequence[tuple[datetime, datetime]] = ()

    def work() -> HttpResponse:
        nonlocal nearest
        try:
            return _move(acting, form)
        except TimeTaken as taken:
            nearest = _nearest(acting, form, taken)
            raise

    answer = attempt(form, work) if form.is_valid() else (422 if form.is_bound else 200)
    return answer if isinstance(answer, HttpResponse) else _page(acting, form, answer, nearest)


def _move(acting: Acting, form: MoveForm) -> HttpResponse:
    start, end = form.span()
    moved = services.reschedule(
        booking=acting.booking,
        start=start,
        end=end,
        actor=acting.user,
        now=acting.now,
        reason=form.cleaned_data["reason"],
        force_reason=form.cleaned_data["force_reason"],
    ).booking
    zone = acting.zone
    told = {"day": when.day(moved.start_datetime, zone), "time": when.clock(moved.start_datetime, zone)}
    return acting.done(_("The booking is on %(day)s at %(time)s now.") % told, moved)


def _nearest(acting: Acting, form: MoveForm, taken: TimeTaken) -> list[tuple[datetime, datetime]]:
    start, end = form.span()
    return alternatives(
        meeting_type=acting.booking.meeting_type,
        start=start,
        now=acting.now,
        moving=Moving.of(acting.booking),
        hosts=taken.hosts,
        minutes=int((end - start).total_seconds()) // 60,
    )


def _page(acting: Acting, form: MoveForm, status: int, nearest: Sequence[tuple[datetime, datetime]]) -> HttpResponse:
    day = _day(acting)
    return acting.page(
        "reschedule",
        form,
        status,
        day=day,
        day_name=when.long_date(day),
        times=_times(acting, day),
        nearest=[_time(acting, start, stays=False) for start, _end in nearest],
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        next_week=day + _WEEK,
        decides=may_decide(acting.user, acting.booking.meeting_type.department),
    )


def _day(acting: Acting) -> date:
    """The day that the address asks for; the booking's own, or today, for whatever is none."""
    today = when.local(acting.now, acting.zone).date()
    own = when.local(acting.booking.start_datetime, acting.zone).date()
    try:
        asked = date.fromisoformat(acting.request.GET.get("day", ""))
    except ValueError:
        return max(own, today)
    return min(max(asked, today), today + timedelta(days=730))


def _times(acting: Acting, day: date) -> list[Time]:
    if acting.booking.is_internal:
        return []  # all of its hosts keep it, and any time may do
    booking = acting.booking
    hosts = [row.user_id for row in booking.assigned_users.all()]
    asked = {"meeting_type": booking.meeting_type, "first": day, "last": day, "now": acting.now, "zone": acting.zone}
    try:
        offered = offered_slots(**asked, moving=Moving.of(booking))  # type: ignore[arg-type]
        kept = offered_slots(**asked, moving=Moving.of(booking), only=hosts)  # type: ignore[arg-type]
    except ValidationError:
        return []
    staying = {slot.start for slot in kept.slots if slot.available_members >= len(hosts)}
    return [_time(acting, moment(slot.start), stays=slot.start in staying) for slot in offered.slots]


def _time(acting: Acting, start: datetime, *, stays: bool) -> Time:
    local = when.local(start, acting.zone)
    return Time(start, local.strftime("%Y-%m-%dT%H:%M"), stays)
