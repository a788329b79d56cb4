"""Places for people in templates; see `bookings/places.py` for the words."""

from django import template

from meeting_manager.bookings import places

register = template.Library()


@register.filter
def kind_of_place(location_type: str) -> str:
    """`{{ booking.location_type|kind_of_place }}`: "Video call"."""
    return places.kind(location_type)
