"""A client of /api/resource, as Frappe's are."""

import json
from typing import Any
from urllib.parse import quote

from django.test import Client

from meeting_manager.people.models import User
from tests.api.caller import Api, Reply


def resource(api: Api, method: str, path: str, body: object = None, by: User | None = None, **query: object) -> Reply:
    """`path` is "MM Department" or "MM Department/name"; what of `query` is no text is sent as JSON."""
    headers = {"Authorization": f"Bearer {api.token(by)}"} if by else {}
    asked = {key: value if isinstance(value, str) else json.dumps(value) for key, value in query.items()}
    content = "" if body is None else json.dumps(body)
    response = Client().generic(
        method, f"/api/resource/{quote(path)}", content, "application/json", headers=headers, query_params=asked
    )
    return Reply(response.status_code, json.loads(response.content or b"null"), dict(response.items()))


def told(answer: Reply) -> list[str]:
    """The messages that a Frappe client would show."""
    return [json.loads(one)["message"] for one in json.loads(answer.body["_server_messages"])]


def names(answer: Reply) -> list[Any]:
    """The document names in a list."""
    return [row["name"] for row in answer.body["data"]]
