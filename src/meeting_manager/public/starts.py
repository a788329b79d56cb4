"""Starts in addresses and forms: written in UTC, read with or without an offset."""

from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings.validators import EARLIEST, LATEST

MALFORMED = gettext_noop("Invalid datetime format for Start or End DateTime.")


def write(start: datetime) -> str:
    """The instant as addresses carry it: "2026-12-07T09:00:00Z"."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    """The instant that `text` names, in UTC; without an offset it is read as UTC. Raises ValidationError."""
    try:
        given = datetime.fromisoformat(text.strip())
        start = (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise ValidationError(_(MALFORMED)) from error
    if not EARLIEST <= start < LATEST:
        raise ValidationError(_(MALFORMED))
    return start


def read_date(label: str, text: str) -> date | None:
    """The date that `text` names, None where it is empty; years that nobody means become the nearest that some do.

    Raises ValidationError.
    """
    try:
        day = date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise ValidationError(_("%(label)s must be a date such as 2026-12-07.") % {"label": _(label)}) from error
    return day and min(max(day, EARLIEST.date()), LATEST.date())


def read_month(label: str, text: str) -> date | None:
    """The first day of the month that `text` names, None where it is empty. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        month = date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise ValidationError(_("%(label)s must be a month such as 2026-12.") % {"label": _(label)}) from error
    return min(max(month, EARLIEST.date()), LATEST.date())


def write_month(month: date) -> str:
    """A month as addresses carry it: "2026-12"."""
    return f"{month:%Y-%m}"
