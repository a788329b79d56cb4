"""What somebody looks for in the workspace: bookings, people, pages. Only what its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from meeting_manager.bookings import queries as bookings
from meeting_manager.bookings.models import Booking
from meeting_manager.people import queries as people
from meeting_manager.people.models import User
from meeting_manager.people.validators import storable
from meeting_manager.workspace.navigation import Way, ways_of

MOST_OF_A_KIND = 8
LEAST_LETTERS = 2
"""So many are looked for in bookings and people; pages are found by one."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, the newest bookings first; `is_asked` where there was something to look for."""

    text: str
    bookings: Sequence[Booking] = ()
    people: Sequence[User] = ()
    ways: Sequence[Way] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits."""
        return not (self.bookings or self.people or self.ways)


def find(user: User, given: str) -> Found:
    """What fits `given` in names, addresses, references, titles; without any, the pages alone. Six queries at most."""
    text = given.strip()[:_LONGEST]
    ways = [way for way in ways_of(user) if text.lower() in str(way.label).lower()]
    if len(text) < LEAST_LETTERS:
        return Found(text, ways=ways)
    fitting = bookings.narrow(bookings.visible_to(user), bookings.Filters(search=text))
    newest = fitting.select_related("meeting_type__department").order_by("-start_datetime", "-pk")
    return Found(text, list(newest[:MOST_OF_A_KIND]), _people(user, text), ways)


def _people(user: User, text: str) -> list[User]:
    if not storable(text):
        return []
    named = Q(full_name__icontains=text) | Q(email__icontains=text)
    return list(people.visible_to(user).filter(named).order_by("full_name", "email")[:MOST_OF_A_KIND])
