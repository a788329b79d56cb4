"""What pages of the workspace say in many places."""

from datetime import datetime

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meeting_manager.bookings import when
from meeting_manager.bookings.models import Booking
from meeting_manager.workspace.navigation import ways_of
from meeting_manager.workspace.series import part_of
from meeting_manager.workspace.standing import Standing, standing_of

register = template.Library()


@register.inclusion_tag("workspace/nav.html", takes_context=True)
def workspace_nav(context: Context) -> dict[str, object]:
    """`{% workspace_nav %}`: the ways that are open to the reader, marked where they are."""
    request = context["request"]
    match = request.resolver_match
    return {"ways": ways_of(request.user), "here": match.url_name if match else ""}


@register.inclusion_tag("workspace/series_part.html", takes_context=True)
def series_part(context: Context, booking: Booking, zone: str) -> dict[str, object]:
    """`{% series_part booking zone %}`: its place in its series, nothing where it has none; two queries then."""
    return {"part": part_of(booking, context["request"].user), "zone": zone}


@register.simple_tag
def moment_in(instant: datetime, zone: str) -> SafeString:
    """`{% moment_in instant zone %}`: date and time in short; the zone is to be named once for all of a page."""
    local = when.local(instant, zone)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), when.moment(instant, zone))


@register.simple_tag
def ago_in(instant: datetime, now: datetime, zone: str) -> SafeString:
    """`{% ago_in instant now zone %}`: how long ago it was, with the moment itself."""
    local = when.local(instant, zone).isoformat(timespec="seconds")
    words, moment = when.ago(instant, now), when.moment(instant, zone)
    return format_html('<time datetime="{}">{} <span class="soft">({})</span></time>', local, words, moment)


@register.filter
def zone_in_words(zone: str) -> str:
    """`{{ zone|zone_in_words }}`: the zone's name as people write it, where it stands for many instants."""
    return zone.replace("_", " ")


@register.filter
def standing(booking: Booking) -> Standing:
    """`{{ booking|standing }}`: how it stands, as word, picture and tone."""
    return standing_of(booking)
