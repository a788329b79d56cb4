"""What pages of figures say in many places."""

from django import template

from meeting_manager.workspace.figures.links import Links

register = template.Library()


@register.simple_tag
def file_of(links: Links, name: str) -> str:
    """`{% file_of links "types" %}`: where the figure is as a file."""
    return links.csv(name)
