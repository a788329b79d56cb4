"""Confirming a booking by the link in a mail. Only the page's button books, for mail programs open links."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import answers, queries, services
from meeting_manager.bookings.errors import TAKEN, RequestExpired, TimeTaken
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services.requests import typed
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.queries import questions_of
from meeting_manager.public import guests, starts
from meeting_manager.public.forms import GuestForm
from meeting_manager.public.offers import look_around
from meeting_manager.public.pages import SeeOther, guest_page, private, show
from meeting_manager.web.languages import prefer


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what was asked for; the button books it and leads to the booking's own page, however often it is pressed.

    A time that was taken meanwhile keeps what was typed and offers the nearest others (409). A link that expired (410),
    was used, or is none (404) is told so.
    """
    now = timezone.now()
    try:
        asked = queries.request_of(token)
        prefer(request, _language(asked))
        return private(_confirm(request, token, asked, now) if request.method == "POST" else _ask(request, asked, now))
    except BookingRequest.DoesNotExist:
        return _over(request, "unknown", HTTPStatus.NOT_FOUND)
    except RequestExpired:
        return _over(request, "expired", HTTPStatus.GONE, type=asked.meeting_type)


def _language(asked: BookingRequest) -> str:
    """What the mail was written in that led here; empty where that is forgotten."""
    if asked.booking is not None:
        return asked.booking.customer_language
    with suppress(RequestExpired):
        return typed(asked)["customer"].language
    return ""


def _ask(request: HttpRequest, asked: BookingRequest, now: datetime) -> HttpResponse:
    if asked.is_used:
        return _used(request, asked, now)
    return _page(request, asked, GuestForm(QueryDict()), asked.start_datetime, now)


def _confirm(request: HttpRequest, token: str, asked: BookingRequest, now: datetime) -> HttpResponse:
    form = GuestForm(request.POST)
    start = _chosen(request, asked)
    try:
        booked = services.confirm(token=token, start=start, now=now)
    except TimeTaken as error:
        form.refuse_on_top(str(error))
        return _page(request, asked, form, start, now, HTTPStatus.CONFLICT)
    except ValidationError as error:
        form.refuse(error)
        return _page(request, asked, form, start, now, HTTPStatus.UNPROCESSABLE_ENTITY)
    url = _booking_url(booked, now)
    return SeeOther(url) if url else _used(request, booked, now)


def _chosen(request: HttpRequest, asked: BookingRequest) -> datetime:
    """The start that was chosen instead, else the one on the page; what is none stands for the one asked for."""
    try:
        return starts.read(request.POST.get("start") or request.POST.get("asked", ""))
    except ValidationError:
        return asked.start_datetime


def _page(
    request: HttpRequest,
    asked: BookingRequest,
    form: GuestForm,
    start: datetime,
    now: datetime,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """What is to be confirmed. Raises RequestExpired."""
    if asked.is_over(now):
        raise RequestExpired
    kind, given = asked.meeting_type, typed(asked)
    customer = given["customer"]
    around = look_around(kind, start, now)
    if status == HTTPStatus.OK and not around.has_start:
        status = HTTPStatus.CONFLICT
        if not form.errors:
            form.refuse_on_top(_(TAKEN))
    context = {
        "type": kind,
        "customer": customer,
        "answers": _answers(kind, given["answers"]),
        "form": form,
        "around": around,
        "start": start,
        "end": start + timedelta(minutes=kind.duration),
        "value": starts.write(start),
        "zone": customer.timezone or kind.department.timezone,
    }
    return show(request, "confirm", context, status)


def _answers(kind: MeetingType, given: Mapping[str, object]) -> list[answers.Told]:
    """What was answered, in words; nothing where the type asks something else by now, which booking will say."""
    try:
        stored = answers.read(questions_of(kind), given, must_answer=False)
    except ValidationError:
        return []
    return answers.told(Booking(answers=stored))


def _used(request: HttpRequest, asked: BookingRequest, now: datetime) -> HttpResponse:
    return _over(request, "used", HTTPStatus.OK, booking_url=_booking_url(asked, now))


def _booking_url(asked: BookingRequest, now: datetime) -> str:
    """The booking it became, which the link opens for as long as it works itself, unless the booking got another
    customer's address since, which revoked the links of who confirmed; else empty.
    """
    first = asked.booking
    if first is None or asked.is_over(now):
        return ""
    latest = queries.latest(first)
    is_theirs = first.link_version == 1 and latest.customer_email == first.customer_email
    return guests.address(latest) if is_theirs else ""


def _over(request: HttpRequest, why: str, status: int, **known: object) -> HttpResponse:
    return private(show(request, "confirm_over", {"why": why, **known}, status))
