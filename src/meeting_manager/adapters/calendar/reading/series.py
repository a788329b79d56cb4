"""Series: their occurrences in a window, with exceptions, moved and cancelled ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import Calendar, Event
from recurring_ical_events import CalendarQuery, ComponentsWithName, EventAdapter, Occurrence

from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading.event import BadEventError, stamp, valued
from meeting_manager.adapters.calendar.reading.facts import MOST_OCCURRENCES
from meeting_manager.adapters.calendar.reading.zones import Time

_REFUSED = frozenset({"SECONDLY", "MINUTELY"})
_MARGIN = timedelta(days=2)
"""Whole days are asked for in no zone, so a little more is asked for than is wanted."""

Found = tuple[Event, str, tuple[Time, Time]]
"""The event that says what it is, which occurrence it is, and from when to when."""


class _Adapter(EventAdapter):  # type: ignore[misc]  # the library has no types
    @property
    def event(self) -> Event:
        event: Event = self._component
        return event


class _Occurrence(Occurrence):  # type: ignore[misc]  # the library has no types
    """Hands out the event itself: the library's own would copy all of it for each occurrence."""

    def found(self) -> Found:
        event: Event = self._adapter.event
        is_exception = "RECURRENCE-ID" in event and not self._moves_on(event)
        which: Time = valued(event, "RECURRENCE-ID").dt if is_exception else self.start
        return event, stamp(which), (self.start, self.end)

    def _moves_on(self, event: Event) -> bool:
        """Whether the event stands for all that follow, of which this is any."""
        return bool(valued(event, "RECURRENCE-ID").params.get("RANGE") == "THISANDFUTURE")


_EVENTS = ComponentsWithName("VEVENT", adapter=_Adapter, occurrence=_Occurrence)


def is_series(events: list[Event]) -> bool:
    """Whether these events of one UID are more than a single one."""
    return len(events) > 1 or any(name in events[0] for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def occurrences(events: list[Event], window: Window) -> Iterator[Found]:
    """The occurrences that may lie in the window, and some around it. Raises BadEventError where a rule is refused."""
    for event in events:
        _refuse_rules(event)
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    lo, hi = (datetime.fromtimestamp(edge, UTC) for edge in window)
    for series in CalendarQuery(calendar, components=[_EVENTS]).series:
        some = list(islice(series.between(lo - _MARGIN, hi + _MARGIN), MOST_OCCURRENCES + 1))
        if len(some) > MOST_OCCURRENCES:
            raise BadEventError(f"it takes place more than {MOST_OCCURRENCES} times")
        yield from (each.found() for each in some)


def _refuse_rules(event: Event) -> None:
    rules: Any = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        frequencies = {str(each).upper() for each in rule.get("FREQ", [])}
        if frequencies & _REFUSED:
            raise BadEventError("it is repeated every minute or second, which is not read")
