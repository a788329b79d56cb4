"""What servers are asked, as XML, made of the elements of the library `caldav`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement
from lxml import etree

from meeting_manager.adapters.calendar.protocol import Window

_MARGIN = timedelta(days=2)
"""Servers read whole days and floating times in zones of their own, so a little more is asked for than is wanted."""


class _Named(BaseElement):
    """Any element, by its name, with nothing in it but perhaps a text."""

    def __init__(self, tag: str, text: str | None = None) -> None:
        super().__init__(value=text)
        self.tag = tag  # type: ignore[misc]  # the library has a class for each


def properties(names: Iterable[str]) -> bytes:
    """PROPFIND: the values of these properties."""
    return _written(dav.Propfind() + _prop(names))


def events_within(window: Window) -> bytes:
    """REPORT: the etags of all events that touch the window, or nearly so."""
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in window)
    return _query(cdav.TimeRange(start - _MARGIN, end + _MARGIN), [dav.GetEtag.tag])


def events_of(uid: str) -> bytes:
    """REPORT: the events whose UID is, or contains, `uid`."""
    return _query(cdav.PropFilter("UID") + cdav.TextMatch(uid), [dav.GetEtag.tag, cdav.CalendarData.tag])


def _query(condition: BaseElement, names: Sequence[str]) -> bytes:
    events = cdav.CompFilter("VEVENT") + condition
    chosen = cdav.Filter() + (cdav.CompFilter("VCALENDAR") + events)
    return _written(_filled(cdav.CalendarQuery(), [_prop(names), chosen]))


def these(paths: Iterable[str]) -> bytes:
    """REPORT: the contents of these resources."""
    wanted = [_Named(dav.Href.tag, path) for path in paths]
    return _written(_filled(cdav.CalendarMultiGet(), [_prop([dav.GetEtag.tag, cdav.CalendarData.tag]), *wanted]))


def changes_since(token: str) -> bytes:
    """REPORT: what is new, changed or gone since `token` (RFC 6578)."""
    parts = [_Named(dav.SyncToken.tag, token), _Named(dav.SyncLevel.tag, "1"), _prop([dav.GetEtag.tag])]
    return _written(_filled(dav.SyncCollection(), parts))


def _prop(names: Iterable[str]) -> BaseElement:
    return _filled(dav.Prop(), [_Named(name) for name in names])


def _filled(element: BaseElement, parts: Sequence[BaseElement]) -> BaseElement:
    return element + parts


def _written(element: BaseElement) -> bytes:
    return bytes(etree.tostring(element.xmlelement(), encoding="utf-8", xml_declaration=True))
