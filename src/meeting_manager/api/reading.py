"""Reading what callers send: strict about fields and types, with messages that name the field and the remedy."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pydantic
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from pydantic_core import ErrorDetails

from meeting_manager.api.replies import BadSyntax
from meeting_manager.bookings.validators import EARLIEST, LATEST
from meeting_manager.people.validators import storable

M = TypeVar("M", bound=pydantic.BaseModel)

MALFORMED = "Invalid datetime format for Start or End DateTime."
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DEEPEST = 20
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty one. Raises BadSyntax, ValidationError."""
    if not request.body:
        return {}
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadSyntax("The body is not valid JSON.") from error
    if not isinstance(data, dict):
        raise ValidationError({"body": "The body must be a JSON object."})
    check_object(data)
    return data


def check_object(data: Mapping[str, object]) -> None:
    """Refuse what no database could store, and what is nested too deeply. Raises ValidationError."""
    _require_storable(data, "", _DEEPEST)


def read_as(model: type[M], data: Mapping[str, Any]) -> M:
    """`data` as `model` has it; null is as good as not sent. Raises ValidationError with every refused field, unknown
    ones by name.
    """
    try:
        return model.model_validate(_without_null(data))
    except pydantic.ValidationError as error:
        raise ValidationError(dict(map(_refusal, error.errors()))) from error


def read_body(request: HttpRequest, model: type[M]) -> M:
    """The body as `model` has it. Raises BadSyntax, ValidationError."""
    return read_as(model, read_object(request))


def read_rows(data: dict[str, Any], field: str) -> list[Mapping[str, object]]:
    """Take the list of objects under `field` out of `data`; an empty one where there is none."""
    rows = data.pop(field, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValidationError({field: f"Field '{field}' must be a list of objects."})
    return rows


def read_instant(value: str | None, field: str, label: str) -> datetime:
    """An ISO 8601 datetime, in UTC where it has no offset. Raises ValidationError with the founding messages."""
    if not value:
        raise ValidationError({field: f"{label} is required."})
    return _parse_instant(value, field)


def read_optional_instant(value: str | None, field: str) -> datetime | None:
    """As `read_instant`; None where nothing was sent."""
    return _parse_instant(value, field) if value else None


def read_date(value: str, field: str, label: str) -> date:
    """A date such as 2026-01-31. Raises ValidationError."""
    if not value:
        raise ValidationError({field: f"{label} is required."})
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValidationError({field: f"{label} must be a date such as 2026-01-31."})


def is_date(value: str) -> bool:
    """Whether this looks like a date, not a datetime."""
    return bool(_DATE.fullmatch(value))


def read_flag(value: str, field: str) -> bool | None:
    """true or false out of a query; None where nothing was sent. Raises ValidationError."""
    if not value:
        return None
    if value.lower() not in _FLAGS:
        raise ValidationError({field: f"Field '{field}' must be true or false."})
    return _FLAGS[value.lower()]


def check_query(request: HttpRequest) -> None:
    """Refuse a query that no database could compare with anything. Raises ValidationError."""
    for name, values in request.GET.lists():
        if not all(map(storable, values)):
            raise ValidationError({name: f"Field '{name}' must not contain control characters."})


@contextmanager
def fields_named(names: Mapping[str, str]) -> Iterator[None]:
    """Tell errors under the names by which this request has the fields; what isn't in `names` keeps its own."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        raise ValidationError({names.get(key, key): value for key, value in error.error_dict.items()}) from error


def _parse_instant(value: str, field: str) -> datetime:
    # A plus that was not escaped in a query arrives as a blank.
    text = _LOST_PLUS.sub(r"+\1", value.strip())
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError
        parsed = datetime.fromisoformat(text)
        moment = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
        if not EARLIEST <= moment < LATEST:
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise ValidationError({field: MALFORMED}) from error
    return moment


def _without_null(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _without_null(inner) for key, inner in value.items() if inner is not None}
    return [_without_null(inner) for inner in value] if isinstance(value, list) else value


def _require_storable(value: object, field: str, depth: int) -> None:
    if depth == 0:
        raise ValidationError({field: "The body is nested too deeply."})
    if isinstance(value, str) and not storable(value):
        raise ValidationError({field: f"Field '{field}' must not contain control characters. Please remove them."})
    if isinstance(value, dict):
        for key, inner in value.items():
            name = f"{field}.{key}" if field else key
            _require_storable(key, ascii(key).strip("'"), depth)
            _require_storable(inner, name, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _require_storable(inner, field, depth - 1)


def _refusal(error: ErrorDetails) -> tuple[str, str]:
    field = ".".join(str(part) for part in error["loc"]) or "body"
    if error["type"] == "extra_forbidden":
        return field, f"Field '{field}' cannot be set here. Please leave it out."
    if error["loc"][-1:] in {("start",), ("end",)}:
        return field, MALFORMED
    if error["type"] in {"model_type", "dict_type"}:
        return field, f"Field '{field}' is of the wrong type: an object is expected."
    if error["type"] == "missing":
        return field, f"Field '{field}' is required."
    wanted = error["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return field, f"Field '{field}' is of the wrong type: {wanted} is expected."
