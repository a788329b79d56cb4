"""The small pictures beside words; `web/static/web/icons.svg` draws them."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meeting_manager.departments.choices import LocationType

register = template.Library()

_PLACES = {
    LocationType.VIDEO_CALL: "video",
    LocationType.PHONE_CALL: "phone",
    LocationType.PHYSICAL_LOCATION: "pin",
}


@register.simple_tag
def icon(name: str, turns: bool = False) -> SafeString:
    """`{% icon "clock" %}`: decoration, so not for screen readers; with `turns` it points the other way where text
    runs from right to left.
    """
    kind = "icon turns" if turns else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        kind,
        static("web/icons.svg"),
        name,
    )


@register.filter
def place_icon(location_type: str) -> str:
    """`{% icon type.location_type|place_icon %}`: the picture of a kind of place."""
    return _PLACES.get(LocationType(location_type), "chat") if location_type in LocationType.values else "chat"
