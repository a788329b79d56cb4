"""The fields of availability rules and date overrides, and the rules among them."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from meeting_manager.engine.weekly import parse_clock
from meeting_manager.people import validators
from meeting_manager.people.validators import Reader

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _date(value: object) -> date:
    # A datetime is a date too, but says more than is asked for.
    if isinstance(value, date) and type(value) is date:
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValidationError(f"Date {value!a} is not a date. Please use the form 2026-01-31.")


def _clock(label: str, *, end: bool) -> Reader:
    def read(value: object) -> str:
        if value in (None, ""):
            return ""
        try:
            parse_clock(value, end)
        except ValueError as error:
            raise ValidationError(f"{label}: {error}") from error
        return str(value)

    return read


RULE: dict[str, Reader] = {
    "rule_name": validators.text("Rule Name", 140, required=True),
    "is_default": validators.flag("Is Default"),
    "is_active": validators.flag("Is Active"),
    "buffer_time_before": validators.whole("Buffer Time Before", 0, 240),
    "buffer_time_after": validators.whole("Buffer Time After", 0, 240),
    "max_bookings_per_day": validators.whole("Max Bookings Per Day", 0, 50),
    "max_bookings_per_week": validators.whole("Max Bookings Per Week", 0, 200),
    "min_notice_hours": validators.whole("Min Notice Hours", 0, 720),
    "max_days_advance": validators.whole("Max Days Advance", 1, 365),
}
RULE_KEPT = ("name", "user", "date_overrides")

OVERRIDE: dict[str, Reader] = {
    "date": _date,
    "available": validators.flag("Available"),
    "custom_hours_start": _clock("Custom Hours Start", end=False),
    "custom_hours_end": _clock("Custom Hours End", end=True),
    "reason": validators.text("Reason", 255, required=True),
}
_OVERRIDE_REQUIRED = {"date": "Date", "reason": "Reason"}


def read_rule(given: Mapping[str, object]) -> dict[str, Any]:
    """The fields of a rule that were sent. Raises ValidationError."""
    return validators.read_fields(given, RULE, of="an availability rule", kept=RULE_KEPT)


def check_rule(rule: Mapping[str, Any]) -> None:
    """Rules between the fields of a whole rule. Raises ValidationError."""
    errors: dict[str, str] = {}
    week = rule["max_bookings_per_week"]
    if week and rule["max_bookings_per_day"] > week:
        errors["max_bookings_per_day"] = (
            f"Max Bookings Per Day may not exceed Max Bookings Per Week ({week}). Please lower it or raise the other."
        )
    if rule["min_notice_hours"] >= rule["max_days_advance"] * 24:
        errors["min_notice_hours"] = (
            f"Min Notice Hours must be shorter than Max Days Advance ({rule['max_days_advance'] * 24} hours). "
            "Please lower it or raise the other."
        )
    if errors:
        raise ValidationError(errors)


def read_override(given: Mapping[str, object]) -> dict[str, Any]:
    """A whole override. Raises ValidationError."""
    validators.require(given, _OVERRIDE_REQUIRED)
    override = validators.read_fields(given, OVERRIDE, of="a date override")
    whole = {"available": False, "custom_hours_start": "", "custom_hours_end": "", **override}
    _check_hours(whole)
    return whole


def read_overrides(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Whole overrides, each date once; what is refused is told on `date_overrides`. Raises ValidationError."""
    read = []
    for number, row in enumerate(rows, start=1):
        try:
            read.append(read_override(row))
        except ValidationError as error:
            messages = [f"Row {number}: {message}" for message in error.messages]
            raise ValidationError({"date_overrides": messages}) from error
    if len({row["date"] for row in read}) < len(read):
        message = "Duplicate dates found in date overrides. Each date can only be overridden once."
        raise ValidationError({"date_overrides": message})
    return read


def _check_hours(override: Mapping[str, Any]) -> None:
    start, end = override["custom_hours_start"], override["custom_hours_end"]
    if bool(start) != bool(end):
        missing = "custom_hours_end" if start else "custom_hours_start"
        message = "Custom Hours Start and Custom Hours End must be set both or neither. Please set the other one too."
        raise ValidationError({missing: message})
    if start and not override["available"]:
        message = "Custom hours can only be set on a date that is available. Please set Available or leave them empty."
        raise ValidationError({"available": message})
    # Two digits each, so text compares as time does.
    if start and end <= start:
        raise ValidationError({"custom_hours_end": "Custom Hours End must be after Custom Hours Start."})
