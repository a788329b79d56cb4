"""What went wrong, as HTTP says it: one translation of the rooms' exceptions for pages and API alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.web.limits import LimitReached

NOT_FOUND = "Not found, or not yours to see."


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed request. `detail` is the message, the first of several; `errors` are all of them as (field, message),
    `alternatives` (start, end) in UTC for a time that is taken.
    """

    status: HTTPStatus
    detail: str
    errors: Sequence[tuple[str, str]] = ()
    alternatives: Sequence[tuple[datetime, datetime]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception of the rooms below stands for; None for one that is a mistake of ours."""
    if isinstance(error, ValidationError):
        errors = list(_fields(error))
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors[0][1], errors)
    if isinstance(error, TimeTaken):
        return Problem(HTTPStatus.CONFLICT, str(error), alternatives=error.alternatives)
    if isinstance(error, LimitReached):
        headers = {"Retry-After": str(error.retry_after)}
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, str(error), headers=headers)
    if isinstance(error, ObjectDoesNotExist | Http404):
        return Problem(HTTPStatus.NOT_FOUND, NOT_FOUND)
    for kinds, status in _BY_KIND:
        if isinstance(error, kinds):
            return Problem(status, str(error) or status.phrase)
    return None


_BY_KIND: Sequence[tuple[tuple[type[Exception], ...], HTTPStatus]] = (
    ((Conflict, IllegalChange), HTTPStatus.CONFLICT),
    ((PermissionDenied,), HTTPStatus.FORBIDDEN),
    ((RequestDataTooBig,), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ((SuspiciousOperation, UnreadablePostError, MultiPartParserError), HTTPStatus.BAD_REQUEST),
)


def _fields(error: ValidationError) -> Iterator[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            yield from (("" if name == NON_FIELD_ERRORS else name, message) for message in messages)
    else:
        yield from (("", message) for message in error.messages)
