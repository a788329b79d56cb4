"""What every guest page has in common: how it is rendered, kept, and what it answers when it is refused."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject

from meeting_manager.bookings import when
from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.public.forms import LookupForm
from meeting_manager.public.guests import NotOpened
from meeting_manager.public.looks import look_of
from meeting_manager.public.month import Month
from meeting_manager.web.limits import LimitReached

P = ParamSpec("P")

ANYBODY = AnonymousUser()

_KEPT_SECONDS = 60

View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class SeeOther(HttpResponseRedirect):
    """The answer to a form that did what it was for: look there, and reloading repeats nothing."""

    status_code = 303


def guest_page(view: "View[P]") -> "View[P]":
    """A page for anybody: nothing of it is kept by caches, and what may go wrong has a page that explains it."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _answer(lambda: view(request, *args, **kwargs), request, kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer


def private(response: HttpResponse) -> HttpResponse:
    """The response with what keeps a page with personal data out of caches and search engines."""
    patch_cache_control(response, private=True, no_cache=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def show(request: HttpRequest, page: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """The page `public/{page}.html`, in the look of the department that its context is about."""
    look = SimpleLazyObject(partial(look_of, context))  # parts of pages need none
    return render(request, f"public/{page}.html", {"look": look, **context}, status=status)


def show_picker(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, is_private: bool = False
) -> HttpResponse:
    """The page `public/{page}.html` around the `month` of the context, or for its script the picker of it alone.

    The script fetches the next month before it is asked for, so that browsers keep a picker for a minute. A picker
    holds no personal data; whether the page around it does, `is_private` says.
    """
    month: Month = context["month"]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if month.wish.problems else HTTPStatus.OK
    shown = {**context, "zones": when.zone_choices(), "zone_query": quote(month.wish.zone, safe="")}
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    response = show(request, "picker" if is_part else page, shown, status)
    # Back and Forward ask for a whole page with both headers, where browsers may have kept a picker asked for with one.
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    if is_part:
        patch_cache_control(response, private=True, max_age=_KEPT_SECONDS)
        return response
    return private(response) if is_private else response


def not_opened(request: HttpRequest, reference: str) -> HttpResponse:
    """404 with a way on: the form that opens a booking by reference and e-mail."""
    form = LookupForm(initial={"reference": reference})
    return private(show(request, "not_opened", {"form": form}, status=404))


def not_offered(request: HttpRequest, department: str, meeting_type: str = "") -> HttpResponse:
    """404 with a way on: a department or type that is closed for now, or one that guests never heard of."""
    try:
        team = departments.get_for(ANYBODY, department)
    except Department.DoesNotExist:
        context: dict[str, object] = {"closed": departments.resting_department(department)}
    else:
        context = {"department": team, "kind": departments.resting_type(team, meeting_type)}
    return show(request, "not_offered", context, status=HTTPStatus.NOT_FOUND)


def _answer(view: Callable[[], HttpResponse], request: HttpRequest, names: Mapping[str, Any]) -> HttpResponse:
    try:
        return view()
    except (Department.DoesNotExist, MeetingType.DoesNotExist):
        return not_offered(request, names.get("department", ""), names.get("meeting_type", ""))
    except NotOpened as error:
        return not_opened(request, error.reference)
    except LimitReached as error:
        response = render(request, "429.html", {"minutes": -(-error.retry_after // 60)}, status=429)
        response["Retry-After"] = str(error.retry_after)
        return response
