"""The OpenAPI description, and the API that writes it."""

from http import HTTPStatus
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

import meeting_manager
from meeting_manager.api.operations import BODY_MODEL, bodies, router
from meeting_manager.api.replies import PROBLEM_TYPE, on_exception

REFS = "#/components/schemas/{model}"
FIRST_PROBLEM = 400
SUBJECTS = (
    "public",
    "bookings",
    "changes",
    "participants",
    "deliveries",
    "departments",
    "texts",
    "logos",
    "meeting_types",
    "users",
    "feeds",
    "availability",
    "calendars",
    "calendar_events",
    "analytics",
    "privacy",
)
"""The modules of `routes`, in the order of the description; importing one registers its operations."""

ABOUT = """Scheduling for teams: guests book, staff decide.

Datetimes are ISO 8601; without an offset they are read as UTC. Errors are RFC 9457 problem documents. Lists take
`limit` (50, at most 200) and `cursor`, and answer `{"results": […], "next_cursor": …}`. HEAD works wherever GET does.
Guests need no account; everybody else sends `Authorization: Bearer` and a token, which carries its user's rights.
`department` and `meeting_type` are slugs or document names, users are their e-mail addresses. What is wrong is told in
this order: 401, 404 and 403 (rights), 409 (a change that is not possible now), 422 (rules). `warnings` beside a result
never stopped anything."""


class DescribedApi(NinjaAPI):
    """Ninja's API, whose description tells bodies that views read themselves, and problems by their own type."""

    def get_openapi_schema(self, *args: Any, **options: Any) -> OpenAPISchema:  # noqa: ANN401 - ninja's own signature
        """The description of everything under /api/v1."""
        schema = super().get_openapi_schema(*args, **options)
        schemas = schema["components"]["schemas"]
        for operations in schema["paths"].values():
            for operation in operations.values():
                _describe_body(operation, schemas)
                _describe_problems(operation)
        schema["components"]["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer"}}
        return schema

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:  # noqa: ANN401
        """Problem documents for everything that went wrong as it may."""
        return on_exception(request, exc)


def _describe_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    name = operation.pop(BODY_MODEL, None)
    if name is None:
        return
    described = bodies[name].model_json_schema(ref_template=REFS)
    schemas.update(described.pop("$defs", {}))
    schemas[name] = described
    ref = {"$ref": REFS.format(model=name)}
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref}}}


def _describe_problems(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= FIRST_PROBLEM and "content" in response:
            (content,) = response["content"].values()
            response["content"] = {PROBLEM_TYPE: content}
        if int(status) == HTTPStatus.TOO_MANY_REQUESTS:
            response["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}


def make_api() -> DescribedApi:
    """The API with all its operations."""
    api = DescribedApi(
        title="Meeting Manager",
        version=meeting_manager.__version__,
        description=ABOUT,
        urls_namespace="api",
        docs_url=None,
        openapi_url=None,
    )
    for subject in SUBJECTS:
        import_module(f"meeting_manager.api.routes.{subject}")
    api.add_router("", router)
    return api
