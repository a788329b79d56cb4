"""Lists a page at a time: an opaque cursor says after which row the next page begins, so that pages stay stable."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from meeting_manager.web.cursors import beyond, cursor_of

R = TypeVar("R", bound=Model)

DEFAULT_LIMIT, MOST = 50, 200


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
    return {"results": [shape(row) for row in found[:limit]], "next_cursor": cursor_of(more, field) if more else None}


def _limit(given: str) -> int:
    if not given:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= MOST):
        raise ValidationError({"limit": f"Limit must be a whole number between 1 and {MOST}."})
    return int(given)


def _after(rows: QuerySet[R], field: str, cursor: str) -> QuerySet[R]:
    try:
        return beyond(rows, field, cursor)
    except ValueError as error:
        raise ValidationError({"cursor": "This cursor is not valid. Please use next_cursor of a page."}) from error
