"""The addresses of the methods."""

from http import HTTPMethod

from django.core.exceptions import PermissionDenied
from django.db.models import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from meeting_manager.api.caller import guest_or_bearer
from meeting_manager.api.frappe.methods import METHODS, NOT_SIGNED_IN, Method
from meeting_manager.api.frappe.wire import failure, read_arguments
from meeting_manager.people.models import User
from meeting_manager.web.access import Audience, declare

_READING = {HTTPMethod.GET, HTTPMethod.HEAD}


def _answer(request: HttpRequest, method: Method) -> HttpResponse:
    try:
        caller = guest_or_bearer(request)
        if not method.for_guests and not isinstance(caller, User):
            raise PermissionDenied(NOT_SIGNED_IN)
        if request.method != HTTPMethod.POST and not (method.reads and request.method in _READING):
            raise PermissionDenied("Not permitted: this method changes something, so please call it by POST.")
        request.auth = caller  # type: ignore[attr-defined] # where REST has it too
        return method.run(request, read_arguments(request))
    except Exception as error:  # noqa: BLE001 - `failure` raises what is a mistake of ours
        return failure(error)


def _address(name: str, method: Method) -> URLPattern:
    # Cookies count for nothing here, so there are no requests to forge.
    view = csrf_exempt(lambda request: _answer(request, method))
    declare(Audience.ANYBODY if method.for_guests else Audience.SIGNED_IN, f"api/method/{name}")
    return path(name, view, name=name)


@csrf_exempt
def _unknown(_: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - Django's own signature
    return failure(ObjectDoesNotExist())


declare(Audience.ANYBODY, "api/method/<path:name>")

urlpatterns = [*(_address(name, method) for name, method in METHODS.items()), path("<path:name>", _unknown)]
