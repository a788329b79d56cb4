"""Booking by way of a mail: a guest asks, holds nothing, and books with the link that proves their address."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import connection, transaction

from meeting_manager.bookings import times, validators
from meeting_manager.bookings.answers import NO_ANSWERS
from meeting_manager.bookings.errors import RequestExpired, TimeTaken
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.services.book import book, span, told
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments.models import MeetingType
from meeting_manager.ledger.services import Event, announce
from meeting_manager.people.queries import system_user, token_digest
from meeting_manager.people.sealing import UnreadableError, seal, unseal

LIFETIME = timedelta(minutes=30)
KEPT = timedelta(days=1)
"""So long after it expired a link can still say that it did."""

REQUESTED = "booking_request.made"
_TOKEN_BYTES = 32


class Typed(TypedDict):
    """What was typed, by the names that `book` has for it."""

    customer: Customer
    answers: Mapping[str, object]


def request(
    *,
    meeting_type: MeetingType,
    start: datetime,
    end: datetime | None = None,
    customer: Customer,
    answers: Mapping[str, object] = NO_ANSWERS,
    now: datetime,
) -> BookingRequest:
    """Take a guest's wish to book, to be confirmed by a link in a mail to the customer within 30 minutes.

    `start` and `end` are aware; `end` must be start + duration, the start an offered one. Nothing is held: others may
    take the time. Effects: a row with what was typed, sealed, and the announcement that owes the mail, in one
    transaction. Raises ValidationError, TimeTaken.
    """
    cleaned, _ = told(meeting_type, customer, answers, system_user())
    validators.meeting_type(meeting_type, internal=False)
    begins, ends = span(meeting_type, start, end, system_user())
    validators.timing(begins, ends, now)
    if not times.is_offered(meeting_type=meeting_type, start=begins, now=now):
        raise TimeTaken
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with transaction.atomic():
        made = BookingRequest.objects.create(
            digest=token_digest(token),
            meeting_type=meeting_type,
            start_datetime=begins,
            sealed=_sealed({"customer": cleaned, "answers": answers}),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        _announce(made, token, cleaned.email, now)
    return made


def confirm(*, token: str, now: datetime, start: datetime | None = None) -> BookingRequest:
    """Book what the token was sent for, at another `start` if one is given (aware); the request with its booking.

    However often and however simultaneously it is asked for, there is one booking; what is asked for later is not
    looked at. Effects: as `book`; the request is marked as used and what was typed is forgotten, in one transaction.
    Raises BookingRequest.DoesNotExist, RequestExpired, and what `book` raises.
    """
    with transaction.atomic():
        asked = _locked(token)
        if asked.is_used:
            return asked
        if asked.is_over(now):
            raise RequestExpired("This request was not confirmed in time.")
        made = book(
            meeting_type=asked.meeting_type,
            start=start or asked.start_datetime,
            actor=system_user(),
            now=now,
            **typed(asked),
        )
        asked.used_at, asked.booking, asked.sealed = now, made.booking, ""
        asked.save(update_fields=["used_at", "booking", "sealed"])
    return asked


def typed(asked: BookingRequest) -> Typed:
    """What was typed, cleaned. Raises RequestExpired where it was forgotten, or sealed with a key that is gone."""
    try:
        given = json.loads(unseal(asked.sealed.encode()))
    except UnreadableError as error:
        raise RequestExpired("What was typed can no longer be read.") from error
    return {"customer": Customer(**given["customer"]), "answers": given["answers"]}


def typed_by(asked: BookingRequest) -> Customer | None:
    """Who typed it; None where that was forgotten, or sealed with a key that is gone."""
    try:
        return typed(asked)["customer"]
    except RequestExpired:
        return None


def requests_of(address: str) -> list[BookingRequest]:
    """Requests that this person has yet to confirm; opens all that wait, which live for half an hour."""
    waiting = BookingRequest.objects.exclude(sealed="").select_related("meeting_type").order_by("pk")
    return [asked for asked in waiting if (customer := typed_by(asked)) and customer.email == address]


def forget_expired(now: datetime) -> None:
    """Forget what was typed into requests that expired by `now` (aware UTC), and a day later that they were made."""
    expired = BookingRequest.objects.filter(expires_at__lte=now)
    expired.exclude(sealed="").update(sealed="")
    expired.filter(expires_at__lte=now - KEPT).delete()


def _sealed(given: Typed) -> str:
    plain = {"customer": asdict(given["customer"]), "answers": dict(given["answers"])}
    return seal(json.dumps(plain).encode()).decode()


def _announce(made: BookingRequest, token: str, address: str, now: datetime) -> None:
    payload = {"request": made.pk, "token": seal(token.encode()).decode(), "address": address}
    announce([Event(REQUESTED, f"{REQUESTED}:{made.digest}", payload)], now=now)


def _locked(token: str) -> BookingRequest:
    """The request, locked until the transaction ends, before the department that booking locks."""
    rows = BookingRequest.objects.select_related("meeting_type__department")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.get(digest=token_digest(token))
