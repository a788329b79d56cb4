"""Accounts, their settings, and one's own tokens."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import StrictBool

from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import PAGED, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.reading import read_as, read_body, read_object
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.schemas import answers, inputs, records
from meeting_manager.api.schemas.outputs import Page
from meeting_manager.api.shapes import people as shapes
from meeting_manager.people import queries, services
from meeting_manager.people.models import ApiToken, User
from meeting_manager.people.rules import is_system_manager, may_edit_account, may_read_account
from meeting_manager.web.access import Audience

operations = Operations("Users")

ONE = "/users/{email}"
_OWN = "me"
_LONGEST_ID = 18


@operations.add("GET", "/users", Audience.SIGNED_IN, Page[answers.User], parameters=PAGED)
def list_users(request: HttpRequest) -> HttpResponse:
    """Those whom the caller may see."""
    return reply(page(request, queries.visible_to(user_of(request)), "email", shapes.account))


@operations.add(
    "POST", "/users", Audience.SYSTEM_MANAGER, answers.User, 403, status=HTTPStatus.CREATED, takes=records.UserIn
)
def create_user(request: HttpRequest) -> HttpResponse:
    """A new account; without a password it is set through the page for forgotten ones."""
    user = user_of(request)
    _require_manager(user)
    body = read_as(_NewUser, read_object(request))
    if not body.email:
        raise ValidationError({"email": "Email is required."})
    made = services.create_user(
        actor=user,
        email=body.email,
        full_name=body.full_name,
        password=body.password,
        is_system_manager=bool(body.is_system_manager),
        now=timezone.now(),
    )
    return reply(shapes.account(made), HTTPStatus.CREATED)


@operations.add("GET", ONE, Audience.SEES_ACCOUNT, answers.User, 404)
def get_user(request: HttpRequest, email: str) -> HttpResponse:
    """An account by e-mail address, or `me`."""
    return reply(shapes.account(found_user(user_of(request), email)))


@operations.add("PATCH", ONE, Audience.EDITS_ACCOUNT, answers.User, 403, 404, takes=records.UserChange)
def edit_user(request: HttpRequest, email: str) -> HttpResponse:
    """Change a name, or who is a System Manager."""
    user = user_of(request)
    found = editable_user(user, email)
    return reply(shapes.account(services.edit_user(actor=user, user=found, changes=read_object(request))))


@operations.add("POST", f"{ONE}/disable", Audience.SYSTEM_MANAGER, answers.User, 403, 404)
def disable_user(request: HttpRequest, email: str) -> HttpResponse:
    """Close an account at once."""
    user = user_of(request)
    found = found_user(user, email)
    return reply(shapes.account(services.disable_user(actor=user, user=found, now=timezone.now())))


@operations.add("POST", f"{ONE}/enable", Audience.SYSTEM_MANAGER, answers.User, 403, 404)
def enable_user(request: HttpRequest, email: str) -> HttpResponse:
    """Open a disabled account again."""
    user = user_of(request)
    return reply(shapes.account(services.enable_user(actor=user, user=found_user(user, email))))


@operations.add("GET", f"{ONE}/settings", Audience.READS_ACCOUNT, answers.UserSettings, 403, 404)
def get_settings(request: HttpRequest, email: str) -> HttpResponse:
    """Time zone, working hours and what others see of a user."""
    user = user_of(request)
    found = found_user(user, email)
    if not may_read_account(user, found):
        raise PermissionDenied("You may see the settings of members of departments you lead only.")
    return reply(shapes.user_settings(queries.settings_of(found), found))


@operations.add(
    "PATCH", f"{ONE}/settings", Audience.EDITS_ACCOUNT, answers.UserSettings, 403, 404, takes=records.SettingsChange
)
def edit_settings(request: HttpRequest, email: str) -> HttpResponse:
    """Change the settings of a user."""
    user = user_of(request)
    found = editable_user(user, email)
    stored = services.edit_settings(actor=user, user=found, changes=read_object(request))
    return reply(shapes.user_settings(stored, found))


@operations.add("GET", "/tokens", Audience.SIGNED_IN, Page[answers.Token], parameters=PAGED)
def list_tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, also revoked ones."""
    return reply(page(request, queries.tokens_of(user_of(request)), "created_at", shapes.token))


@operations.add(
    "POST", "/tokens", Audience.SIGNED_IN, answers.NewToken, status=HTTPStatus.CREATED, takes=inputs.LabelIn
)
def create_token(request: HttpRequest) -> HttpResponse:
    """A new token of one's own; its text is shown this once."""
    user = user_of(request)
    body = read_body(request, inputs.LabelIn)
    made, text = services.create_token(actor=user, user=user, label=body.label, now=timezone.now())
    return reply({**shapes.token(made), "token": text}, HTTPStatus.CREATED)


@operations.add("DELETE", "/tokens/{token}", Audience.OWNS_TOKEN, None, 404, status=HTTPStatus.NO_CONTENT)
def revoke_token(request: HttpRequest, token: str) -> HttpResponse:
    """Close one of one's own tokens at once."""
    user = user_of(request)
    if not (token.isascii() and token.isdigit() and len(token) <= _LONGEST_ID):
        raise ApiToken.DoesNotExist
    services.revoke_token(actor=user, token=queries.tokens_of(user).get(pk=int(token)), now=timezone.now())
    return nothing()


def found_user(reader: User, email: str) -> User:
    """The user with this address whom `reader` may see, or `me`. Raises User.DoesNotExist."""
    return reader if email == _OWN else queries.get_for(reader, email)


def editable_user(actor: User, email: str) -> User:
    """As `found_user`, for those who may edit the account. Raises PermissionDenied too."""
    found = found_user(actor, email)
    if not may_edit_account(actor, found):
        raise PermissionDenied("You may edit your own account only.")
    return found


class _NewUser(inputs.Input):
    email: inputs.Text = ""
    full_name: inputs.Text = ""
    password: inputs.Text | None = None
    is_system_manager: StrictBool = False


def _require_manager(user: User) -> None:
    if not is_system_manager(user):
        raise PermissionDenied("Only System Managers may do this.")
