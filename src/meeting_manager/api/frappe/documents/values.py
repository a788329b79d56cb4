"""Values that filters compare with, read as the field they are compared to has them."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from meeting_manager.api.reading import is_date, read_date, read_instant
from meeting_manager.people.validators import storable

LONGEST = 500
_LARGEST = 2**31 - 1
_FLAGS: dict[object, bool] = {True: True, False: False, "1": True, "0": False, "true": True, "false": False}
_LAST_SECOND = time(23, 59, 59)

Reader = Callable[[str, object], Any]


def reader_for(field: "models.Field[Any, Any]", *, is_end: bool = False) -> Reader:
    """How a value for `field` is read: ``(name, value)``; `is_end`: of a date alone its last second counts.

    Readers raise ValidationError.
    """
    if isinstance(field, models.BooleanField):
        return _flag
    if isinstance(field, models.DateTimeField):
        return _end if is_end else _instant
    if isinstance(field, models.DateField):
        return _date
    if isinstance(field, models.IntegerField):
        return _whole
    return _text


def is_text(field: "models.Field[Any, Any]") -> bool:
    """Whether the field holds text."""
    return isinstance(field, models.CharField | models.TextField)


def text_of(name: str, value: object) -> str:
    """A text to compare with. Raises ValidationError."""
    return str(_text(name, value))


def _text(name: str, value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not storable(value) or len(value) > LONGEST:
        raise _refusal(name, f"text of at most {LONGEST} characters")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii() and len(value) <= 11:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise _refusal(name, "a whole number")
    return value


def _flag(name: str, value: object) -> bool:
    key = value.lower() if isinstance(value, str) else value
    if not isinstance(key, str | int) or key not in _FLAGS:
        raise _refusal(name, "1 or 0")
    return _FLAGS[key]


def _date(name: str, value: object) -> object:
    return read_date(_as_date(name, value), name, f"Filter '{name}'")


def _instant(name: str, value: object) -> datetime:
    return _moment(name, value, time.min)


def _end(name: str, value: object) -> datetime:
    return _moment(name, value, _LAST_SECOND)


def _moment(name: str, value: object, of_a_date: time) -> datetime:
    if not isinstance(value, str):
        raise _refusal(name, "a datetime such as 2026-01-31 09:00:00")
    if is_date(value):
        return datetime.combine(read_date(value, name, f"Filter '{name}'"), of_a_date, UTC)
    return read_instant(value, name, f"Filter '{name}'")


def _as_date(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refusal(name, "a date such as 2026-01-31")
    return value[:10]


def _refusal(name: str, wanted: str) -> ValidationError:
    return ValidationError({name: f"Filter '{name}' compares with {wanted}."})
