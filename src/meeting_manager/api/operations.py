"""How an operation is put on the map: its path, who may use it, what goes in, what comes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from meeting_manager.api.caller import bearer, guest_or_bearer
from meeting_manager.api.schemas.outputs import Problem
from meeting_manager.web.access import Audience, declare

PREFIX = "api/v1"
BODY_MODEL = "x-body-model"
"""Where an operation keeps the model of its body until the description is written."""

View = TypeVar("View", bound=Callable[..., HttpResponse])

_OPEN = frozenset({Audience.ANYBODY, Audience.GUEST_WITH_REFERENCE})
_BODY_PROBLEMS = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_OF_ALL = (HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)

_FILE = {"schema": {"type": "string", "format": "binary"}}
_NO_OTHER: Mapping[int, object] = {}

Parameter = Mapping[str, object]

PAGED: Sequence[Parameter] = (
    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
    {"in": "query", "name": "cursor", "schema": {"type": "string"}, "description": "next_cursor of the page before"},
)
PROOF: Sequence[Parameter] = (
    {"in": "query", "name": "token", "schema": {"type": "string"}, "description": "of the booking's link"},
    {"in": "query", "name": "email", "schema": {"type": "string"}, "description": "the customer's"},
)
IDEMPOTENCY_KEY: Parameter = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "the same key and body have their effect once within 24 hours, and the same answer",
}
"""Parameters that the views read themselves."""

router = Router()
"""One for all: of two routers with the same path, ninja asks the first only."""

bodies: dict[str, type[BaseModel]] = {}
"""The models of bodies by name, for the components of the description."""


class Operations:
    """The operations of one subject. Bodies are read by the views, so that rights are checked before anything else."""

    def __init__(self, tag: str) -> None:
        """A new subject; `tag` is its name in the description."""
        self.tag = tag

    def add(
        self,
        method: str,
        path: str,
        audience: Audience,
        answer: object,
        *problems: int,
        status: int = HTTPStatus.OK,
        or_else: Mapping[int, object] = _NO_OTHER,
        takes: type[BaseModel] | None = None,
        takes_file: Iterable[str] = (),
        parameters: Sequence[Parameter] = (),
    ) -> Callable[[View], View]:
        """Register a view; `answer` is the model of its success, `problems` the statuses it may fail with besides
        401, 422 and 503 that all have; `or_else` are other successes, by status. `takes_file` are the media types of a
        body that is a file.
        """
        declare(audience, f"{method} {PREFIX}{path}".replace("{", "<").replace("}", ">"))
        failures = {
            int(one): Problem for one in (*_OF_ALL, *problems, *(_BODY_PROBLEMS if takes or takes_file else ()))
        }
        extra: dict[str, Any] = {"security": [{}, {"Bearer": []}] if audience in _OPEN else [{"Bearer": []}]}
        if parameters:
            extra["parameters"] = [dict(one) for one in parameters]
        if takes:
            bodies[takes.__name__] = takes
            extra[BODY_MODEL] = takes.__name__
        if takes_file:
            extra["requestBody"] = {"required": True, "content": dict.fromkeys(takes_file, _FILE)}

        def register(view: View) -> View:
            router.api_operation(
                [method],
                path,
                tags=[self.tag],
                auth=guest_or_bearer if audience in _OPEN else bearer,
                response={int(status): answer, **or_else, **failures},
                operation_id=getattr(view, "__name__", ""),
                openapi_extra=extra,
            )(view)
            return view

        return register
