"""Structured logs without personal data: what happened, where and how long it took; never who, nor what was sent."""

import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, WrappedLogger

QUIET_PATHS = frozenset({"/healthz", "/readyz"})
MAIL_ADDRESS = re.compile(r"[^\s<>@\"'(),:;=]+@[^\s<>@\"'(),:;=]+")

log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """One entry for each request: its route, not its path: paths and query strings hold references and tokens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the request's id in X-Request-ID. Effect: everything logged meanwhile carries that id."""
        identity = uuid.uuid4().hex[:16]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=identity):
            response = self._get_response(request)
            if request.path not in QUIET_PATHS:
                _log_request(request, response, time.perf_counter() - began)
        response["X-Request-ID"] = identity
        return response


def _log_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    write = log.error if response.status_code >= 500 else log.info
    write(
        "request",
        method=request.method,
        route=match.route if match else "(no route)",
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )


def log_failure(**_: object) -> None:
    """Log the exception a view failed with: its kind and places, not its message, which may quote what people typed."""
    log.error("request failed", **failure(sys.exc_info()[1]))


def failure(error: BaseException | None) -> dict[str, Any]:
    """The kind of an exception, and the places it came through, innermost last."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    places = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places[-12:]}


def without_mail_addresses(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """Blank e-mail addresses wherever they slipped into an entry."""
    return {key: _blank(value) for key, value in entry.items()}


def _blank(value: object) -> object:
    if isinstance(value, str):
        return MAIL_ADDRESS.sub("[address]", value)
    if isinstance(value, list | tuple):
        return [_blank(part) for part in value]
    return value


def without_messages_of_exceptions(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """Replace ``exc_info`` by the kind and places of the exception."""
    given = entry.pop("exc_info", None)
    if given:
        error = (
            given if isinstance(given, BaseException) else (given[1] if isinstance(given, tuple) else sys.exc_info()[1])
        )
        entry.update(failure(error))
    return entry


def configure(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for entries of structlog and of everybody else alike. Effect: configures structlog."""
    people = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_messages_of_exceptions,
        without_mail_addresses,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    got_request_exception.connect(log_failure, dispatch_uid="meeting_manager.log_failure")
    return _dict_config(shared, _renderer(people), level)


def _renderer(people: bool) -> Any:  # noqa: ANN401 - structlog's renderers share no type
    if people:
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer()


def _dict_config(shared: list[Any], renderer: Any, level: str) -> dict[str, Any]:  # noqa: ANN401
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.PositionalArgumentsFormatter(), *shared],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Their entries quote paths, names and addresses; the request log and the failure log say the rest.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "CRITICAL"},
            "axes": {"level": "CRITICAL"},
            "django.utils.autoreload": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},  # whole addresses, which may hold tokens
            # What goes wrong there is a lost database, which the worker logs once, and mends.
            "procrastinate": {"level": "CRITICAL"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }
