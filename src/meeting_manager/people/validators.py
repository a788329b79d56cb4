"""Readers of single fields: each turns what was sent into a value, or refuses with a message that names the field
and the remedy. `read_fields` applies them to a whole record and refuses fields that are not there to be set.
"""

import re
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from meeting_manager.people.richtext import clean_rich_text

Reader = Callable[[object], Any]

LONGEST_TEXT = 20_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_COLOR = re.compile(r"#[0-9a-f]{6}")


def read_fields(
    given: Mapping[str, object], readers: Mapping[str, Reader], *, of: str, kept: Iterable[str] = ()
) -> dict[str, Any]:
    """The values of `given`, each through its reader.

    Raises ValidationError with every refused field at once; a field without a reader is refused by name, those in
    `kept` with the word that the system keeps them. `of` says of what, as in "a meeting type".
    """
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field, value in given.items():
        try:
            values[field] = _reader_of(field, readers, of, kept)(value)
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _reader_of(field: str, readers: Mapping[str, Reader], of: str, kept: Iterable[str]) -> Reader:
    if field in kept:
        raise ValidationError(
            _("Field '%(field)s' of %(of)s is read-only. Please leave it out.") % {"field": field, "of": of}
        )
    if field not in readers:
        raise ValidationError(
            _("Field '%(field)s' is not a field of %(of)s. Please use: %(known)s.")
            % {"field": field, "of": of, "known": ", ".join(sorted(readers))}
        )
    return readers[field]


def require(given: Mapping[str, object], labels: Mapping[str, str]) -> None:
    """Refuse a new record that lacks a field of `labels` (field → the name people know it by)."""
    missing = {field: f"{label} is required." for field, label in labels.items() if field not in given}
    if missing:
        raise ValidationError(missing)


def with_slug(given: Mapping[str, object], name: str, slug: str) -> dict[str, object]:
    """The fields of a new record whose slug is made from its name where it is missing or empty."""
    fields = dict(given)
    if not fields.get(slug):
        fields.pop(slug, None)
        if str(fields[name]).strip():
            fields[slug] = fields[name]
    return fields


@contextmanager
def refusing_duplicates(field: str, message: str) -> Iterator[None]:
    """Turn the database's refusal of a duplicate into a message on `field`; for writers that race for a name.

    Effects: what is written inside is undone when it is refused, the caller's transaction goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "unique" not in str(error).lower():
            raise
        raise ValidationError({field: message}) from error


def text(label: str, longest: int, *, required: bool = False, lines: bool = False) -> Reader:
    """A reader of text without surrounding blanks or control characters; `lines` allows line breaks."""
    control = _CONTROL_IN_LINES if lines else _CONTROL

    def read(value: object) -> str:
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise ValidationError(_("%(label)s must be text.") % {"label": _(label)})
        if control.search(value) or _SURROGATE.search(value):
            raise ValidationError(
                _("%(label)s must not contain control characters. Please remove them.") % {"label": _(label)}
            )
        stripped = value.strip()
        if required and not stripped:
            raise ValidationError(_("%(label)s is required.") % {"label": _(label)})
        if len(stripped) > longest:
            raise ValidationError(
                _("%(label)s must be at most %(longest)s characters long.") % {"label": _(label), "longest": longest}
            )
        return stripped

    return read


def storable(key: str) -> bool:
    """Whether a database can hold, and therefore compare with, this text at all."""
    return "\x00" not in key and not _SURROGATE.search(key)


def rich_text(label: str) -> Reader:
    """A reader of rich text, sanitised."""
    plain = text(label, LONGEST_TEXT, lines=True)
    return lambda value: clean_rich_text(plain(value))


def whole(label: str, low: int, high: int, *, empty: bool = False) -> Reader:
    """A reader of whole numbers from `low` to `high`, also as digits; `empty` allows none."""

    def read(value: object) -> int | None:
        if empty and value in (None, ""):
            return None
        number = int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip()) else value
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            raise ValidationError(
                _("%(label)s must be a whole number between %(low)s and %(high)s.")
                % {"label": _(label), "low": low, "high": high}
            )
        return number

    return read


def flag(label: str) -> Reader:
    """A reader of yes and no; 1 and 0 are taken too."""
    known = {True: True, False: False, "1": True, "0": False, "true": True, "false": False}

    def read(value: object) -> bool:
        if not isinstance(value, bool | int | str) or value not in known:
            raise ValidationError(_("%(label)s must be true or false.") % {"label": _(label)})
        return known[value]

    return read


def choice(label: str, values: Iterable[str], *, empty: bool = False) -> Reader:
    """A reader of one word out of a fixed list."""
    known = [str(value) for value in values]

    def read(value: object) -> str:
        if empty and value in (None, ""):
            return ""
        if not isinstance(value, str) or value not in known:
            raise ValidationError(
                _("%(label)s must be one of: %(known)s.") % {"label": _(label), "known": ", ".join(known)}
            )
        return value

    return read


def zone(label: str, *, empty: bool = False) -> Reader:
    """A reader of IANA time zone names."""

    def read(value: object) -> str:
        if empty and value in (None, ""):
            return ""
        if not isinstance(value, str) or value not in known_zones():
            raise ValidationError(
                _("%(label)s '%(value)s' is not a known time zone. Please use an IANA name such as 'Europe/Berlin'.")
                % {"label": _(label), "value": value}
            )
        return value

    return read


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names of all time zones; finding them reads many files, so once is enough."""
    return frozenset(zoneinfo.available_timezones())


def web_address(label: str, schemes: tuple[str, ...] = ("http", "https"), longest: int = 500) -> Reader:
    """A reader of addresses that begin with one of `schemes`; may be empty."""
    plain = text(label, longest)

    def read(value: object) -> str:
        url: str = plain(value)
        if url and not re.match(rf"({'|'.join(schemes)})://[^\s/]", url, re.IGNORECASE):
            raise ValidationError(
                _("%(label)s must start with %(wanted)s") % {"label": _(label), "wanted": _alternatives(schemes)}
            )
        if re.search(r"\s", url):
            raise ValidationError(_("%(label)s must not contain spaces.") % {"label": _(label)})
        return url

    return read


def _alternatives(schemes: Iterable[str]) -> str:
    *others, last = [f"{scheme}://" for scheme in schemes]
    return _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last}


def color(label: str) -> Reader:
    """A reader of colours as `#rrggbb`."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not _COLOR.fullmatch(value.strip().lower()):
            raise ValidationError(_("%(label)s must be a colour such as '#2563eb'.") % {"label": _(label)})
        return value.strip().lower()

    return read


def email(label: str) -> Reader:
    """A reader of e-mail addresses, in lower case; whether mail arrives there is not asked."""

    def read(value: object) -> str:
        try:
            checked = validate_email(str(value).strip(), check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError(
                _("Invalid email format for %(label)s: '%(value)s'") % {"label": _(label), "value": value}
            ) from error
        return checked.normalized.lower()

    return read


def account(label: str, *, empty: bool = False) -> Reader:
    """A reader of users, given as such or by e-mail address; it gives the address in lower case, unchecked."""

    def read(value: object) -> str:
        address = getattr(value, "email", value)
        if empty and address in (None, ""):
            return ""
        if not isinstance(address, str) or not address.strip():
            raise ValidationError(_("%(label)s is required.") % {"label": _(label)})
        if not storable(address):
            raise ValidationError(_("User %(value)s does not exist.") % {"value": ascii(address)})
        return address.strip().lower()

    return read
