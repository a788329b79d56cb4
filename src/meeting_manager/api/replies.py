"""Answers: JSON, and problem documents (RFC 9457) for what went wrong."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError

from meeting_manager.api.writing import instant
from meeting_manager.web.problems import Problem, problem_of

PROBLEM_TYPE = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store"}


class BadSyntax(Exception):  # noqa: N818 - it says what is wrong
    """A body that is no JSON at all."""


def reply(body: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """`body` as JSON; nobody between us and the caller may keep it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return reply_text(text, status, headers)


def reply_text(text: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A body that is JSON already."""
    return HttpResponse(text, status=status, content_type="application/json", headers={**NO_STORE, **(headers or {})})


def nothing() -> HttpResponse:
    """204: done, and nothing to say."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=NO_STORE)


def problem_reply(problem: Problem) -> HttpResponse:
    """The problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "errors": [{"field": field, "message": message} for field, message in problem.errors],
    }
    if problem.alternatives is not None:
        body["alternatives"] = [{"start": instant(start), "end": instant(end)} for start, end in problem.alternatives]
    text = json.dumps(body, ensure_ascii=False)
    headers = {**NO_STORE, **problem.headers}
    return HttpResponse(text, status=problem.status, content_type=PROBLEM_TYPE, headers=headers)


def on_exception(_: HttpRequest, error: Exception) -> HttpResponse:
    """The problem document of an exception; raises what is none, so that it is logged as the mistake it is."""
    problem = _http_problem(error) or problem_of(error)
    if problem is None:
        raise error
    return problem_reply(problem)


def _http_problem(error: Exception) -> Problem | None:
    if isinstance(error, AuthenticationError):
        return Problem(HTTPStatus.UNAUTHORIZED, str(error), headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, BadSyntax):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    return None
