"""Where Google and Microsoft tell that a calendar changed. Anybody may call these addresses, so they believe only who
knows the secret of a subscription, say nothing to others, and do no more than owe a pull.
"""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.services.pushing import CHANGED, EXPIRING, MISSED, REMOVED, Notice, hear
from meeting_manager.web.access import Audience, declare

LARGEST_BODY = 256 * 1024
_MOST_NOTICES = 1000
_LONGEST_TOKEN = 2000
_PLAIN = re.compile(r"[^<>\x00-\x1f\x7f]+")
_LIFECYCLE = {"reauthorizationRequired": EXPIRING, "subscriptionRemoved": REMOVED, "missed": MISSED}


@csrf_exempt
@require_POST
def google(request: HttpRequest) -> HttpResponse:
    """A channel of Google Calendar; everything it says is in its headers."""
    if request.headers.get("X-Goog-Resource-State") == "sync":  # the first word of a new channel
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    id_, secret = request.headers.get("X-Goog-Channel-ID", ""), request.headers.get("X-Goog-Channel-Token", "")
    is_true = hear(IntegrationType.GOOGLE, [Notice(id_, secret)], timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT if is_true else HTTPStatus.NOT_FOUND)


@csrf_exempt
@require_POST
def outlook(request: HttpRequest) -> HttpResponse:
    """Subscriptions of Microsoft Graph: a question whether we are there, or up to many notices in one body."""
    token = request.GET.get("validationToken")
    if token is not None:
        return _echo(token)
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    hear(IntegrationType.OUTLOOK, list(_notices(body)), timezone.now())
    return HttpResponse(status=HTTPStatus.ACCEPTED)


def _echo(token: str) -> HttpResponse:
    """The token as it came, as text; nothing that a browser could take for more."""
    if len(token) > _LONGEST_TOKEN or not _PLAIN.fullmatch(token):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    return HttpResponse(token, content_type="text/plain; charset=utf-8")


def _notices(body: bytes) -> Iterator[Notice]:
    """What can be read of a body; whatever else is in it is passed over."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    rows = told.get("value") if isinstance(told, dict) else None
    for row in rows[:_MOST_NOTICES] if isinstance(rows, list) else ():
        if isinstance(row, dict):
            event = _LIFECYCLE.get(_text(row, "lifecycleEvent"), CHANGED)
            yield Notice(_text(row, "subscriptionId"), _text(row, "clientState"), event)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


declare(Audience.ANYBODY, "hooks/calendars/google", "hooks/calendars/outlook")

urlpatterns = [
    path("google", google, name="calendar-hook-google"),
    path("outlook", outlook, name="calendar-hook-outlook"),
]
