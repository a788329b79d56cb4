"""In which language people are spoken to.

A tag is a language of the site, with a region where it matters: "de", "en-us". Texts follow the language, dates and
clocks the region as well (`locale_of`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from meeting_manager.people.models import User

ENGLISH = "en"
"""What programs, logs and histories are written in, whoever reads them."""

_LONGEST_TAG = 20
_DEFAULT_REGIONS = {"en": "en_GB"}
"""English without a region writes dates and clocks as most of the world does."""

_tag: ContextVar[str] = ContextVar("language_tag", default="")


def clean_tag(text: str) -> str:
    """The tag in lower case, less a region that nobody knows; empty where the site does not speak the language."""
    language, _separator, region = text.strip().lower().replace("_", "-").partition("-")
    if language not in dict(settings.LANGUAGES):
        return ""
    return f"{language}-{region}" if _is_region(language, region) else language


def check_tag(label: str, text: str) -> str:
    """The tag, or empty where none is given. Raises ValidationError for a language that the site does not speak."""
    cleaned = clean_tag(text)
    if text.strip() and not cleaned:
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        raise ValidationError(
            _("%(label)s '%(value)s' is not a language of this site. Please use one of: %(known)s.")
            % {"label": _(label), "value": text.strip(), "known": known}
        )
    return cleaned


def tag_of(user: User) -> str:  # noqa: ARG001 - one day accounts have a language of their own; then it is looked up here
    """The language of somebody with an account: so far the site's."""
    return settings.LANGUAGE_CODE


def current_tag() -> str:
    """The active language, with its region where one is known."""
    language = translation.get_language() or ENGLISH
    tag = _tag.get()
    return tag if tag.partition("-")[0] == language else language


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak this language meanwhile, the site's own where the tag is empty; effects are undone at the end."""
    tag = tag or settings.LANGUAGE_CODE
    with translation.override(tag.partition("-")[0]):
        token = _tag.set(tag)
        try:
            yield
        finally:
            _tag.reset(token)


def go_on_in(tag: str) -> None:
    """Change the language within `speaking`, whose end undoes this too."""
    translation.activate(tag.partition("-")[0])
    _tag.set(tag)


def current_locale() -> Locale:
    """How dates, clocks and lists are written now."""
    return locale_of(current_tag())


@lru_cache(maxsize=512)
def locale_of(tag: str) -> Locale:
    """What Unicode's CLDR knows of a tag; English of a language it does not know."""
    language, _separator, region = tag.partition("-")
    try:
        return Locale.parse(_DEFAULT_REGIONS.get(tag) or "_".join(filter(None, (language, region.upper()))))
    except (UnknownLocaleError, ValueError):
        return locale_of(language if region else ENGLISH)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: "Sarah, Mike and Jane"."""
    return format_list(list(names), "standard", current_locale())


@lru_cache(maxsize=1024)
def _is_region(language: str, region: str) -> bool:
    if not region or len(language) + len(region) >= _LONGEST_TAG:
        return False
    try:
        return Locale.parse(f"{language}_{region.upper()}").territory == region.upper()
    except (UnknownLocaleError, ValueError):
        return False
