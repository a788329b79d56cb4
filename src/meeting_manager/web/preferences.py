"""Choosing language and clock: kept in cookies of the browser, nowhere else."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings.when import CLOCK_STYLES
from meeting_manager.web.languages import CLOCK_COOKIE


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, and lead back to the page `next`, or home where that is not ours; opening the address leads
    home and keeps nothing. Effects: cookies.
    """
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(wanted if is_ours else "/", status=HTTPStatus.SEE_OTHER)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    if request.POST.get("clock") in CLOCK_STYLES:
        _keep(response, CLOCK_COOKIE, request.POST["clock"])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
