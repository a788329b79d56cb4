"""Requests that may come twice and must happen once: the repeat gets the answer of the first.

Keys belong to a user, or to a guest's e-mail address; an answer is kept for 24 hours, a failure never.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from meeting_manager.people.models import User
from meeting_manager.web.limits import KEPT_ANSWERS
from meeting_manager.web.models import IdempotencyKey

FIELD = "Idempotency-Key"
OTHER_REQUEST = "This Idempotency-Key was used for another request. Please use a new one."

_KEY = re.compile(r"[\x21-\x7e]{1,255}")

# On PostgreSQL it waits for a simultaneous request with the same key to end, one way or the other.
_CLAIM = """
    INSERT INTO web_idempotencykey (scope, key, request_digest, status, response, created_at)
    VALUES (%s, %s, %s, 0, '{}', %s) ON CONFLICT (scope, key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request led to; `body` is plain JSON, without secrets: it is stored."""

    status: int
    body: Mapping[str, Any]


def scope_of_user(user: User) -> str:
    """Whose keys these are: a user's."""
    return f"user:{user.pk}"


def scope_of_guest(email: str) -> str:
    """Whose keys these are: a guest's, by a keyed digest of the e-mail address."""
    cleaned = email.strip().lower()
    return "guest:" + salted_hmac("meeting_manager.web.idempotency", cleaned, algorithm="sha256").hexdigest()


def once(*, scope: str, key: str, request: object, now: datetime, work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, which runs in a transaction, or that of an earlier request with the same key.

    `request` is what makes the request what it is (its address and body, plain JSON); the same key with another
    request, or a key that is none, raises ValidationError on "Idempotency-Key". Whatever `work` raises undoes all and
    leaves the key unused. Without a key `work` just runs in a transaction.
    """
    if not key:
        with transaction.atomic():
            return work()
    if not _KEY.fullmatch(key):
        message = f"{FIELD} must have 1 to 255 visible ASCII characters."
        raise ValidationError({FIELD: message})
    with transaction.atomic():
        _forget_expired(scope, key, now)
        digest = _digest(request)
        if _claim(scope, key, digest, now):
            answer = work()
            rows = IdempotencyKey.objects.filter(scope=scope, key=key)
            rows.update(status=answer.status, response=plain(answer.body))
            return answer
        return _stored(scope, key, digest)


def forget_answers_to(email: str) -> None:
    """Delete the answers that a guest's requests got: they tell what was booked."""
    IdempotencyKey.objects.filter(scope=scope_of_guest(email)).delete()


def plain(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """`body` as JSON has it: datetimes and the like as text."""
    return json.loads(json.dumps(body, cls=DjangoJSONEncoder))


def _claim(scope: str, key: str, digest: str, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, key, digest, connection.ops.adapt_datetimefield_value(now)])
        return bool(cursor.rowcount == 1)


def _stored(scope: str, key: str, digest: str) -> Answer:
    stored = IdempotencyKey.objects.get(scope=scope, key=key)
    if stored.request_digest != digest:
        raise ValidationError({FIELD: OTHER_REQUEST})
    return Answer(stored.status, stored.response)


def _forget_expired(scope: str, key: str, now: datetime) -> None:
    IdempotencyKey.objects.filter(scope=scope, key=key, created_at__lte=now - KEPT_ANSWERS).delete()


def _digest(request: object) -> str:
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()
