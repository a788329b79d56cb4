"""Reading a collection: all of it, by what its server says has changed, or by comparing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from meeting_manager.adapters.calendar.caldav.collection import Collection, Files, Listed
from meeting_manager.adapters.calendar.caldav.cursor import Cursor, mark, retells, some
from meeting_manager.adapters.calendar.errors import CursorInvalidError
from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent, Window
from meeting_manager.adapters.calendar.reading import Reader, Reading

Reads = Callable[[Mapping[str, bytes], Window, Reader], Reading]


@dataclass(frozen=True, slots=True)
class Pulling:
    """How a collection is read: in which window, for whom, by what. `about` binds cursors to these."""

    window: Window
    reader: Reader
    read: Reads
    about: str

    def since(self, collection: Collection, known: Cursor) -> Pulled:
        """What happened since `known`; everything where it was made for something else."""
        if known.about != self.about:
            return self._everything(collection)
        return self._told(collection, known) if known.token else self._compared(collection, known)

    def _everything(self, collection: Collection) -> Pulled:
        # The token comes first: what changes while we read is told again the next time, never forgotten.
        token = collection.token()
        listed = collection.within(self.window)
        files = collection.contents(listed)
        seen = _seen(files)
        cursor = Cursor(self.about, token, some(seen) if token else seen)
        return replace(self._pulled(cursor, files), is_complete=True)

    def _told(self, collection: Collection, known: Cursor) -> Pulled:
        changes = collection.changes(known.token)
        if retells(known.seen, {name: mark(each.etag) for name, each in changes.changed.items()}):
            raise CursorInvalidError("The server tells everything anew instead of what changed.")
        files = collection.contents(changes.changed)
        kept = {name: seen for name, seen in known.seen.items() if name not in changes.deleted | changes.changed.keys()}
        cursor = Cursor(self.about, changes.token, some(kept | _seen(files)))
        return self._pulled(cursor, files, [*changes.changed, *changes.deleted])

    def _compared(self, collection: Collection, known: Cursor) -> Pulled:
        listed = collection.within(self.window)
        changed: Listed = {
            name: each
            for name, each in listed.items()
            if not known.seen.get(name) or mark(each.etag) != known.seen[name]
        }
        files = collection.contents(changed)
        kept = {name: seen for name, seen in known.seen.items() if name in listed and name not in changed}
        retold = [*changed, *(name for name in known.seen if name not in listed)]
        return self._pulled(Cursor(self.about, "", kept | _seen(files)), files, retold)

    def _pulled(self, cursor: Cursor, files: Files, retold: Iterable[str] = ()) -> Pulled:
        reading = self.read(files.texts, self.window, self.reader)
        withheld = [f"{len(files.withheld)} events are there, but the server does not hand them out."]
        return Pulled(
            cursor.text,
            [_versioned(event, files) for event in reading.events],
            retold=tuple(retold),
            unread=frozenset([*reading.unread, *files.withheld]),
            problems=[*reading.problems, *(withheld if files.withheld else [])],
        )


def _seen(files: Files) -> dict[str, str]:
    return {name: mark(etag) for name, etag in files.etags.items()}


def _versioned(event: PulledEvent, files: Files) -> PulledEvent:
    """A single event with its etag; an occurrence has none of its own."""
    return replace(event, etag=files.etags[event.id]) if event.id in files.etags else event
