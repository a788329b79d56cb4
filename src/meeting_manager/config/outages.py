"""What people see when the database is away: a clear 503 instead of an error without an explanation."""

import sys
from collections.abc import Callable

import structlog
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from django.views.defaults import server_error

RETRY_AFTER_SECONDS = 5
DETAIL = gettext_noop("The database cannot be reached at the moment. Please try again in a few seconds.")

log = structlog.get_logger(__name__)


class OutageMiddleware:
    """Turns a lost database into 503 with Retry-After."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or 503 where a middleware inside this one met the outage."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 where a view met the outage."""
        return unavailable(request) if isinstance(exception, OperationalError | InterfaceError) else None


def server_error_or_outage(request: HttpRequest) -> HttpResponse:
    """The site's ``handler500``: outages that middleware met, such as sessions that could not be read, are 503 too."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 as a problem document for programs and as a page for people. Effect: drops the connection."""
    log.warning("database unavailable", error=type(sys.exc_info()[1]).__name__)
    connection.close()
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    if request.path.startswith("/api/") or not request.accepts("text/html"):
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": DETAIL, "errors": []}
        return JsonResponse(problem, status=503, content_type="application/problem+json", headers=headers)
    return HttpResponse(render_to_string("503.html", {"detail": gettext(DETAIL)}), status=503, headers=headers)
