"""What Google publishes of its Calendar API, which google-api-python-client ships, as a judge over calls."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

Json = dict[str, Any]

_COMMON = {"fields", "alt", "prettyPrint", "key"}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "any": object,
}


@cache
def document() -> Json:
    """The discovery document of Google Calendar v3."""
    source = files("googleapiclient") / "discovery_cache" / "documents" / "calendar.v3.json"
    found: Json = json.loads(source.read_text())
    return found


@cache
def _methods() -> tuple[tuple[str, "re.Pattern[str]", Json], ...]:
    return tuple(
        (method["httpMethod"], re.compile(re.sub(r"\\?\{[^}]*\\?\}", "[^/]+", method["path"])), method)
        for resource in document()["resources"].values()
        for method in resource["methods"].values()
    )


def check(verb: str, path: str, query: Json, body: Json | None, status: int, answer: Json | None) -> None:
    """Raise AssertionError unless the document knows this request, its parameters, and all fields of both bodies."""
    known = [method for http, pattern, method in _methods() if http == verb and pattern.fullmatch(path)]
    assert known, f"{verb} {path} is not published"
    method = known[0]
    for name, value in query.items():
        told = method["parameters"].get(name)
        assert told or name in _COMMON, f"{name} is no parameter of {method['id']}"
        assert not told or "enum" not in told or value in told["enum"], f"{name}={value}"
    if body is not None:
        assert "request" in method, f"{method['id']} takes no body"
        _fits(body, {"$ref": method["request"]["$ref"]}, method["id"])
    if answer is not None and status < 300:
        _fits(answer, {"$ref": method["response"]["$ref"]}, method["id"])


def _fits(value: Any, schema: Json, where: str) -> None:  # noqa: ANN401 - any JSON
    if "$ref" in schema:
        schema = document()["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "object":
        assert isinstance(value, dict), where
        for name, inner in value.items():
            told = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            assert told, f"{where}.{name} is not published"
            _fits(inner, told, f"{where}.{name}")
    elif kind == "array":
        assert isinstance(value, list), where
        for each in value:
            _fits(each, schema["items"], where)
    else:
        assert isinstance(value, _TYPES[kind]), f"{where}: {value!r} is no {kind}"
