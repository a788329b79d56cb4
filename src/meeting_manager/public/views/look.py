"""What the look of a department is made of: its stylesheet and its logo, kept by browsers under an address each."""

from csp.constants import NONE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import Department, DepartmentLogo
from meeting_manager.public.looks import stylesheet, version
from meeting_manager.public.pages import ANYBODY

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
_NOTHING = {"default-src": [NONE], "frame-ancestors": [NONE]}
"""What a picture that is opened by itself may load, and who may frame it."""


@require_safe
def stylesheet_file(request: HttpRequest, department: str) -> HttpResponse:
    """The tokens of the department's accent colour; 404 where it has none."""
    color = _find(department).accent_color
    if not color:
        raise Http404
    is_this_one = request.GET.get("v") == version(color)
    response = HttpResponse(stylesheet(color), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if is_this_one else ASK_AGAIN
    return response


@require_safe
@csp(_NOTHING)  # type: ignore[arg-type] # typed for views that take nothing but the request
def logo_file(request: HttpRequest, department: str, digest: str) -> HttpResponse:
    """The picture with this digest; 404 where the department has another, or none."""
    logo = DepartmentLogo.objects.filter(department=_find(department), digest=digest).first()
    if logo is None:
        raise Http404
    response = HttpResponse(bytes(logo.content), content_type=logo.content_type)
    etag = quote_etag(digest)
    response["Cache-Control"], response["ETag"] = FOR_EVER, etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _find(key: str) -> Department:
    try:
        return departments.get_for(ANYBODY, key)
    except Department.DoesNotExist as error:
        raise Http404 from error
