"""What can be asked of a collection of events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlsplit

from caldav.elements import cdav, dav

from meeting_manager.adapters.calendar.caldav import questions
from meeting_manager.adapters.calendar.caldav.answers import Multistatus, Resource, name_in, plain
from meeting_manager.adapters.calendar.caldav.session import Session, multistatus, refusal
from meeting_manager.adapters.calendar.errors import CursorInvalidError, TransientError, UnreadableError
from meeting_manager.adapters.calendar.protocol import Window
from meeting_manager.adapters.fetching import Fetched

AT_ONCE = 200
"""So many events are asked for in one request."""

_MOST_PAGES = 200
_MOST_LEFT_OUT = 50
_LARGEST = 50_000_000
_CUT_SHORT = HTTPStatus.INSUFFICIENT_STORAGE
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

Listed = Mapping[str, Resource]
"""Resources by their names in the collection."""


@dataclass(slots=True)
class Changes:
    """What happened since a token, and the token to go on with."""

    token: str
    changed: dict[str, Resource] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Files:
    """Contents and etags of resources by name; `gone` while we asked, `withheld` are there, but cannot be had."""

    texts: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)


class Collection:
    """A collection of events at its whole address."""

    def __init__(self, session: Session, address: str) -> None:
        self.session = session
        self.address = address if address.endswith("/") else f"{address}/"

    def at(self, name: str) -> str:
        """The address of the resource of that name."""
        return self.address + name

    def token(self) -> str:
        """The one that stands for how the collection is now; empty where the server cannot tell changes by it."""
        for each in self.session.propfind(self.address, [dav.SyncToken.tag, dav.SupportedReportSet.tag]):
            reports = each.props.get(dav.SupportedReportSet.tag)
            if reports is None or reports.find(f".//{dav.SyncCollection.tag}") is not None:
                return each.text(dav.SyncToken.tag)
        return ""

    def within(self, window: Window) -> Listed:
        """The events that touch the window, with their etags."""
        return self._members(multistatus(self.session.report(self.address, questions.events_within(window))))

    def of_uid(self, uid: str) -> Listed:
        """Events whose UID may be `uid`, with their contents."""
        return self._members(multistatus(self.session.report(self.address, questions.events_of(uid))))

    def _members(self, told: Multistatus) -> dict[str, Resource]:
        if any(each.status == _CUT_SHORT for each in told.resources):
            raise UnreadableError("The server tells no more than a part of this calendar.")
        return {name: each for each in told.resources if (name := name_in(self.address, each.address))}

    def changes(self, token: str) -> Changes:
        """What happened since `token`. Raises CursorInvalidError where the server does not know it (any more)."""
        found = Changes(token)
        for _ in range(_MOST_PAGES):
            answer = self.session.report(self.address, questions.changes_since(found.token), depth=0)
            told = self._understood(answer)
            before, found.token = found.token, told.token
            if not self._take(told, found):
                return found
            if before == found.token:
                break
        raise CursorInvalidError("The server comes to no end with telling what changed.")

    def _understood(self, answer: Fetched) -> Multistatus:
        # Servers disagree about the status by which they refuse a token. If it is not the token that they refuse, the
        # same will come of reading everything.
        if answer.status != HTTPStatus.MULTI_STATUS:
            raise CursorInvalidError(f"The server does not know where we left off (HTTP {answer.status}).")
        told = multistatus(answer)
        if not told.token:
            raise CursorInvalidError("The server does not say where to go on.")
        return told

    def _take(self, told: Multistatus, found: Changes) -> bool:
        """Add a part of the changes; whether more of them are to be asked for."""
        is_cut_short = False
        for each in told.resources:
            name = name_in(self.address, each.address)
            if not name:
                is_cut_short = is_cut_short or each.status == _CUT_SHORT
            elif each.status in _GONE:
                found.deleted.add(name)
                found.changed.pop(name, None)
            else:
                found.changed[name] = each
                found.deleted.discard(name)
        return is_cut_short

    def contents(self, wanted: Listed) -> Files:
        """The contents of resources, in batches."""
        files, left = Files(), iter(wanted.items())
        while some := dict(islice(left, AT_ONCE)):
            self._fetch(some, files)
            if sum(map(len, files.texts.values())) > _LARGEST:
                raise UnreadableError(f"This calendar is larger than {_LARGEST // 1_000_000} MB.")
        return files

    def _fetch(self, some: Listed, files: Files) -> None:
        paths = [urlsplit(each.address).path for each in some.values()]
        told = multistatus(self.session.report(self.address, questions.these(paths)))
        for name, each in self._members(told).items():
            if each.status in _GONE and name in some:
                files.gone.add(name)
            elif text := each.text(cdav.CalendarData.tag):
                files.texts[name], files.etags[name] = text.encode(), each.etag
        self._fetch_singly([name for name in some if name not in files.texts and name not in files.gone], some, files)

    def _fetch_singly(self, names: Sequence[str], some: Listed, files: Files) -> None:
        """Get what was left out of a report: servers do so with what was deleted, but also with what is broken."""
        if len(names) > _MOST_LEFT_OUT:
            raise TransientError("The server leaves out most of what it was asked for.")
        for name in names:
            answer = self.get(some[name].address)
            if answer.status == HTTPStatus.OK:
                files.texts[name], files.etags[name] = answer.body, plain(answer.headers.get("etag", ""))
            else:
                (files.gone if answer.status in _GONE else files.withheld).add(name)

    def get(self, address: str) -> Fetched:
        """A resource as it is. Compression is not asked for, as it changes etags on the way."""
        return self.session.ask("GET", address, headers={"Accept": "text/calendar", "Accept-Encoding": "identity"})

    def etag(self, name: str) -> str:
        """The etag of a resource as the server wrote it. Raises NotFoundError."""
        for each in self.session.propfind(self.at(name), [dav.GetEtag.tag]):
            if each.status == HTTPStatus.OK:
                return each.text(dav.GetEtag.tag)
        raise refusal(Fetched(HTTPStatus.NOT_FOUND, {}, b""))
