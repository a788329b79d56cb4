"""Personal data of guests and colleagues: told as one document, and erased."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_body
from meeting_manager.api.replies import reply, reply_text
from meeting_manager.api.schemas import inputs, privacy
from meeting_manager.api.writing import instant
from meeting_manager.bookings.models import Booking
from meeting_manager.web.access import Audience
from meeting_manager.web.privacy import erasing, exporting
from meeting_manager.web.privacy.asking import address_of, require_right

operations = Operations("Personal data")


@operations.add("GET", "/privacy", Audience.SYSTEM_MANAGER, privacy.Known, 403)
def look_for_person(request: HttpRequest, email: str = "") -> HttpResponse:
    """What is known of a guest, counted; `upcoming` are meetings that are in the way of erasing it. Colleagues are
    refused.
    """
    found = erasing.look(actor=user_of(request), email=email, now=timezone.now())
    counts = {field: getattr(found, field) for field in privacy.COUNTED}
    return reply({"email": found.address, **counts, "upcoming": [_upcoming(one) for one in found.upcoming]})


@operations.add("GET", "/privacy/export", Audience.SYSTEM_MANAGER, privacy.Document, 403)
def export_person(request: HttpRequest, email: str = "") -> HttpResponse:
    """Everything that is known of the person with this address, guest or colleague, without secrets."""
    found = exporting.export(actor=user_of(request), email=email, now=timezone.now())
    return reply_text(exporting.as_text(found))


@operations.add("POST", "/privacy/erase", Audience.SYSTEM_MANAGER, privacy.Erased, 403, 409, takes=inputs.EraseIn)
def erase_person(request: HttpRequest) -> HttpResponse:
    """Erase a guest everywhere, for ever; `confirm` is the address once more.

    409 while there are meetings to come, unless `also_cancel`. Where `sending` is not 0, something was on its way at
    that moment: please repeat it.
    """
    user = user_of(request)
    require_right(user)
    body = read_body(request, inputs.EraseIn)
    if address_of(body.email) != body.confirm.strip().lower():
        raise ValidationError({"confirm": "Confirm must be the address that is to be erased."})
    done = erasing.erase(actor=user, email=body.email, now=timezone.now(), also_cancel=bool(body.also_cancel))
    return reply({field: getattr(done, field) for field in privacy.DONE})


def _upcoming(booking: Booking) -> dict[str, object]:
    return {"name": booking.name, "start_datetime": instant(booking.start_datetime)}
