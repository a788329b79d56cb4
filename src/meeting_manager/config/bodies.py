"""Reading to its end what a request sends, also where the answer needed none of it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

_PIECE = 64 * 1024
_MOST = 16 * 1024 * 1024
"""Beyond this it is cheaper to lose the connection."""


class ReadBodyMiddleware:
    """Reads what is left of a body before the answer goes out.

    The web server closes a connection on which a body was left unread, and mostly without saying so: the client's next
    request on it would fail. A refusal (401, 403, 404) is often made without looking at the body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Effect: consumes the request's stream."""
        response = self._get_response(request)
        try:
            for _ in range(0, _MOST, _PIECE):
                if not request.read(_PIECE):
                    break
        except (OSError, UnreadablePostError):
            pass  # the client is gone; its answer goes nowhere anyway
        return response
