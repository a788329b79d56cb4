"""Where a page of a list ends: the value and key of a row as one opaque word, so that pages stay stable while rows come
and go, and the thousandth costs no more than the first."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from meeting_manager.people.validators import storable

R = TypeVar("R", bound=Model)

_LONGEST_CURSOR = 2000
_LARGEST_KEY = 2**63 - 1


def cursor_of(row: Model, field: str) -> str:
    """The place of `row` in a list ordered by `field` and key; `field` is text or a datetime, and may be annotated."""
    value = getattr(row, field)
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row.pk])
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def beyond(rows: QuerySet[R], field: str, cursor: str, *, descending: bool = False) -> QuerySet[R]:
    """Those of `rows` that come after the cursor in the order of `field` and key, or against it with `descending`.

    Raises ValueError for what is no cursor of a list by that field.
    """
    value, key = _read(cursor, is_datetime=field.endswith(("datetime", "_at")))
    side = "lt" if descending else "gt"
    # The first condition alone is what an index can serve.
    return rows.filter(**{f"{field}__{side}e": value}).filter(
        Q(**{f"{field}__{side}": value}) | Q(**{f"pk__{side}": key})
    )


def _read(cursor: str, *, is_datetime: bool) -> tuple[object, int]:
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
    except (TypeError, RecursionError) as error:
        raise ValueError from error
    return moment, key
