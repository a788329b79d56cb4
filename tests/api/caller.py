"""A caller of the API that takes the description at its word: every answer must be one that it documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jsonschema_rs
from django.test import Client
from django.utils import timezone

from meeting_manager.api import pages
from meeting_manager.people.models import User
from meeting_manager.people.services import create_token

V1 = "/api/v1"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """The errors of a problem document by field."""
        return {error["field"]: error["message"] for error in self.body["errors"]}


@cache
def description() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(pages.api.get_openapi_schema(path_prefix="api/v1/")))
    return document


@cache
def validator(reference: str) -> jsonschema_rs.Validator:
    schema = json.loads(reference)
    return jsonschema_rs.validator_for({**schema, "components": description()["components"]})


def documented(method: str, path: str) -> dict[str, Any] | None:
    """What the description says of a request, of HEAD as of GET; a literal path goes before one with parameters."""
    asked = "get" if method == "HEAD" else method.lower()
    parts = path.split("/")
    for pattern, operations in sorted(description()["paths"].items(), key=lambda item: item[0].count("{")):
        names = pattern.split("/")
        fits = len(names) == len(parts) and all(
            name == part or name.startswith("{") for name, part in zip(names, parts, strict=True)
        )
        if fits and asked in operations:
            found: dict[str, Any] = operations[asked]
            return found
    return None


@dataclass
class Api:
    """Calls the API as a guest, or with `by=user` as that user."""

    client: Client = field(default_factory=Client)
    tokens: dict[int, str] = field(default_factory=dict)

    def token(self, user: User) -> str:
        if user.pk not in self.tokens:
            _, self.tokens[user.pk] = create_token(actor=user, user=user, now=timezone.now())
        return self.tokens[user.pk]

    def __call__(self, method: str, path: str, body: object = None, *, by: User | None = None, **headers: str) -> Reply:
        if by is not None:
            headers["Authorization"] = f"Bearer {self.token(by)}"
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        response = self.client.generic(
            method,
            V1 + path,
            content if body is not None else b"",
            "application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        text = response.content.decode()
        parsed = json.loads(text) if text else None
        self._check(method, V1 + path.partition("?")[0], response.status_code, response.get("Content-Type", ""), parsed)
        return Reply(response.status_code, parsed, dict(response.items()))

    def _check(self, method: str, path: str, status: int, kind: str, parsed: object) -> None:
        operation = documented(method, path)
        if operation is None:
            assert status in {404, 405}
            return
        answer = operation["responses"].get(str(status))
        assert answer is not None, f"{method} {path} answered {status}, which is not documented: {parsed}"
        if parsed is None:
            assert method == "HEAD" or "content" not in answer
            return
        assert kind in answer["content"], f"{method} {path} answered {kind}"
        errors = list(validator(json.dumps(answer["content"][kind]["schema"])).iter_errors(parsed))
        assert not errors, f"{method} {path} {status}: {[error.message for error in errors]} {parsed}"

    def get(self, path: str, *, by: User | None = None, **headers: str) -> Reply:
        return self("GET", path, by=by, **headers)

    def post(self, path: str, body: object = None, *, by: User | None = None, **headers: str) -> Reply:
        return self("POST", path, {} if body is None else body, by=by, **headers)

    def patch(self, path: str, body: object, *, by: User | None = None) -> Reply:
        return self("PATCH", path, body, by=by)

    def put(self, path: str, body: object, *, by: User | None = None) -> Reply:
        return self("PUT", path, body, by=by)

    def delete(self, path: str, *, by: User | None = None) -> Reply:
        return self("DELETE", path, by=by)

    def slots(self, meeting_type: str = "30-min-call", department: str = "support") -> list[dict[str, Any]]:
        """The offered times of the coming two weeks, without the next two days."""
        today = timezone.now().date()
        query = f"from={today + timedelta(days=2)}&to={today + timedelta(days=14)}"
        found = self.get(f"/slots?department={department}&meeting_type={meeting_type}&{query}")
        slots: list[dict[str, Any]] = found.body["slots"]
        return slots

    def book(self, start: str = "", email: str = "ada@customer.example", **more: object) -> Reply:
        """A guest's booking of a call with Support, at the first offered time unless told."""
        return self.post("/bookings", guest_body(start or self.slots()[0]["start"], email, **more))


def guest_body(start: str, email: str = "ada@customer.example", **more: object) -> dict[str, Any]:
    customer = {"name": "Ada Muster", "email": email, "phone": "+49 30 901820"}
    return {"department": "support", "meeting_type": "30-min-call", "start": start, "customer": customer, **more}


def moment(text: str) -> datetime:
    """An instant out of an answer."""
    return datetime.fromisoformat(text)
