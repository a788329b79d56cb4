"""The private calendar feed of a user's bookings: on under a new address, or off."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.routes.users import ONE as USER
from meeting_manager.api.routes.users import editable_user
from meeting_manager.api.schemas import answers
from meeting_manager.api.shapes import people as shapes
from meeting_manager.people import queries, services
from meeting_manager.web.access import Audience

operations = Operations("Users")

ONE = f"{USER}/feed"


@operations.add("GET", ONE, Audience.EDITS_ACCOUNT, answers.Feed, 403, 404)
def get_feed(request: HttpRequest, email: str) -> HttpResponse:
    """Whether the private iCal feed of a user's bookings is on; they themselves see its secret address."""
    user = user_of(request)
    found = editable_user(user, email)
    return reply(shapes.feed(queries.feed_of(found), found, user))


@operations.add("POST", ONE, Audience.EDITS_ACCOUNT, answers.Feed, 403, 404, status=HTTPStatus.CREATED)
def make_feed(request: HttpRequest, email: str) -> HttpResponse:
    """Switch the feed on, or renew it: it gets a new address, and the one there was stops working at once."""
    user = user_of(request)
    found = editable_user(user, email)
    made = services.make_feed(actor=user, user=found, now=timezone.now())
    return reply(shapes.feed(made, found, user), HTTPStatus.CREATED)


@operations.add("DELETE", ONE, Audience.EDITS_ACCOUNT, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def switch_feed_off(request: HttpRequest, email: str) -> HttpResponse:
    """Switch the feed off, if it is on: its address stops working at once."""
    user = user_of(request)
    services.switch_feed_off(actor=user, user=editable_user(user, email))
    return nothing()
