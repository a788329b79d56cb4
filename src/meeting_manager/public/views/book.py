"""The details of a customer, and the booking."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import queries, services, when
from meeting_manager.bookings.errors import TAKEN, TimeTaken
from meeting_manager.bookings.inputs import Customer
from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.languages import current_tag
from meeting_manager.people.queries import system_user
from meeting_manager.public import robots, starts
from meeting_manager.public.forms import DetailsForm
from meeting_manager.public.framing import confirmation, step
from meeting_manager.public.offers import Offers, look_around
from meeting_manager.public.pages import ANYBODY, SeeOther, guest_page, private, show
from meeting_manager.public.prefill import forget, moved_into_cookie, prefilled
from meeting_manager.public.wishes import keep_zone, zone_of_visitor
from meeting_manager.web import idempotency, limits
from meeting_manager.web.idempotency import Answer
from meeting_manager.web.zones import find_zone

_SENT_BEFORE = gettext_noop("This form was sent before. If you want one more booking, please send it again.")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a time: what is booked, when, and where the guest's clock is."""

    request: HttpRequest
    kind: MeetingType
    start: datetime
    zone: str
    zone_problem: Sequence[str] = ()
    now: datetime = field(default_factory=timezone.now)


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def details_page(request: HttpRequest, department: str, meeting_type: str) -> HttpResponse:
    """Asks for the details, books with them, and leads to the booking's own page.

    A time that is gone keeps what was typed and offers the nearest others (409); what is wrong with the details is
    said beside them (422).
    """
    if request.method != "POST" and (clean := moved_into_cookie(request)):
        return clean
    kind = departments.get_type_for(ANYBODY, department, meeting_type)
    prefetch_related_objects([kind], "questions")  # once for the form and for the booking
    given = request.POST if request.method == "POST" else request.GET
    try:
        start = _chosen(given)
    except ValidationError:
        return redirect(step(request, "times", kind.department.department_slug, kind.meeting_slug))
    visit = Visit(request, kind, start, *_zone(request, given, kind))
    if request.method != "POST":
        return _ask(visit)
    return _change_zone(visit) if _is_about_zone(visit) else _submit(visit)


def _chosen(given: QueryDict) -> datetime:
    """The start; on a page of alternatives none may have been chosen yet, then the one asked for first."""
    return starts.read(given.get("start") or given.get("asked", ""))


def _zone(request: HttpRequest, given: QueryDict, kind: MeetingType) -> tuple[str, Sequence[str]]:
    """The zone asked for, or where that is none the visitor's or the department's, and what is wrong with it."""
    usual = zone_of_visitor(request) or kind.department.timezone
    try:
        return find_zone(given.get("timezone", "")) or usual, ()
    except ValidationError as error:
        return usual, error.messages


def _form(visit: Visit, data: QueryDict) -> DetailsForm:
    return DetailsForm(data, departments.questions_of(visit.kind))


def _ask(visit: Visit) -> HttpResponse:
    """The empty form; nobody fills in one that would be refused for coming too often."""
    limits.check_bookings(client=limits.client_of(visit.request), now=visit.now)
    form = _form(visit, QueryDict(mutable=True))
    form.renew(key=secrets.token_urlsafe(16), **prefilled(visit.request))
    around = look_around(visit.kind, visit.start, visit.now)
    if not around.has_start:
        form.refuse_on_top(_(TAKEN))
    return _page(visit, form, around, HTTPStatus.OK if around.has_start else HTTPStatus.CONFLICT)


def _is_about_zone(visit: Visit) -> bool:
    """Whether the zone was changed, by its button or by Enter in its field: who did that wants to see the time anew,
    not to book yet.
    """
    shown = visit.request.POST.get("shown_zone") or visit.zone
    return "rezone" in visit.request.POST or (shown != visit.zone and not visit.zone_problem)


def _change_zone(visit: Visit) -> HttpResponse:
    """The same page with the same moment, written in the zone that was chosen; what was typed stays."""
    form = _form(visit, visit.request.POST)
    around = look_around(visit.kind, visit.start, visit.now)
    if visit.zone_problem:
        return _page(visit, form, around, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = _page(visit, form, around, HTTPStatus.OK, same_moment=_same_moment(visit))
    keep_zone(response, visit.zone)
    return response


def _same_moment(visit: Visit) -> str:
    before, _problem = _zone(visit.request, QueryDict(mutable=True), visit.kind)
    with suppress(ValidationError):
        before = find_zone(visit.request.POST.get("shown_zone", "")) or before
    if before == visit.zone:
        return ""
    names = {
        "old": when.clock(visit.start, before),
        "old_zone": when.zone_name(before, visit.start),
        "new": when.clock(visit.start, visit.zone),
        "new_zone": when.zone_name(visit.zone, visit.start),
    }
    return _("The time you chose stays: %(old)s in %(old_zone)s is %(new)s in %(new_zone)s.") % names


def _submit(visit: Visit) -> HttpResponse:
    form = _form(visit, visit.request.POST)
    if problem := robots.too_quick(visit.request, visit.now):
        form.refuse_on_top(problem)
    if not form.is_valid() or visit.zone_problem:
        return _refused(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        answer = _book_once(visit, form)
    except ValidationError as error:
        if idempotency.FIELD in error.message_dict:
            form.refuse_on_top(_(_SENT_BEFORE))
        else:
            form.refuse(error)
        return _refused(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return _refused(visit, form, HTTPStatus.CONFLICT)
    if _is_over(answer, visit.now):
        form.refuse_on_top(_(_SENT_BEFORE))
        return _refused(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = _answered(visit, answer, form.cleaned_data["customer_email"])
    forget(response)
    return response


def _is_over(answer: Answer, now: datetime) -> bool:
    """Whether this is the answer to a form sent so long before that the link in its mail opens nothing any more."""
    return answer.status == HTTPStatus.ACCEPTED and datetime.fromisoformat(answer.body["expires_at"]) <= now


def _answered(visit: Visit, answer: Answer, address: str) -> HttpResponse:
    """On to the booking; or what to do with the mail, where it is to be confirmed first."""
    if answer.status == HTTPStatus.ACCEPTED:
        until = datetime.fromisoformat(answer.body["expires_at"])
        context = {**_time(visit), "type": visit.kind, "address": address, "until": until}
        return private(show(visit.request, "sent", context, HTTPStatus.ACCEPTED))
    return private(SeeOther(confirmation(visit.request, queries.by_reference(answer.body["reference"]))))


def _book_once(visit: Visit, form: DetailsForm) -> Answer:
    """Book or ask to confirm, unless this very form was sent before; then the answer is that of the first time."""
    typed = form.typed()
    client = limits.client_of(visit.request)

    def work() -> Answer:
        limits.check_bookings(client=client, now=visit.now)
        is_trusted = robots.is_trusted(visit.request, visit.kind, visit.now)
        make = _request if visit.kind.confirm_email or not is_trusted else _book
        answer = make(visit, _customer(visit, typed), form.answers())
        limits.count_booking(client=client, now=visit.now)
        return answer

    return idempotency.once(
        scope=idempotency.scope_of_guest(typed["customer_email"]),
        key=form.cleaned_data["key"],
        request={"page": visit.request.path, "start": starts.write(visit.start), **typed},
        now=visit.now,
        work=work,
    )


def _customer(visit: Visit, typed: dict[str, str]) -> Customer:
    return Customer(
        name=typed["customer_name"],
        email=typed["customer_email"],
        phone=typed["customer_phone"],
        notes=typed["customer_notes"],
        timezone=visit.zone,
        language=current_tag(),
    )


def _book(visit: Visit, customer: Customer, answers: dict[str, object]) -> Answer:
    made = services.book(
        meeting_type=visit.kind,
        start=visit.start,
        customer=customer,
        actor=system_user(),
        now=visit.now,
        answers=answers,
    )
    return Answer(HTTPStatus.SEE_OTHER, {"reference": made.booking.booking_reference})


def _request(visit: Visit, customer: Customer, answers: dict[str, object]) -> Answer:
    made = services.request(
        meeting_type=visit.kind, start=visit.start, customer=customer, answers=answers, now=visit.now
    )
    return Answer(HTTPStatus.ACCEPTED, {"expires_at": made.expires_at.isoformat()})


def _refused(visit: Visit, form: DetailsForm, status: int) -> HttpResponse:
    form.renew(key=secrets.token_urlsafe(16), website="")
    return _page(visit, form, look_around(visit.kind, visit.start, visit.now), status)


def _page(visit: Visit, form: DetailsForm, around: Offers, status: int, same_moment: str = "") -> HttpResponse:
    for problem in visit.zone_problem:
        form.refuse(ValidationError({"timezone": [problem]}))
    context = {
        **_time(visit),
        "type": visit.kind,
        "form": form,
        "guard": robots.guard(visit.request, visit.kind, visit.now),
        "value": starts.write(visit.start),
        "day": when.local(visit.start, visit.zone).date().isoformat(),
        "typed_zone": form.data.get("timezone", "") if visit.zone_problem else "",
        "zones": when.zone_choices(),
        "around": around,
        "same_moment": same_moment,
    }
    return private(show(visit.request, "details", context, status))


def _time(visit: Visit) -> dict[str, object]:
    length = timedelta(minutes=visit.kind.duration)
    return {"start": visit.start, "end": visit.start + length, "zone": visit.zone}
