"""What other sites need to show booking inside their pages: the steps in frames, and the script that makes them."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meeting_manager.bookings import queries
from meeting_manager.public import guests
from meeting_manager.public.framing import framed
from meeting_manager.public.pages import guest_page
from meeting_manager.public.views import book, choose
from meeting_manager.public.views.manage import booking_shown

KEPT = "public, max-age=600"
"""How long browsers keep the script: its address never changes, and sites expect what we mend to arrive."""


@require_safe
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The script that sites load; where no site may embed it is not there."""
    if not settings.EMBED_ORIGINS:
        raise Http404
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = KEPT
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@guest_page
def booked(request: HttpRequest, department: str, meeting_type: str, reference: str) -> HttpResponse:  # noqa: ARG001
    """The booking that was just made, as it stands; the page around hears of it."""
    now = timezone.now()
    booking = queries.latest(guests.by_link(request, reference, now))
    return booking_shown(request, booking, now, just_booked=booking)


types_page = framed(choose.types_page)
times_page = framed(choose.times_page)
details_page = framed(book.details_page)
booked_page = framed(booked)


@lru_cache(maxsize=1)
def _script() -> str:
    found = finders.find("web/embed.js")
    if not found:
        raise FileNotFoundError("web/embed.js")
    return Path(found).read_text(encoding="utf-8")
