"""Who calls: a guest, or the user of a bearer token. Cookies count for nothing here, so there is no CSRF to fear."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError

from meeting_manager.api.reading import check_query
from meeting_manager.people.models import User
from meeting_manager.people.queries import user_for_token
from meeting_manager.people.rules import AnyUser

_SCHEME = "bearer"


def guest_or_bearer(request: HttpRequest) -> AnyUser:
    """The caller of an address that guests may use.

    Raises AuthenticationError for credentials that open nothing, ValidationError for a query that is no text.
    """
    caller = _caller(request)
    check_query(request)
    return caller


def _caller(request: HttpRequest) -> AnyUser:
    given = request.headers.get("Authorization")
    if given is None:
        return AnonymousUser()
    scheme, _, token = given.partition(" ")
    user = user_for_token(token.strip(), timezone.now()) if scheme.lower() == _SCHEME else None
    if user is None:
        raise AuthenticationError(message="This token is not valid. Please send 'Authorization: Bearer' and a token.")
    return user


def bearer(request: HttpRequest) -> User:
    """The user who calls. Raises AuthenticationError for everybody else."""
    caller = guest_or_bearer(request)
    if not isinstance(caller, User):
        raise AuthenticationError(message="Please sign in: send 'Authorization: Bearer' and a token.")
    return caller


def caller_of(request: HttpRequest) -> AnyUser:
    """Whom `guest_or_bearer` found."""
    caller: AnyUser = request.auth  # type: ignore[attr-defined] # set by ninja
    return caller


def user_of(request: HttpRequest) -> User:
    """Whom `bearer` found. Raises AuthenticationError where a guest came through."""
    caller = caller_of(request)
    if not isinstance(caller, User):
        raise AuthenticationError(message="Please sign in: send 'Authorization: Bearer' and a token.")
    return caller
