"""Showing the HTML of a mail: from an address of its own, where it may do nothing and only our pages may frame it."""

from django.http import HttpResponse

# No script, no request to anybody, no forms, an origin of its own. Mails carry their style inside, as mail programs
# want it. The middlewares that set these headers everywhere else leave alone what is there.
_HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex",
}


def framed(html: str) -> HttpResponse:
    """The response for the frame in which a page shows `html`, which may come from anybody."""
    return HttpResponse(html, headers=_HEADERS)
