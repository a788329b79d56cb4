"""Booking pages inside the pages of other sites: who may frame them, whom they speak to, what addresses carry.

Cookies do not travel into frames of other sites. What a visitor chose therefore stays in the query of every address,
and so does the origin of the page around, to which `frame.js` tells the height and that something was booked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from meeting_manager.bookings.links import link_token
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.when import CLOCK_STYLES, using_clock
from meeting_manager.people.languages import clean_tag, speaking
from meeting_manager.public import guests

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in a frame. `parent` is the origin it may speak to, empty where the address names none that is allowed;
    `carried` is what the addresses of all steps have in their query.
    """

    parent: str
    carried: Mapping[str, str]
    zone: str
    """As the address has it; pages of times and details write a zone of their own into theirs."""

    @property
    def everything(self) -> Mapping[str, str]:
        """What addresses carry that do not write a zone of their own."""
        return {**self.carried, "timezone": self.zone} if self.zone else self.carried


def framed(view: View) -> View:
    """The view as a page that the sites in EMBED_ORIGINS may frame, and nobody else; without any it is not there.

    A POST needs no CSRF token, which is compared with a cookie that frames of other sites don't get: it has to come
    from a page of our own instead. That is as good, since browsers let no page choose the Origin of its requests; and
    there is little to forge, since a guest's form acts by what is typed into it, not by anybody's session.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: object, **parts: object) -> HttpResponse:
        if not settings.EMBED_ORIGINS:
            raise Http404
        if request.method == "POST" and not _is_own_form(request):
            raise PermissionDenied
        request.frame = frame = _read_frame(request.GET)  # type: ignore[attr-defined] # where templates find it
        with _written_for(frame):
            response = _answered(lambda: view(request, *args, **parts), request)
        return _frameable(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined] # Django reads it from the function
    return answer


def frame_of(request: HttpRequest) -> Frame | None:
    """The frame that a request is for."""
    found: Frame | None = getattr(request, "frame", None)
    return found


def carried(request: HttpRequest) -> str:
    """The beginning of the query of every address in the frame that a request is for, up to a "&"; empty elsewhere."""
    frame = frame_of(request)
    return f"{urlencode(frame.carried)}&" if frame and frame.carried else ""


def path_to(request: HttpRequest, page: str, *args: str) -> str:
    """Where a step of booking is: "types", "times" or "details", in a frame if the request is for one."""
    return reverse(f"public:embed_{page}" if frame_of(request) else f"public:{page}", args=args)


def step(request: HttpRequest, page: str, *args: str, **query: str) -> str:
    """As `path_to`, with a query that carries on what has to be carried."""
    frame = frame_of(request)
    whole = {**(frame.everything if frame else {}), **query}
    path = path_to(request, page, *args)
    return f"{path}?{urlencode(whole)}" if whole else path


def confirmation(request: HttpRequest, booking: Booking) -> str:
    """Where somebody who has just booked is led: to the booking's own page, in a frame to one inside it."""
    if not frame_of(request):
        return guests.address(booking)
    kind = booking.meeting_type
    parts = (kind.department.department_slug, kind.meeting_slug, booking.booking_reference)
    return step(request, "booked", *parts, token=link_token(booking))


def _is_own_form(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return origin in {f"{request.scheme}://{request.get_host()}", settings.SITE_URL}


def _read_frame(query: QueryDict) -> Frame:
    parent, clock = query.get("origin", ""), query.get("clock", "")
    known = {
        "origin": parent if parent in settings.EMBED_ORIGINS else "",
        "language": clean_tag(query.get("language", "")),
        "clock": clock if clock in CLOCK_STYLES else "",
    }
    return Frame(known["origin"], {name: value for name, value in known.items() if value}, query.get("timezone", ""))


@contextmanager
def _written_for(frame: Frame) -> Iterator[None]:
    """In the language and by the clock that the address names; else as everywhere."""
    language, clock = frame.carried.get("language"), frame.carried.get("clock")
    with speaking(language) if language else nullcontext(), using_clock(clock) if clock else nullcontext():
        yield


def _answered(view: Callable[[], HttpResponse], request: HttpRequest) -> HttpResponse:
    """What is not there is told inside the frame too; else browsers would show an error of their own."""
    try:
        return view()
    except Http404:
        return render(request, "404.html", status=404)


def _frameable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.xframe_options_exempt = True  # the older header knows no list
    allowed = csp_replace({"frame-ancestors": list(settings.EMBED_ORIGINS)})
    allowed(lambda _: response)(request)
    return response
