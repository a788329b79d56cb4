"""The pieces a message is made of; the layouts `layout.txt` and `layout.mjml` show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SCHEMES = ("https://", "http://", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a link whose text says where it leads, for the text of a mail shows nothing else.

    `look`: "strong", "soft", or neither.
    """

    text: str
    url: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the table; `is_past` where it no longer holds."""

    label: str
    lines: tuple[Line, ...]
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something the recipient may do, behind a link."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. `words` are the names of its templates and of a department's own text, all plain strings;
    `flags` is what the templates decide on; the first of `actions` becomes the button.
    """

    words: Mapping[str, str]
    facts: tuple[Fact, ...]
    actions: tuple[Action, ...] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)
    unsubscribe: Action | None = None


def link(url: str, text: str = "") -> Line:
    """A link, shown as itself where it has no text; what is no web, mail or telephone address stays text."""
    return Line(text or url, url if url.lower().startswith(_SCHEMES) else "")


def fact(label: str, *lines: str | Line, is_past: bool = False) -> tuple[Fact, ...]:
    """A row without its empty lines; none where nothing is left."""
    whole = tuple(Line(line) if isinstance(line, str) else line for line in lines)
    kept = tuple(line for line in whole if line.text.strip())
    return (Fact(label, kept, is_past),) if kept else ()


def mapping(*groups: Mapping[str, str]) -> dict[str, str]:
    """All names of several groups."""
    return {name: value for group in groups for name, value in group.items()}
