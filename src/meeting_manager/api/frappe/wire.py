"""Frappe's wire format: arguments from query, form or JSON; `{"message": …}`; errors by exception type; naive UTC."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from ninja.errors import AuthenticationError

from meeting_manager.api.reading import read_object
from meeting_manager.api.replies import NO_STORE, BadSyntax
from meeting_manager.people.validators import storable
from meeting_manager.web.problems import Problem, problem_of

EXPECTATION_FAILED = HTTPStatus.EXPECTATION_FAILED
_TYPES = {
    HTTPStatus.UNAUTHORIZED: "AuthenticationError",
    HTTPStatus.FORBIDDEN: "PermissionError",
    HTTPStatus.NOT_FOUND: "DoesNotExistError",
    HTTPStatus.TOO_MANY_REQUESTS: "RateLimitExceededError",
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")

Arguments = Mapping[str, Any]


def read_arguments(request: HttpRequest) -> Arguments:
    """All arguments of a call; the body wins over the query. Raises BadSyntax, ValidationError."""
    given: dict[str, Any] = dict(request.GET.items())
    if request.content_type == "application/json" or not request.POST:
        if request.content_type in {"application/json", "text/plain", ""}:
            given |= read_object(request)
        elif request.content_type == "application/x-www-form-urlencoded":  # a PUT, whose form Django leaves alone
            given |= dict(QueryDict(request.body).items())
    else:
        given |= dict(request.POST.items())
    for name, value in given.items():
        if isinstance(value, str) and not storable(value):
            raise ValidationError({name: f"Argument '{name}' must not contain control characters."})
    return given


def text(given: Arguments, name: str, *, required: str = "") -> str:
    """An argument that is text; `required` is the label by which a missing one is asked for. Raises ValidationError."""
    value = given.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise ValidationError({name: f"Argument '{name}' must be text."})
    if required and not value.strip():
        raise ValidationError({name: f"{required} is required."})
    return value


def mapping(given: Arguments, name: str) -> Arguments:
    """An argument that is an object, or the JSON text of one, as forms send it; its fields may be anything. Raises
    ValidationError."""
    value = given.get(name) or {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, dict):
        raise ValidationError({name: f"Argument '{name}' must be an object."})
    return value


def texts(given: Arguments, name: str, *fields: str) -> dict[str, str]:
    """These fields of an argument that is an object as text, empty where they are missing. Raises ValidationError."""
    values = {field: "" if given.get(field) is None else given[field] for field in fields}
    if not all(isinstance(one, str) and storable(one) for one in values.values()):
        raise ValidationError({name: f"Every field of '{name}' must be text without control characters."})
    return values


def naive(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON with instants and flags as Frappe writes them: "2025-12-10 14:00:00" in UTC, 1 and 0."""
    if isinstance(value, dict):
        return {key: naive(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [naive(inner) for inner in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return value


def message(body: object, warnings: Sequence[str] = (), status: int = HTTPStatus.OK) -> HttpResponse:
    """A result; warnings are the messages that Frappe shows in orange."""
    answer: dict[str, object] = {"message": body}
    if warnings:
        answer["_server_messages"] = _server_messages(warnings, "orange")
    return _json(answer, status)


def data(body: object, warnings: Sequence[str] = (), status: int = HTTPStatus.OK) -> HttpResponse:
    """Documents, as Frappe's resources answer with them; warnings as of `message`."""
    answer: dict[str, object] = {"data": body}
    if warnings:
        answer["_server_messages"] = _server_messages(warnings, "orange")
    return _json(answer, status)


def failure(error: Exception) -> HttpResponse:
    """What Frappe answers to an exception; raises what is a mistake of ours."""
    problem = _problem(error)
    if problem is None:
        raise error
    kind = _TYPES.get(problem.status, "ValidationError")
    status = problem.status if kind != "ValidationError" else EXPECTATION_FAILED
    exception = f"frappe.exceptions.{kind}: {problem.detail}"
    messages = [text for _, text in problem.errors] or [problem.detail]
    body = {
        "exc_type": kind,
        "exception": exception,
        "exc": json.dumps([exception]),
        "_server_messages": _server_messages(messages, "red"),
    }
    return _json(body, status, problem.headers)


def _problem(error: Exception) -> Problem | None:
    if isinstance(error, AuthenticationError):
        return Problem(HTTPStatus.UNAUTHORIZED, str(error), headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, BadSyntax):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    return problem_of(error)


def _server_messages(messages: Sequence[str], indicator: str) -> str:
    shown = [{"message": text, "title": "Message", "indicator": indicator} for text in messages]
    if indicator == "red":
        shown = [{**one, "raise_exception": 1} for one in shown]  # type: ignore[dict-item] # a number among texts
    return json.dumps([json.dumps(one) for one in shown])


def _json(body: object, status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json", headers={**NO_STORE, **(headers or {})})
