"""Lists a page at a time: an opaque cursor says after which row the next page begins, so that pages stay stable."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from meeting_manager.people.validators import storable

R = TypeVar("R", bound=Model)

DEFAULT_LIMIT, MOST = 50, 200
_LONGEST_CURSOR = 2000
_LARGEST_KEY = 2**63 - 1


def page(
    request: HttpRequest, rows: QuerySet[R], field: str, shape: Callable[[R], dict[str, Any]]
) -> dict[str, object]:
    """One page of `rows`, ordered by `field` and key, each through `shape`; one query, and those that it prefetches.

    Reads `limit` (50, at most 200) and `cursor` of the query. Raises ValidationError.
    """
    limit = _limit(request.GET.get("limit", ""))
    cursor = request.GET.get("cursor", "")
    if cursor:
        rows = _after(rows, field, cursor)
    found = list(rows.order_by(field, "pk")[: limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    return {"results": [shape(row) for row in found[:limit]], "next_cursor": _cursor(more, field) if more else None}


def _limit(given: str) -> int:
    if not given:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= MOST):
        raise ValidationError({"limit": f"Limit must be a whole number between 1 and {MOST}."})
    return int(given)


def _cursor(row: Model, field: str) -> str:
    value = getattr(row, field)
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row.pk])
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _after(rows: QuerySet[R], field: str, cursor: str) -> QuerySet[R]:
    value, key = _read_cursor(cursor, is_datetime=field.endswith(("datetime", "_at")))
    # The first condition alone is what an index can serve.
    return rows.filter(**{f"{field}__gte": value}).filter(Q(**{f"{field}__gt": value}) | Q(pk__gt=key))


def _read_cursor(cursor: str, *, is_datetime: bool) -> tuple[object, int]:
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise ValueError
        value, key = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if type(key) is not int or not 0 <= key <= _LARGEST_KEY or not isinstance(value, str) or not storable(value):
            raise ValueError
        if not is_datetime:
            return value, key
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
    except (ValueError, TypeError, RecursionError) as error:
        raise ValidationError({"cursor": "This cursor is not valid. Please use next_cursor of a page."}) from error
    return moment, key
