"""What every staff page has in common: who may open it, and that nobody keeps it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from meeting_manager.departments.rules import manages_some
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of
from meeting_manager.people.rules import is_system_manager

P = ParamSpec("P")

StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(view: "StaffView[P]") -> "View[P]":
    """A page for the signed-in, whom the view gets; others sign in and come back. What is not there for them is 404."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, cast("User", request.user), *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error

    return login_required(never_cache(answer))


def managers_page(view: "StaffView[P]") -> "View[P]":
    """A staff page for those who manage a department: System Managers and leaders; 403 for others."""

    @wraps(view)
    def answer(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not manages_some(user):
            raise PermissionDenied
        return view(request, user, *args, **kwargs)

    return staff_page(answer)


def system_page(view: "StaffView[P]") -> "View[P]":
    """A staff page for System Managers; 403 for others."""

    @wraps(view)
    def answer(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_system_manager(user):
            raise PermissionDenied
        return view(request, user, *args, **kwargs)

    return staff_page(answer)


def show(request: HttpRequest, page: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """The page `workspace/{page}.html`."""
    return render(request, f"workspace/{page}.html", dict(context), status=status)


def way_back(request: HttpRequest, fallback: str) -> str:
    """Where to go afterwards: the page of ours that `next` in the query names, else `fallback`."""
    wanted = request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else fallback


def zone_of(user: User, fallback: str = "") -> str:
    """The zone in which `user` reads times: their own, else `fallback`, else the site's."""
    return settings_of(user).timezone or fallback or settings.SITE_TIME_ZONE
