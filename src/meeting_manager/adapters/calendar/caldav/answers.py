"""What a server answers: a multistatus (RFC 4918), whose resources and properties each have a status of their own."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, unquote, urljoin, urlsplit

from caldav.elements import dav
from lxml import etree

from meeting_manager.adapters.calendar.errors import TransientError, UnreadableError
from meeting_manager.adapters.fetching import Fetched

_PLAIN = "@!$&'()*+,;=:"
_LONGEST_NAME = 900
_PROLOG = 10_000
_NOT_PLAIN = "The server's answer is a page, or defines entities, which are not read."


@dataclass(frozen=True, slots=True)
class Resource:
    """What was said of one resource. `address` is whole; `props` are those that there are, by their names."""

    address: str
    status: int
    props: Mapping[str, etree._Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value of a property; empty where there is none."""
        prop = self.props.get(name)
        return "" if prop is None else (prop.text or "").strip()

    def hrefs(self, name: str) -> Sequence[str]:
        """The addresses that a property leads to, whole."""
        prop = self.props.get(name)
        found = [] if prop is None else prop.findall(dav.Href.tag)
        return [joined(self.address, each.text.strip()) for each in found if each.text]

    @property
    def etag(self) -> str:
        return plain(self.text(dav.GetEtag.tag))


@dataclass(frozen=True, slots=True)
class Multistatus:
    """All that was said, and the token to go on with where one was asked for."""

    resources: Sequence[Resource]
    token: str = ""


def read_multistatus(answer: Fetched) -> Multistatus:
    """Read an answer. Raises TransientError where it breaks off or is no XML, UnreadableError where it is another one.

    A document that defines entities is refused, and none is ever looked up.
    """
    root = _parsed(answer.body)
    if root.tag != dav.MultiStatus.tag:
        raise UnreadableError("The server answers with something other than what was asked for.")
    token = root.findtext(dav.SyncToken.tag) or ""
    return Multistatus([_resource(each, answer.address) for each in root.iterfind(dav.Response.tag)], token.strip())


def _parsed(body: bytes) -> etree._Element:
    if b"<!DOCTYPE" in body[:_PROLOG]:
        raise UnreadableError(_NOT_PLAIN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TransientError("The server's answer breaks off, or is no XML.") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(_NOT_PLAIN)  # however it was encoded
    return root


def _resource(response: etree._Element, base: str) -> Resource:
    address = joined(base, (response.findtext(dav.Href.tag) or "").strip())
    told = response.findtext(dav.Status.tag)
    return Resource(address, _code(told) if told else HTTPStatus.OK, dict(_props(response)))


def _props(response: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for propstat in response.iterfind(dav.PropStat.tag):
        if _code(propstat.findtext(dav.Status.tag) or "") == HTTPStatus.OK:
            for prop in propstat.iterfind(dav.Prop.tag):
                yield from ((str(each.tag), each) for each in prop)


def _code(status: str) -> int:
    """The number in a line such as "HTTP/1.1 200 OK"; 200 where it is missing."""
    number = [*status.split(), "", ""][1]
    return int(number) if number.isdigit() else HTTPStatus.OK


def joined(base: str, href: str) -> str:
    """Where `href` leads, seen from `base`; `base` where it makes no sense."""
    try:
        return urljoin(base, href)
    except ValueError:
        return base


def plain(etag: str) -> str:
    """An etag without the mark of a weak one, by which proxies replace strong ones."""
    return etag.strip().removeprefix("W/")


def name_in(collection: str, address: str) -> str:
    """What a resource is called in its collection: the last part of its address, always quoted in the same way, so that
    it holds no "/"; empty for the collection itself and for folders in it."""
    path, whole = urlsplit(address).path, urlsplit(collection).path
    if unquote(path).rstrip("/") == unquote(whole).rstrip("/"):
        return ""
    name = quote(unquote(path.rpartition("/")[2]), safe=_PLAIN)
    return name if len(name) <= _LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()
