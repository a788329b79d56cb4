"""Lists of documents: which fields, which rows, in which order, how many."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.frappe.documents.filters import Filter, column, conditions, read_filters
from meeting_manager.people.models import User

DEFAULT_LENGTH, MOST = 20, 500
_FURTHEST = 1_000_000
_KNOWN = frozenset(
    {
        "fields",
        "filters",
        "or_filters",
        "order_by",
        "limit",
        "limit_start",
        "limit_page_length",
        "as_dict",
        "debug",
        "doctype",
    }
)
_DIRECTIONS = {"asc": "", "desc": "-"}
_TRUE, _FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is to be. `order` are (column, "-" or "")."""

    fields: tuple[str, ...]
    filters: list[Filter]
    or_filters: list[Filter]
    order: list[tuple[str, str]]
    start: int
    length: int
    as_dict: bool

    @property
    def columns(self) -> set[str]:
        """All that decides which rows are there, and where."""
        return {name for name, _, _ in [*self.filters, *self.or_filters]} | {name for name, _ in self.order}


def read_asked(given: Mapping[str, object], doctype: Doctype) -> Asked:
    """The list that a query asks for. Raises ValidationError."""
    for name in given.keys() - _KNOWN:
        shown = ascii(name)[1:-1][:80]
        raise ValidationError({name: f"Argument '{shown}' is unknown. Lists take {', '.join(sorted(_KNOWN))}."})
    length = _number(given, "limit_page_length", _number(given, "limit", DEFAULT_LENGTH))
    if length > MOST:
        raise ValidationError({"limit_page_length": f"A list has {MOST} documents at most. Please ask for fewer."})
    return Asked(
        fields=_fields(_parsed(given, "fields"), doctype),
        filters=read_filters(_parsed(given, "filters") or [], doctype),
        or_filters=read_filters(_parsed(given, "or_filters") or [], doctype),
        order=_order(given.get("order_by") or "", doctype),
        start=_number(given, "limit_start", 0),
        length=length or MOST,
        as_dict=_flag(given, "as_dict"),
    )


def read_list(doctype: Doctype, reader: User, asked: Asked) -> tuple[list[Any], bool]:
    """The rows, and whether there are more; a fixed number of queries. Raises ValidationError."""
    rows = _narrowed(doctype, reader, asked)
    order = [f"{direction}{doctype.columns[name]}" for name, direction in asked.order]
    found = list(rows.order_by(*order, "pk")[asked.start : asked.start + asked.length + 1])
    shape = doctype.listed(reader)
    shown = [_picked(shape(row), asked) for row in found[: asked.length]]
    return shown, len(found) > asked.length


def _narrowed(doctype: Doctype, reader: User, asked: Asked) -> QuerySet[Any]:
    rows = doctype.rows(reader)
    if doctype.open_columns is not None and asked.columns - doctype.open_columns:
        # Else the filter itself would tell what the reader may not see.
        rows = rows.filter(doctype.own(reader))
    for one in conditions(asked.filters, doctype, rows.model):
        rows = rows.filter(one)
    if asked.or_filters:
        rows = rows.filter(reduce(or_, conditions(asked.or_filters, doctype, rows.model), Q()))
    return rows


def _picked(shown: Json, asked: Asked) -> Json | list[Any]:
    values = {field: shown[field] for field in asked.fields}
    return values if asked.as_dict else list(values.values())


def _fields(given: object, doctype: Doctype) -> tuple[str, ...]:
    if given is None:
        return ("name",)
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given) or not given:
        raise ValidationError({"fields": 'Fields must be a list of names, such as ["name"], or ["*"].'})
    if "*" in given:
        return doctype.fields
    return tuple(dict.fromkeys(_field(one, doctype) for one in given))


def _field(given: str, doctype: Doctype) -> str:
    name = given.rpartition(".")[2].strip("`")
    if name in doctype.tables or name in doctype.only_single:
        raise ValidationError({"fields": f"Field '{name}' is in single documents only. Please read them by name."})
    if name not in doctype.fields or given not in {name, f"`{name}`", f"`tab{doctype.name}`.`{name}`"}:
        shown = ascii(given)[1:-1][:80]
        raise ValidationError(
            {"fields": f"{doctype.name} has no field '{shown}'. Please use: {', '.join(doctype.fields)}."}
        )
    return name


def _order(given: object, doctype: Doctype) -> list[tuple[str, str]]:
    if not isinstance(given, str):
        raise ValidationError({"order_by": "Order must be text such as 'name asc'."})
    found = []
    for part in filter(None, (part.strip() for part in given.split(","))):
        name, direction = part, "asc"
        if part.rpartition(" ")[2].lower() in _DIRECTIONS:
            name, _, direction = part.rpartition(" ")
        found.append((column(name.strip(), doctype), _DIRECTIONS[direction.lower()]))
    return found


def _parsed(given: Mapping[str, object], name: str) -> object:
    value = given.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        parsed: object = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValidationError({name: f"Argument '{name}' must be JSON."}) from error
    return parsed


def _number(given: Mapping[str, object], name: str, otherwise: int) -> int:
    value = given.get(name)
    if value in (None, "", "None", "null"):
        return otherwise
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(_FURTHEST))):
        raise ValidationError({name: f"Argument '{name}' must be a whole number."})
    return min(int(value), _FURTHEST)


def _flag(given: Mapping[str, object], name: str) -> bool:
    value = str(given.get(name, "1")).lower()
    if value not in _TRUE | _FALSE:
        raise ValidationError({name: f"Argument '{name}' must be 1 or 0."})
    return value in _TRUE
