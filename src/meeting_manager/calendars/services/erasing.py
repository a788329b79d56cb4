"""People in mirrored calendars: found, told, and taken out.

What stands in somebody's calendar elsewhere is theirs; here only its mirror is cleaned, and a calendar that tells it
anew brings it again. Entries of ours are written anew where they are (`writing.py`).
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.people.erasure import Person, scrub_text

Json = dict[str, Any]

_TEXTS = ("event_title", "description", "location")
_AT_ONCE = 200


def erase_from_entry(uid: str, people: Collection[Person]) -> None:
    """Take these people out of the rows of a booking's entries. Effects: rows, in the caller's transaction."""
    for row in CalendarEventSync.objects.filter(ical_uid=uid):
        _take_out(row, people)


def erase_from_events(person: Person) -> int:
    """Take somebody out of all mirrored events, in portions; returns out of how many."""
    total, last = 0, 0
    while rows := list(_events_with(person.address).filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        with transaction.atomic():
            total += sum(_take_out(row, [person]) for row in rows)
        last = rows[-1].pk
    return total


def count_events(address: str) -> int:
    """How many mirrored events name the address."""
    return _events_with(address).count()


def export(address: str) -> Iterator[Json]:
    """The mirrored events in which somebody is organizer, attendee or named."""
    rows = _events_with(address).select_related("calendar_integration__user").order_by("pk")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield {
            "calendar_of": row.calendar_integration.user.email,
            "title": row.event_title,
            "start_datetime": row.start_datetime,
            "end_datetime": row.end_datetime,
            "is_organizer": row.organizer_email.lower() == address,
            "as_attendee": [one for one in row.attendees_json if _is_of(one, {address})],
        }


def _events_with(address: str) -> QuerySet[CalendarEventSync]:
    rows = CalendarEventSync.objects.annotate(attendees=Cast("attendees_json", TextField())).defer("written")
    named = Q(organizer_email__iexact=address) | Q(attendees__icontains=address)
    for field in _TEXTS:
        named |= Q(**{f"{field}__icontains": address})
    return rows.filter(named)


def _take_out(row: CalendarEventSync, people: Collection[Person]) -> bool:
    addresses = {one.address for one in people}
    attendees = [one for one in row.attendees_json if not _is_of(one, addresses)]
    organizer = "" if row.organizer_email.lower() in addresses else row.organizer_email
    changes: Json = {"attendees_json": attendees, "organizer_email": organizer}
    changes |= {field: scrub_text(getattr(row, field), people) for field in _TEXTS}
    if all(getattr(row, field) == value for field, value in changes.items()):
        return False
    CalendarEventSync.objects.filter(pk=row.pk).update(**changes)
    return True


def _is_of(attendee: object, addresses: Collection[str]) -> bool:
    if not isinstance(attendee, dict):
        return False
    return str(attendee.get("email", "")).lower().removeprefix("mailto:") in addresses
