"""Deep links may bring a visitor's name and e-mail address; neither stays in an address, where it would be logged,
bookmarked and passed on. They move into a sealed cookie of the booking pages for an hour.
"""

import json
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from meeting_manager.people.sealing import seal, unseal
from meeting_manager.public.pages import SeeOther, private

COOKIE = "prefill"
_PATH = "/book"
_SECONDS = 3600
_FIELDS = {"name": "customer_name", "email": "customer_email"}
_LONGEST = 254


def moved_into_cookie(request: HttpRequest) -> HttpResponse | None:
    """The answer to a link that carries personal data: the same page without them; None for any other link."""
    given = {name: request.GET[name][:_LONGEST] for name in _FIELDS if request.GET.get(name)}
    if not given:
        return None
    query = request.GET.copy()
    for name in _FIELDS:
        query.pop(name, None)
    clean = f"{request.path}?{query.urlencode()}" if query else request.path
    response = SeeOther(clean)
    response.set_cookie(
        COOKIE,
        seal(json.dumps(given).encode()).decode(),
        max_age=_SECONDS,
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return private(response)


def prefilled(request: HttpRequest) -> dict[str, str]:
    """Values for the fields of the details form, as a deep link brought them."""
    try:
        kept = json.loads(unseal(request.COOKIES.get(COOKIE, "").encode()))
    except ValueError:
        return {}
    given: Mapping[str, str] = kept if isinstance(kept, dict) else {}
    return {field: str(given[name]) for name, field in _FIELDS.items() if name in given}


def forget(response: HttpResponse) -> None:
    """Drop the cookie: what it was for is done."""
    response.delete_cookie(COOKIE, path=_PATH)
