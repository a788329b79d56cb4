"""Pages and calendars travel compressed; programs get JSON as it is, since packing a month of slots costs more than
finding them.
"""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_PACKED = ("text/html", "text/calendar")


class PageCompressionMiddleware(GZipMiddleware):
    """Packs HTML and calendars for whoever takes it.

    Django adds a random number of bytes to each page, and masks CSRF tokens anew for each, so that lengths tell
    nothing of secrets (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, packed where it is a page or a calendar."""
        is_packed = isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith(_PACKED)
        return super().process_response(request, response) if is_packed else response
