"""A whole file: its parts read one by one, events of one UID together, and what is in the window."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from icalendar import Event

from meeting_manager.adapters.calendar.errors import UnreadableError
from meeting_manager.adapters.calendar.protocol import PulledEvent, Window
from meeting_manager.adapters.calendar.reading.event import BadEventError, describe, settle, span, stamp
from meeting_manager.adapters.calendar.reading.facts import MOST_EVENTS, Reader, Reading
from meeting_manager.adapters.calendar.reading.patience import TooSlow, at_most
from meeting_manager.adapters.calendar.reading.series import Found, is_series, occurrences
from meeting_manager.adapters.calendar.reading.splitting import raw, split
from meeting_manager.adapters.calendar.reading.zones import Zones

EVENT_SECONDS = 3.0
"""For the parsing of one event, and for the occurrences of one series."""

MOST_PROBLEMS = 50
_LONGEST_UID = 900
_LONGEST_NAME = 100

Parsed = tuple[str, Event]
"""An event, and the text it was read from."""


def read(text: bytes, window: Window, reader: Reader, name: str = "") -> Reading:
    """What of the file `text` lies in the window. Runs in the main thread of a process.

    Events are known by their UID, or by `name`, which holds no "/", where one is given. Raises UnreadableError where it
    is no calendar, or one with too many events.
    """
    return _Whole(text, window, reader, name).read()


class _Whole:
    def __init__(self, text: bytes, window: Window, reader: Reader, name: str) -> None:
        self._name = name
        self._parts = split(text)
        self._window = window
        self._zones = Zones(reader.zone, self._parts.zone, self._parts.zones)
        names = (*reader.addresses, self._parts.calendar_name)  # Google calls a calendar by its owner's address
        self._addresses = frozenset(name.lower() for name in names if "@" in name)
        self._found: dict[str, PulledEvent] = {}
        self._reading = Reading()

    def read(self) -> Reading:
        for each in self._parts.broken:
            self._note(each, "it has no end")
        for uid, events in self._by_uid().items():
            for group in _groups(events):
                self._guarded(group[0][0], self._take, uid, [event for _, event in group])
        self._reading.events = list(self._found.values())
        self._tell_guesses()
        return self._reading

    def _by_uid(self) -> dict[str, list[Parsed]]:
        together: dict[str, list[Parsed]] = defaultdict(list)
        for text in self._parts.events:
            self._guarded(text, self._parse, text, together)
        return together

    def _parse(self, text: str, together: dict[str, list[Parsed]]) -> None:
        event = Event.from_ical(self._zones.readable(text))
        assert isinstance(event, Event)  # noqa: S101 - the text begins and ends as one
        settle(event, self._zones)
        uid = str(event.get("UID", "")).strip() or hashlib.sha256(text.encode()).hexdigest()
        together[uid].append((text, event))

    def _take(self, uid: str, events: list[Event]) -> None:
        """Add what is in the window of one event or series."""
        short = self._name or (uid if len(uid) <= _LONGEST_UID else hashlib.sha256(uid.encode()).hexdigest())
        for event, mark, times in self._times(events):
            identity = f"{short}/{mark}" if mark else short
            if identity in self._found:
                identity = f"{identity}{'-' if self._name and mark else '/'}{stamp(times[0])}"
            described = describe(event, identity, times, self._zones, self._addresses)
            if described and described.end > self._window.start and described.start < self._window.end:
                self._found[identity] = described
            if len(self._found) > MOST_EVENTS:
                raise UnreadableError(f"This calendar has more than {MOST_EVENTS} events in the time that is read.")

    def _times(self, events: list[Event]) -> Iterator[Found]:
        if is_series(events):
            return occurrences(events, self._window)
        return iter([(events[0], "", span(events[0]))])

    def _guarded(self, text: str, work: Callable[..., None], *arguments: object) -> None:
        """Do a part of the work; where it fails, the event `text` is left out, and nothing else."""
        try:
            with at_most(EVENT_SECONDS):
                work(*arguments)
        except UnreadableError:
            raise
        except TooSlow:
            self._note(text, "it takes too long to work out")
        except BadEventError as error:
            self._note(text, str(error))
        except Exception:  # noqa: BLE001 - a bad event, in whatever way the libraries say so, costs only itself
            self._note(text, "it cannot be read")

    def _note(self, text: str, why: str) -> None:
        self._reading.unread += [known for known in (self._name, raw(text, "UID")) if known]
        begin = raw(text, "DTSTART")[:_LONGEST_NAME]
        self._tell(f"An event{f' of {begin}' if begin else ''} was left out: {why}.")

    def _tell_guesses(self) -> None:
        for name in sorted(self._zones.guessed):
            self._tell(f"The time zone '{name[:_LONGEST_NAME]}' is unknown; its events are read in {self._zones.own}.")

    def _tell(self, problem: str) -> None:
        if len(self._reading.problems) < MOST_PROBLEMS:
            self._reading.problems.append(problem)


def _groups(events: Sequence[Parsed]) -> list[list[Parsed]]:
    """What belongs together of one UID: the newest version and its exceptions.

    Several of the same version are events that some program gave the same UID; each is one by itself.
    """
    exceptions = [each for each in events if "RECURRENCE-ID" in each[1]]
    masters = [each for each in events if "RECURRENCE-ID" not in each[1]]
    if not masters:
        return [exceptions]
    newest = max(_sequence(event) for _, event in masters)
    first, *others = [each for each in masters if _sequence(each[1]) == newest]
    return [[first, *exceptions], *([other] for other in others)]


def _sequence(event: Event) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0
