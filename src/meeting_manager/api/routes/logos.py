"""The logo of a department, uploaded and taken down."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.departments import managed_department
from meeting_manager.api.schemas import answers
from meeting_manager.api.shapes import departments as shapes
from meeting_manager.departments import queries, services
from meeting_manager.departments.pictures import FORMATS
from meeting_manager.web.access import Audience

operations = Operations("Departments")

ONE = "/departments/{department}/logo"


@operations.add("PUT", ONE, Audience.MANAGES_DEPARTMENT, answers.Department, 403, 404, takes_file=FORMATS)
def set_logo(request: HttpRequest, department: str) -> HttpResponse:
    """Make the picture in the body the logo at the head of the department's guest pages: PNG, JPEG or WebP, up to 2 MB.

    It is scaled to fit 480 by 160 pixels, and nothing but its pixels is kept. `logo_url` tells where it is.
    """
    user = user_of(request)
    found = managed_department(user, department)
    services.set_logo(actor=user, department=found, content=request.body, content_type=request.content_type or "")
    return reply(shapes.department(queries.get_for(user, found.name)))


@operations.add("DELETE", ONE, Audience.MANAGES_DEPARTMENT, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def remove_logo(request: HttpRequest, department: str) -> HttpResponse:
    """Take the logo down, if there is one."""
    user = user_of(request)
    services.remove_logo(actor=user, department=managed_department(user, department))
    return nothing()
