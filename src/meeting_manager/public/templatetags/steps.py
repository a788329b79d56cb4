"""Where the steps of booking are, inside frames of other sites and outside."""

from django import template
from django.template import RequestContext

from meeting_manager.public import framing

register = template.Library()


@register.simple_tag(takes_context=True)
def step(context: RequestContext, page: str, *args: str, **query: str) -> str:
    """`{% step "times" department.department_slug type.meeting_slug date=day %}`: its address with that query."""
    return framing.step(context["request"], page, *args, **query)
