"""Child tables as clients send them: with what Frappe adds to each row, which says nothing here."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from meeting_manager.api.frappe.documents.doctype import Json
from meeting_manager.api.reading import read_rows

MOST_ROWS = 500
_ADDED = frozenset(
    {"doctype", "idx", "name", "owner", "creation", "modified", "modified_by", "parent", "parentfield", "parenttype"}
    | {"docstatus", "__islocal", "__unsaved"}
)


def take_rows(fields: Json, table: str, *, without: frozenset[str] = frozenset()) -> list[dict[str, Any]] | None:
    """Take a child table out of `fields`; None where it was not sent. `without`: what the system keeps in each row and
    clients send back. Raises ValidationError.
    """
    if table not in fields:
        return None
    rows = read_rows(fields, table)
    if len(rows) > MOST_ROWS:
        raise ValidationError({table: f"Table '{table}' can have {MOST_ROWS} rows at most."})
    return [_bare(row, without) for row in rows]


def _bare(row: Mapping[str, object], without: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _ADDED and key not in without}
