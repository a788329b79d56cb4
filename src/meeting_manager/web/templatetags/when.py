"""Times for people in templates, and what every page says about the site. See `bookings/when.py` for the forms."""

from datetime import datetime

from django import template
from django.conf import settings

from meeting_manager.bookings import when

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """The name of the site; a tag, because error pages are rendered without a request."""
    return str(settings.SITE_NAME)


@register.filter
def day_in(instant: datetime, zone: str) -> str:
    """`{{ start|day_in:zone }}`: the date in full."""
    return when.day(instant, zone)


@register.filter
def clock_in(instant: datetime, zone: str) -> str:
    """`{{ start|clock_in:zone }}`: the time of day."""
    return when.clock(instant, zone)


@register.simple_tag
def span_in(start: datetime, end: datetime, zone: str) -> str:
    """`{% span_in start end zone %}`: from when to when."""
    return when.span(start, end, zone)


@register.filter
def zone_at(zone: str, instant: datetime) -> str:
    """`{{ zone|zone_at:start }}`: the zone's name with its offset then."""
    return when.zone_name(zone, instant)


@register.filter
def length_of(minutes: int) -> str:
    """`{{ duration|length_of }}`: minutes in words."""
    return when.length(minutes)
