"""The addresses of the API; every one of them answers in its own form, also where there is nothing."""

from collections.abc import Callable
from functools import wraps
from http import HTTPMethod, HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from meeting_manager.api import pages
from meeting_manager.api.replies import problem_reply
from meeting_manager.web.access import Audience, declare
from meeting_manager.web.problems import NOT_FOUND, Problem

View = Callable[..., HttpResponse]


def _in_our_form(view: View) -> View:
    """HEAD as GET, whose body the server leaves out; 405 as a problem document. Cookies count for nothing here, so
    there are no forms to forge either.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **parts: object) -> HttpResponse:
        asked = request.method
        request.method = HTTPMethod.GET if asked == HTTPMethod.HEAD else asked
        response = view(request, *args, **parts)
        request.method = asked
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        detail = f"{asked} is not for this address."
        headers = {"Allow": _with_head(response["Allow"])}
        return problem_reply(Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, headers=headers))

    answer.csrf_exempt = True  # type: ignore[attr-defined] # Django reads it from the function
    return answer


def _with_head(allow: str) -> str:
    methods = set(allow.split(", "))
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def _nothing_here(_: HttpRequest, **__: object) -> HttpResponse:
    return problem_reply(Problem(HTTPStatus.NOT_FOUND, NOT_FOUND))


def _operations() -> list[URLPattern]:
    patterns = [each for each in pages.api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for pattern in patterns:
        pattern.callback = _in_our_form(pattern.callback)
    return patterns


_nothing_here.csrf_exempt = True  # type: ignore[attr-defined] # as above

declare(Audience.ANYBODY, "api/v1/openapi.json", "api/v1/docs", "api/v1/(?P<rest>.*)$")

urlpatterns = [
    path("openapi.json", pages.openapi, name="openapi"),
    path("docs", pages.docs, name="api-docs"),
    *_operations(),
    re_path(r"(?P<rest>.*)$", _nothing_here),
]
