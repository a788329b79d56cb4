"""A participant's answer. Only the page's buttons change something, for mail programs open links by themselves."""

from contextlib import suppress
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import services
from meeting_manager.bookings.choices import ResponseStatus
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.bookings.perspective import people_seen_by, side_of, title_for
from meeting_manager.bookings.plain import plain_text
from meeting_manager.people.languages import listed, tag_of
from meeting_manager.people.queries import system_user
from meeting_manager.public import guests
from meeting_manager.public.guests import Invited, NotOpened
from meeting_manager.public.pages import SeeOther, guest_page, private, show
from meeting_manager.public.views.manage import is_open, zone_of
from meeting_manager.web.languages import prefer

_ANSWERS = (ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED)
_LONGEST_AGENDA = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@guest_page
def answer_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What somebody is invited to, and what they answered; POST answers. A moved meeting leads to where it is now."""
    now = timezone.now()
    try:
        invited = guests.by_invitation(request, reference, now)
        prefer(request, _language(invited))
    except NotOpened:
        return private(show(request, "not_invited", {}, HTTPStatus.NOT_FOUND))
    if invited.booking.booking_reference != reference.strip().upper():
        return private(SeeOther(guests.answer_address(invited)))
    if request.method != "POST":
        return _page(request, invited, now)
    return _answer(request, invited, now)


def _answer(request: HttpRequest, invited: Invited, now: datetime) -> HttpResponse:
    response = request.POST.get("response", "")
    if not is_open(invited.booking, now):
        return _page(request, invited, now, HTTPStatus.CONFLICT)
    if response not in _ANSWERS:
        return _page(request, invited, now, HTTPStatus.UNPROCESSABLE_ENTITY)
    with suppress(Conflict, Participant.DoesNotExist):  # moved, cancelled or taken off just now: the page says so
        services.respond(
            booking=invited.booking, email=invited.participant.email, response=response, actor=system_user(), now=now
        )
    return private(SeeOther(guests.answer_address(invited)))


def _page(request: HttpRequest, invited: Invited, now: datetime, status: int = HTTPStatus.OK) -> HttpResponse:
    booking, participant = invited.booking, invited.participant
    hosts = [row.user for row in booking.assigned_users.all()]
    context = {
        "booking": booking,
        "type": booking.meeting_type,
        "participant": participant,
        "title": title_for(booking, side_of(booking, participant.email)),
        "agenda": plain_text(booking.meeting_description, _LONGEST_AGENDA),
        "zone": _zone(booking, participant),
        "host": hosts[0] if hosts else None,
        "host_zone": zone_of(hosts[0], booking) if hosts else "",
        "host_names": listed(host.display_name for host in hosts),
        "others": _others(booking, participant),
        "is_open": is_open(booking, now),
        "is_unclear": status == HTTPStatus.UNPROCESSABLE_ENTITY,
    }
    return private(show(request, "answer", context, status))


def _zone(booking: Booking, participant: Participant) -> str:
    """The participant's own zone where it is known, else the department's."""
    if participant.user is not None:
        return zone_of(participant.user, booking)
    own = booking.customer_timezone if participant.email == booking.customer_email else ""
    return own or booking.meeting_type.department.timezone


def _language(invited: Invited) -> str:
    """What the mail was written in that led here."""
    user = invited.participant.user
    return tag_of(user) if user else invited.booking.customer_language


def _others(booking: Booking, participant: Participant) -> str:
    seen = people_seen_by(booking, participant.email)
    return listed(one.name for one in seen if not one.is_host and one.email != participant.email)
