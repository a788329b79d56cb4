"""The parts that pages are made of, all on one page: for those who build pages, so only where DEBUG is on."""

import re
from datetime import timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meeting_manager.public.pages import show
from meeting_manager.web.forms import RefusableForm

_STATES = ("Pending", "Confirmed", "Cancelled", "Completed", "Rescheduled", "No-Show")


class _Sample(RefusableForm):
    line = forms.CharField(label="A line of text", help_text="What helps to fill it in.", required=False)
    text = forms.CharField(label="Text of several lines", required=False, widget=forms.Textarea({"rows": 3}))
    one = forms.ChoiceField(label="One of a few", choices=[("", "Please choose"), ("a", "This"), ("b", "That")])
    wrong = forms.CharField(label="A field with a problem", required=False)


@require_safe
def styleguide_page(request: HttpRequest) -> HttpResponse:
    """Every part with its name; 404 unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    form = _Sample({"line": "Ada Muster", "wrong": "?", "one": "a"})
    form.refuse_on_top("What belongs to no field stands on top.")
    form.add_error("wrong", "It says what is wrong, and what to do.")
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    context = {
        "tokens": dict.fromkeys(_found("web/site.css", r"--([a-z-]+): #")),
        "icons": _found("web/icons.svg", r'<symbol id="(\w+)"'),
        "states": [{"booking_status": state} for state in _STATES],
        "form": form,
        "times": [start + timedelta(minutes=30 * number) for number in range(6)],
        "days": range(1, 15),
    }
    return show(request, "styleguide", context)


def _found(file: str, pattern: str) -> list[str]:
    return re.findall(pattern, Path(str(finders.find(file))).read_text(encoding="utf-8"))
