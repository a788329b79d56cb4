"""Finding the calendars of somebody who knows little more than the name of their server (RFC 6764, RFC 4791)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from caldav.elements import cdav, dav

from meeting_manager.adapters.calendar.caldav.answers import Resource, joined
from meeting_manager.adapters.calendar.caldav.session import Session, multistatus
from meeting_manager.adapters.calendar.errors import NotFoundError, TransientError
from meeting_manager.adapters.calendar.protocol import CalendarChoice
from meeting_manager.adapters.errors import RefusedError
from meeting_manager.adapters.fetching.addresses import Network

_WELL_KNOWN = "/.well-known/caldav"
_CALENDAR = (
    dav.ResourceType.tag,
    dav.DisplayName.tag,
    dav.CurrentUserPrivilegeSet.tag,
    cdav.SupportedCalendarComponentSet.tag,
)
_WAYS_ON = (dav.CurrentUserPrincipal.tag, cdav.CalendarHomeSet.tag, cdav.CalendarUserAddressSet.tag)
_WRITE, _ALL = "{DAV:}write", "{DAV:}all"
_PARTS_OF_WRITE = frozenset({"{DAV:}write-content", "{DAV:}bind", "{DAV:}unbind"})
_LONGEST_NAME = 140
_NOTHING = "No calendars were found at this address. Please give the CalDAV address of the server."


@dataclass(slots=True)
class _Found:
    homes: Sequence[str] = ()
    email: str = ""
    itself: Sequence[Resource] = field(default_factory=list)
    """The calendar that was named, where the address is one."""


class CalDAVAccount:
    """Somebody's account at the server that `address` names: a host, any page of it, or a calendar; a CalendarAccount.

    Without a scheme https is meant. `seconds` is the patience for each call. Raises AuthRevokedError where the password
    is not taken, NotFoundError where there are no calendars to be found, and the rest of `errors.py`.
    """

    def __init__(
        self, address: str, username: str, password: str, *, allowed: Sequence[Network] = (), seconds: float = 20.0
    ) -> None:
        self._start = _whole(address)
        self._username = username
        self._password = password
        self._allowed = allowed
        self._seconds = seconds

    def address(self) -> str:
        """The e-mail address that the server knows, else the user name."""
        if "@" in self._username:
            return self._username
        with self._session() as session:
            return self._found(session).email or self._username

    def calendars(self) -> Sequence[CalendarChoice]:
        """Those that hold events; if one of them was named itself, it comes first and is the primary one."""
        with self._session() as session:
            found = self._found(session)
            named = [_choice(each, is_primary=True) for each in found.itself]
            others = [_choice(each) for home in found.homes for each in _collections(session, home)]
        choices: dict[str, CalendarChoice] = {}
        for each in [*named, *others]:
            choices.setdefault(each.id, each)
        return list(choices.values())

    def _session(self) -> Session:
        return Session(self._start, self._username, self._password, allowed=self._allowed, seconds=self._seconds)

    def _found(self, session: Session) -> _Found:
        trouble: TransientError | None = None
        for start in _starts(self._start):
            try:
                told = _look(session, start)
            except TransientError as error:
                trouble = trouble or error
                continue
            if told and (found := _followed(session, told)):
                return found
        raise trouble or NotFoundError(_NOTHING)


def _whole(address: str) -> str:
    typed = address.strip()
    if "://" in typed:
        return typed
    return "https://" + (typed.rpartition("@")[2] if "/" not in typed else typed)


def _starts(address: str) -> Iterator[str]:
    """Where to begin: what was named, where it is more than a host; else where the standard says; and the top."""
    if urlsplit(address).path.strip("/"):
        yield address
    yield joined(address, _WELL_KNOWN)
    yield joined(address, "/")


def _look(session: Session, address: str) -> Resource | None:
    """What is at an address; none where it is no place of CalDAV."""
    answer = _propfound(session, address)
    if answer and not _ways(answer) and not _is_calendar(answer):
        # Some servers show strangers an empty front instead of asking who they are.
        session.credentials.insist()
        answer = _propfound(session, address)
    return answer


def _propfound(session: Session, address: str) -> Resource | None:
    answer = session.propfound(address, [*_CALENDAR, *_WAYS_ON])
    try:
        told = multistatus(answer).resources
    except RefusedError:
        return None
    return next((each for each in told if each.status == HTTPStatus.OK), None)


def _followed(session: Session, told: Resource) -> _Found | None:
    """What a place leads to: by its principal, or by itself; none where it leads nowhere."""
    principals = told.hrefs(dav.CurrentUserPrincipal.tag)
    own = _look(session, principals[0]) if principals else None
    places = [own, told] if own else [told]
    homes = [home for each in places for home in each.hrefs(cdav.CalendarHomeSet.tag)]
    emails = [email for each in places for email in _emails(each)]
    itself = [told] if _is_calendar(told) else []
    if not homes and not itself:
        return None
    return _Found(tuple(dict.fromkeys(homes)), next(iter(emails), ""), itself)


def _emails(place: Resource) -> Iterator[str]:
    for address in place.hrefs(cdav.CalendarUserAddressSet.tag):
        scheme, _, email = unquote(address).partition(":")
        if scheme.lower() == "mailto" and "@" in email:
            yield email.strip().lower()


def _ways(place: Resource) -> bool:
    return any(place.hrefs(name) for name in _WAYS_ON)


def _collections(session: Session, home: str) -> Iterator[Resource]:
    return filter(_is_calendar, session.propfind(home, _CALENDAR, depth=1))


def _is_calendar(place: Resource) -> bool:
    """Whether it holds events; where a server does not say what it holds, it is anything."""
    kinds = place.props.get(dav.ResourceType.tag)
    if kinds is None or kinds.find(cdav.Calendar.tag) is None:
        return False
    held = place.props.get(cdav.SupportedCalendarComponentSet.tag)
    return held is None or len(held) == 0 or "VEVENT" in {str(each.get("name", "")).upper() for each in held}


def _choice(calendar: Resource, *, is_primary: bool = False) -> CalendarChoice:
    name = calendar.text(dav.DisplayName.tag) or unquote(urlsplit(calendar.address).path.rstrip("/").rpartition("/")[2])
    address = calendar.address if calendar.address.endswith("/") else f"{calendar.address}/"
    return CalendarChoice(address, name[:_LONGEST_NAME], _is_writable(calendar), is_primary)


def _is_writable(calendar: Resource) -> bool:
    told = calendar.props.get(dav.CurrentUserPrivilegeSet.tag)
    if told is None:
        return True
    rights = {str(each.tag) for each in told.iterfind("{DAV:}privilege/*")}
    return bool(rights & {_WRITE, _ALL}) or rights >= _PARTS_OF_WRITE
