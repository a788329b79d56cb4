"""The product's addresses, and the least a JSON view can do behind the same middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path


def trivial(request: HttpRequest) -> JsonResponse:
    """Answer."""
    return JsonResponse({"status": "ok"})


urlpatterns = [path("bench/trivial", trivial), path("", include("meeting_manager.config.urls"))]
