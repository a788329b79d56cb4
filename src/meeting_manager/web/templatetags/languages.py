"""Languages and clocks to choose from, in templates."""

from collections.abc import Sequence

from django import template
from django.conf import settings

from meeting_manager.bookings import when

register = template.Library()


@register.simple_tag
def site_languages() -> Sequence[tuple[str, str]]:
    """Code and own name of each language that the site speaks."""
    return settings.LANGUAGES


@register.simple_tag
def clock_style() -> str:
    """The clock in use: "12" or "24"."""
    return when.clock_style()
