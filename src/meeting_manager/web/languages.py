"""The language and the clock of a page: what its reader chose, else what their browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.utils.translation.trans_real import parse_accept_lang_header

from meeting_manager.bookings.when import using_clock
from meeting_manager.people.languages import ENGLISH, clean_tag, current_tag, go_on_in, speaking

CLOCK_COOKIE = "clock"
_FOR_PROGRAMS = "/api/"
"""What is answered below it is a contract, and English."""


class LanguageMiddleware:
    """Has everything within a request speak one language and write times by one clock, and says so in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; programs get it in English whatever they accept."""
        if request.path.startswith(_FOR_PROGRAMS):
            with speaking(ENGLISH), using_clock(""):
                return self._get_response(request)
        with speaking(wanted_tag(request)), using_clock(request.COOKIES.get(CLOCK_COOKIE, "")):
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", current_tag())
        if "public" not in response.get("Cache-Control", ""):  # what caches may share is the same for everybody
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def wanted_tag(request: HttpRequest) -> str:
    """The chosen language, else the first one that the browser asks for, with the region that it names for it."""
    language = get_language_from_request(request)
    header = request.headers.get("Accept-Language", "").lower()
    accepted = (clean_tag(tag) for tag, _quality in parse_accept_lang_header(header))
    return next((tag for tag in accepted if tag.startswith(f"{language}-")), language)


def prefer(request: HttpRequest, tag: str) -> None:
    """Go on in the language that somebody is known to speak, unless they chose another in this browser."""
    if tag and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        go_on_in(tag)
