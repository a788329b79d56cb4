"""The addresses of somebody's settings."""

from django import template

from meeting_manager.workspace.whose import Whose

register = template.Library()


@register.simple_tag
def own_url(about: Whose, page: str, *parts: object) -> str:
    """`{% own_url about "rule" rule.name %}`: where that page about this account is."""
    return about.address(page, *(str(part) for part in parts))
