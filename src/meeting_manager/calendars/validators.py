"""The fields of calendar integrations, and the rules among them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.people import validators
from meeting_manager.people.sealing import seal
from meeting_manager.people.validators import Reader

_LONGEST_CREDENTIALS = 20_000


def _credentials(value: object) -> bytes:
    """Credentials, sealed at once; empty ones take them away."""
    if not isinstance(value, Mapping | str | None):
        raise ValidationError("Credentials must be an object or text.")
    if not value:
        return b""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError) as error:
        raise ValidationError("Credentials must be an object or text.") from error
    if len(text) > _LONGEST_CREDENTIALS:
        raise ValidationError(f"Credentials must be at most {_LONGEST_CREDENTIALS} characters long.")
    return seal(text.encode())


INTEGRATION: dict[str, Reader] = {
    "integration_type": validators.choice("Integration Type", IntegrationType.values),
    "integration_name": validators.text("Integration Name", 140, required=True),
    "is_active": validators.flag("Is Active"),
    "is_primary": validators.flag("Is Primary"),
    "calendar_id": validators.text("Calendar ID", 500),
    "credentials": _credentials,
    "ical_url": validators.web_address("iCal URL", ("http", "https", "webcal"), 2000),
    "sync_direction": validators.choice("Sync Direction", SyncDirection.values),
    "sync_past_days": validators.whole("Sync Past Days", 0, 365),
    "sync_future_days": validators.whole("Sync Future Days", 1, 730),
    "auto_sync_enabled": validators.flag("Auto Sync Enabled"),
    "sync_interval_minutes": validators.whole("Sync Interval Minutes", 5, 1440),
}
REQUIRED = {"integration_type": "Integration Type", "integration_name": "Integration Name"}
KEPT = ("name", "user", "last_sync", "sync_status", "sync_error_log")
CHANGED = {field: reader for field, reader in INTEGRATION.items() if field != "integration_type"}
"""What may change later: a calendar of another kind is another calendar."""


def read(given: Mapping[str, object], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The fields of an integration that were sent; credentials come out sealed. Raises ValidationError."""
    kept = (*KEPT, *(INTEGRATION.keys() - readers.keys()))
    return validators.read_fields(given, readers, of="a calendar integration", kept=kept)


def check(integration: Mapping[str, Any]) -> None:
    """Rules between the fields of a whole integration. Raises ValidationError."""
    if integration["integration_type"] != IntegrationType.ICAL:
        return
    errors: dict[str, str] = {}
    if not integration["ical_url"]:
        errors["ical_url"] = "iCal URL is required when Integration Type is 'iCal'."
    if integration["sync_direction"] != SyncDirection.ONE_WAY:
        errors["sync_direction"] = f"Sync Direction must be '{SyncDirection.ONE_WAY}' when Integration Type is 'iCal'."
    if integration["is_primary"]:
        errors["is_primary"] = "An iCal calendar can only be read. Please choose another calendar as the primary one."
    if errors:
        raise ValidationError(errors)


def check_access(kind: str, given: Mapping[str, object]) -> None:
    """Whether what was sent could let us into a calendar of this kind at all. Raises ValidationError."""
    errors: dict[str, str] = {}
    credentials, wanted = given.get("credentials"), _WANTED.get(kind, ())
    known = credentials if isinstance(credentials, Mapping) else {}
    if credentials and not all(isinstance(known.get(name), str) and known[name] for name in wanted):
        errors["credentials"] = f"Credentials of a calendar of type '{kind}' must have {' and '.join(wanted)}."
    address = given.get("calendar_id")
    if kind == IntegrationType.CALDAV and address and not re.match(r"https?://[^\s/]", str(address), re.IGNORECASE):
        errors["calendar_id"] = "Calendar ID of a CalDAV calendar must start with http:// or https://"
    if errors:
        raise ValidationError(errors)


_WANTED: Mapping[str, tuple[str, ...]] = {
    IntegrationType.CALDAV: ("username", "password"),
    IntegrationType.GOOGLE: ("refresh_token",),
    IntegrationType.OUTLOOK: ("refresh_token",),
}
