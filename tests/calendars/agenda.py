"""A calendar in memory that follows the Protocol to the letter, with the faults that are asked of it.

What real servers do is in tests/adapters; here a whole week of both sides runs in a second.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from meeting_manager.adapters.calendar.errors import ConflictError, CursorInvalidError, NotFoundError
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Pulled, PulledEvent, Window, Written
from meeting_manager.calendars.access import Access, offer
from meeting_manager.calendars.choices import IntegrationType


@dataclass
class Agenda:
    """One calendar there. `faults` are raised, one a call; a fault in `lost` is raised after the work was done."""

    name: str = "agenda"
    events: dict[str, PulledEvent] = field(default_factory=dict)
    titles: dict[str, OutgoingEvent] = field(default_factory=dict)
    made_with: dict[str, str] = field(default_factory=dict)
    faults: list[Exception] = field(default_factory=list)
    lost: list[Exception] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    makes_conferences: bool = False
    late: int = 0
    """So many writings it takes until a video call is there."""
    renames: bool = False
    """Whether events get an id of the server's own, as in Outlook."""
    forgets_before: int = 0
    window: Window = field(default_factory=lambda: Window(0, 0))

    # What we do.

    def pull(self, cursor: str) -> Pulled:
        with self._call("pull"):
            if cursor and int(cursor) < self.forgets_before:
                raise CursorInvalidError("too old")
            at = str(len(self.changes))
            inside = {
                id_: e for id_, e in self.events.items() if self.window.start < e.end and e.start < self.window.end
            }
            if not cursor:
                return Pulled(at, list(inside.values()), is_complete=True)
            ids = set(self.changes[int(cursor) :])
            told = [event for id_, event in inside.items() if id_ in ids]
            return Pulled(at, told, gone=sorted(ids - inside.keys()))

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        with self._call("upsert"):
            id_ = self.made_with.get(ref, ref)
            if not etag:
                id_ = self.made_with.setdefault(ref, f"server-{len(self.made_with)}" if self.renames else ref)
            elif id_ not in self.events:
                raise NotFoundError("gone")
            elif self.events[id_].etag != etag:
                raise ConflictError("changed")
            self.titles[id_] = event
            self._put(id_, event.uid, event.start, event.end, event.attendees)
            is_made = self.makes_conferences and event.wants_conference and self.calls.count("upsert") > self.late
            conference = f"https://meet.example/{id_}" if is_made else ""
            return Written(id_, self.events[id_].etag, f"https://calendar.example/{id_}", conference)

    def delete(self, ref: str, etag: str) -> None:
        with self._call("delete"):
            if ref not in self.events:
                raise NotFoundError("gone")
            if etag and self.events[ref].etag != etag:
                raise ConflictError("changed")
            self.remove(ref)

    def find(self, ref: str) -> PulledEvent:
        with self._call("find"):
            id_ = self.made_with.get(ref, ref)
            if id_ not in self.events:
                raise NotFoundError("gone")
            return self.events[id_]

    # What its owner does.

    def add(self, id_: str, start: int, end: int, *, is_busy: bool = True) -> None:
        self._put(id_, f"{id_}@elsewhere", start, end, is_busy=is_busy)

    def move(self, id_: str, start: int, end: int) -> None:
        event = self.events[id_]
        self._put(id_, event.uid, start, end, event.attendees)

    def remove(self, id_: str) -> None:
        del self.events[id_]
        self.changes.append(id_)

    def answer(self, id_: str, email: str, response: str) -> None:
        event = self.events[id_]
        people = tuple({**one, "response": response} if one["email"] == email else one for one in event.attendees)
        self._put(id_, event.uid, event.start, event.end, people)

    def touch(self, id_: str) -> None:
        """Change something that is of no matter to us."""
        self.events[id_] = replace(self.events[id_], etag=f"{self.events[id_].etag}+")
        self.changes.append(id_)

    @property
    def ours(self) -> list[str]:
        """The ids of what we wrote and is there."""
        return [id_ for id_ in self.events if id_ in self.titles]

    def _put(
        self,
        id_: str,
        uid: str,
        start: int,
        end: int,
        attendees: tuple[dict[str, str], ...] = (),
        *,
        is_busy: bool = True,
    ) -> None:
        self.changes.append(id_)
        etag = f"v{len(self.changes)}"
        self.events[id_] = PulledEvent(id_, uid, start, end, is_busy, attendees=attendees, etag=etag)

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        self.calls.append(name)
        if self.faults:
            raise self.faults.pop(0)
        yield
        if self.lost:
            raise self.lost.pop(0)


class Agendas:
    """All calendars of one kind, by their `calendar_id`."""

    def __init__(self) -> None:
        self._known: dict[str, Agenda] = {}

    def __getitem__(self, name: str) -> Agenda:
        return self._known.setdefault(name, Agenda(name))

    def open(self, access: Access, window: Window, zone: str) -> Agenda:
        agenda = self[access.calendar_id]
        agenda.window = window
        return agenda


def offered(agendas: Agendas, *kinds: IntegrationType) -> Callable[[], None]:
    """Have calendars of these kinds be agendas; returns the undoing."""
    undoings = [offer(kind, agendas.open) for kind in kinds]

    def undo() -> None:
        for each in undoings:
            each()

    return undo
