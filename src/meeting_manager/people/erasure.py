"""The neutral words that stand where somebody's data was erased, and how their data is known in what others wrote.

Addresses keep a number, so that two erased people of one booking stay two; their domain is one that mail never reaches.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ERASED_NAME = "Erased person"
ERASED_TEXT = "Personal data was erased."
ERASED_AT = "@erased.invalid"
"""How every address ends that stands for one that was erased."""

_SHORTEST = 3
"""A name of fewer letters stands in too many texts that are about somebody else."""


def erased_address(*numbers: int) -> str:
    """The address that stands for one that was erased."""
    return f"erased-{'-'.join(map(str, numbers))}{ERASED_AT}"


def is_erased(address: str) -> bool:
    """Whether this stands for an address that was erased; nothing can be sent there."""
    return address.endswith(ERASED_AT)


@dataclass(frozen=True)
class Person:
    """Somebody whose data is to be erased: by address and, where they are known, by the names they gave."""

    address: str
    names: frozenset[str] = frozenset()
    instead: str = field(default="", compare=False)
    """What the address becomes; empty: the general address of erased people."""

    def is_named_in(self, text: str) -> bool:
        """Whether the address, or a whole name, stands in the text."""
        return bool(self._known.search(text))

    def is_hinted_in(self, text: str) -> bool:
        """As `is_named_in`, but a first or last name alone is enough: for texts about this person."""
        return bool(self._hinted.search(text))

    @cached_property
    def _known(self) -> re.Pattern[str]:
        return _any_of([self.address, *self.names])

    @cached_property
    def _hinted(self) -> re.Pattern[str]:
        parts = [part for name in self.names for part in re.findall(r"\w+", name)]
        return _any_of([self.address, *self.names, *parts])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    known = sorted({re.escape(word) for word in words if len(word) >= _SHORTEST}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)" if known else r"(?!)", re.IGNORECASE)


def scrub(value: Any, people: Collection[Person], *, free: Collection[str] = ()) -> Any:  # noqa: ANN401 - JSON
    """`value`, JSON, without these people: an address becomes its stand-in, a name the neutral one, and a text that
    names somebody is replaced whole. Under keys of `free` every text is replaced.
    """
    if isinstance(value, Mapping):
        return {
            key: ERASED_TEXT if key in free and isinstance(inner, str) and inner else scrub(inner, people, free=free)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [scrub(inner, people, free=free) for inner in value]
    return scrub_text(value, people) if isinstance(value, str) else value


def scrub_text(text: str, people: Collection[Person]) -> str:
    """A text without these people, as in `scrub`."""
    for one in people:
        if text.lower() == one.address:
            return one.instead or erased_address(0)
        if text in one.names:
            return ERASED_NAME
        if one.is_named_in(text):
            return ERASED_TEXT
    return text
