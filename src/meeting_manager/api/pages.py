"""The description of the API as JSON, and a page to read and try it."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from meeting_manager.api.description import make_api
from meeting_manager.api.replies import reply_text

api = make_api()


@cache
def _description() -> str:
    """Written once: it is the same for everybody until the program changes."""
    return json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), ensure_ascii=False)


@require_safe
def openapi(_: HttpRequest) -> HttpResponse:
    """The OpenAPI description."""
    return reply_text(_description())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI, from our own server and without a line of inline script."""
    return render(request, "api/docs.html", {"settings": {"url": reverse("openapi"), "deepLinking": True}})
