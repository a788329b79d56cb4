"""Reading a mail as people do: the words of its text, the words of its HTML."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Occasion, Rendered
from meeting_manager.notifications.rendering import render
from meeting_manager.notifications.samples import START, sample

_BLOCKS = {"p", "br", "td", "th", "tr", "div", "h1", "table"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self._href = ""
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden += tag == "head"
        if tag in _BLOCKS:
            self.parts.append(" ")
        if tag == "a":
            self._href, self._label = dict(attrs)["href"] or "", ""
            self.links.append(self._href)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "head"
        if tag in _BLOCKS:
            self.parts.append(" ")
        if tag == "a":
            says_it = self._href in {self._label, f"mailto:{self._label}"} or self._href.startswith("tel:")
            self.parts.append("" if says_it else f" {self._href} ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
            self._label += data


def page(html: str) -> _Page:
    read = _Page()
    read.feed(html)
    read.close()
    return read


def words_of_html(html: str) -> list[str]:
    """What is seen, in order; a link whose label does not say where it leads counts with its address."""
    return _words("".join(page(html).parts))


def words_of_text(text: str) -> list[str]:
    return _words(text)


def _words(text: str) -> list[str]:
    """Without the colons and the line that only the text has to set labels apart."""
    return [bare for word in text.split() if (bare := word.rstrip(":")) and bare != "--"]


def same(rendered: Rendered) -> bool:
    """Whether text and HTML say the same, in the same order."""
    return words_of_text(rendered.text) == words_of_html(rendered.html)


def occasion(message: Message, **changes: object) -> Occasion:
    """The sample occasion of a message, changed: fields of the booking, of its meeting type (`type_…`), of the
    recipient (`to_…`), and of the occasion itself."""
    made = sample(message)
    assert isinstance(made, Occasion)
    own: dict[str, Any] = {}
    to: dict[str, Any] = {}
    for name, value in changes.items():
        if name.startswith("type_"):
            setattr(made.booking.meeting_type, name.removeprefix("type_"), value)
        elif name.startswith("to_"):
            to[name.removeprefix("to_")] = value
        elif name in Occasion.__dataclass_fields__:
            own[name] = value
        else:
            assert hasattr(made.booking, name)
            setattr(made.booking, name, value)
    return replace(made, recipient=replace(made.recipient, **to), **own)


def told(message: Message, **changes: object) -> Rendered:
    """The message about the changed sample, told `ahead` of it (a timedelta); its text and HTML say the same."""
    ahead = changes.pop("ahead", timedelta(days=1))
    assert isinstance(ahead, timedelta)
    rendered = render(occasion(message, **changes), START - ahead)
    assert same(rendered)
    return rendered
