"""Frappe's filters, as lists or as an object, made into conditions."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q

from meeting_manager.api.frappe.documents.doctype import Doctype
from meeting_manager.api.frappe.documents.values import is_text, reader_for, text_of

MOST_FILTERS = 50
MOST_VALUES = 500

_QUOTED = re.compile(r"^(?:`?tab(?P<doctype>[^`.]+)`?\.)?`?(?P<field>\w+)`?$")

Filter = tuple[str, str, object]
"""Field, operator, value."""


def read_filters(given: object, doctype: Doctype) -> list[Filter]:
    """The filters in `given`: a list of `[field, operator, value]`, `[doctype, field, operator, value]` or
    `[field, value]`, or an object of `field: value` and `field: [operator, value]`. Raises ValidationError.
    """
    if isinstance(given, Mapping):
        found = [_of_pair(field, value) for field, value in given.items()]
    elif isinstance(given, list):
        rows = [given] if given and all(isinstance(part, str) for part in given[:2]) and len(given) > 1 else given
        found = [_of_row(row, doctype) for row in rows]
    else:
        raise _refused("must be a list of [field, operator, value], or an object.")
    if len(found) > MOST_FILTERS:
        raise _refused(f"can be {MOST_FILTERS} at most.")
    return [(column(field, doctype), operator, value) for field, operator, value in found]


def column(given: str, doctype: Doctype) -> str:
    """The column that `given` names, perhaps as "`tabDoctype`.`field`". Raises ValidationError."""
    found = _QUOTED.match(given)
    name = found["field"] if found else given
    if not found or found["doctype"] not in {None, doctype.name} or name not in doctype.columns:
        known = ", ".join(doctype.columns)
        raise ValidationError(
            {"filters": f"{doctype.name} cannot be searched or sorted by '{ascii(given)[1:-1][:80]}'. Use: {known}."}
        )
    return name


def condition(one: Filter, doctype: Doctype, model: type[Model]) -> Q:
    """One filter as a condition. Raises ValidationError."""
    name, operator, value = one
    make = _OPERATORS.get(operator.strip().lower())
    if make is None:
        raise _refused(f"know the operators {', '.join(_OPERATORS)}.")
    return make(doctype.columns[name], doctype.field_behind(name, model), name, value)


def _of_pair(field: object, value: object) -> Filter:
    if not isinstance(field, str):
        raise _refused("name their fields by text.")
    if isinstance(value, list):
        if len(value) != 2 or not isinstance(value[0], str):
            raise _refused("of an object are 'field: value' or 'field: [operator, value]'.")
        return field, value[0], value[1]
    return field, "=", value


def _of_row(row: object, doctype: Doctype) -> Filter:
    if not isinstance(row, list) or not 2 <= len(row) <= 5:
        raise _refused("in a list are [field, operator, value].")
    parts = row[1:] if len(row) >= 4 else row
    if len(row) >= 4 and row[0] != doctype.name:
        raise _refused(f"can name no other doctype than {doctype.name}.")
    field, operator, value = (parts[0], "=", parts[1]) if len(parts) == 2 else parts[:3]
    if not isinstance(field, str) or not isinstance(operator, str):
        raise _refused("have a field and an operator that are text.")
    return field, operator, value


Make = Callable[[str, "Field[Any, Any]", str, object], Q]


def _compared(lookup: str, *, is_end: bool = False) -> Make:
    def make(path: str, field: "Field[Any, Any]", name: str, value: object) -> Q:
        return Q(**{f"{path}{lookup}": reader_for(field, is_end=is_end)(name, value)})

    return make


def _not(make: Make) -> Make:
    return lambda path, field, name, value: ~make(path, field, name, value)


def _among(path: str, field: "Field[Any, Any]", name: str, value: object) -> Q:
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise ValidationError({name: f"Filter '{name}' needs a list of at most {MOST_VALUES} values."})
    read = reader_for(field)
    return Q(**{f"{path}__in": [read(name, one.strip() if isinstance(one, str) else one) for one in values]})


def _between(path: str, field: "Field[Any, Any]", name: str, value: object) -> Q:
    if not isinstance(value, list) or len(value) != 2:
        raise ValidationError({name: f"Filter '{name}' needs a list of two values, from and to."})
    low, high = reader_for(field)(name, value[0]), reader_for(field, is_end=True)(name, value[1])
    return Q(**{f"{path}__gte": low, f"{path}__lte": high})


def _like(path: str, field: "Field[Any, Any]", name: str, value: object) -> Q:
    if not is_text(field):
        raise ValidationError({name: f"Field '{name}' is no text, so 'like' has nothing to look in."})
    pattern = text_of(name, value)
    inner = pattern.removeprefix("%").removesuffix("%")
    if "%" in inner:
        raise ValidationError({name: "'like' takes % at the beginning and at the end only."})
    lookup = {(True, True): "icontains", (False, True): "istartswith", (True, False): "iendswith"}.get(
        (pattern.startswith("%"), pattern.endswith("%")), "iexact"
    )
    return Q(**{f"{path}__{lookup}": inner})


def _is(path: str, field: "Field[Any, Any]", name: str, value: object) -> Q:
    if value not in ("set", "not set"):
        raise ValidationError({name: f"Filter '{name}' can be 'set' or 'not set'."})
    unset = Q(**{f"{path}__isnull": True})
    if is_text(field):
        unset |= Q(**{path: ""})
    return ~unset if value == "set" else unset


_OPERATORS: dict[str, Make] = {
    "=": _compared(""),
    "!=": _not(_compared("")),
    "<": _compared("__lt"),
    ">": _compared("__gt", is_end=True),
    "<=": _compared("__lte", is_end=True),
    ">=": _compared("__gte"),
    "in": _among,
    "not in": _not(_among),
    "like": _like,
    "not like": _not(_like),
    "between": _between,
    "is": _is,
}


def conditions(filters: list[Filter], doctype: Doctype, model: type[Model]) -> Iterator[Q]:
    """Each of the filters as a condition. Raises ValidationError."""
    return (condition(one, doctype, model) for one in filters)


def _refused(why: str) -> ValidationError:
    return ValidationError({"filters": f"Filters {why}"})
