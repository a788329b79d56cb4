"""Many files of one calendar, each by itself: what one says of zones and identities is nothing to the others."""

from collections.abc import Iterable

from meeting_manager.adapters.calendar.errors import UnreadableError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.calendar.reading.facts import MOST_EVENTS, Reader, Reading
from meeting_manager.adapters.calendar.reading.whole import MOST_PROBLEMS, read
from meeting_manager.adapters.calendar.reading.zones import forget_definitions


def read_several(sizes: Iterable[tuple[str, int]], text: bytes, window: Window, reader: Reader) -> Reading:
    """What of the files lies in the window. `text` is all of them in a row, `sizes` their names and lengths in bytes.

    Runs in the main thread of a process. Raises UnreadableError where there are too many events.
    """
    all_of_them, at = Reading(), 0
    for name, size in sizes:
        forget_definitions()
        try:
            found = read(text[at : at + size], window, reader, name)
        except UnreadableError as error:
            found = Reading([], [name], [f"An event was left out: {str(error)[:1].lower()}{str(error)[1:]}"])
        at += size
        all_of_them.events += found.events
        all_of_them.unread += found.unread
        all_of_them.problems = list(dict.fromkeys([*all_of_them.problems, *found.problems]))[:MOST_PROBLEMS]
        if len(all_of_them.events) > MOST_EVENTS:
            raise UnreadableError(f"This calendar has more than {MOST_EVENTS} events in the time that is read.")
    return all_of_them
