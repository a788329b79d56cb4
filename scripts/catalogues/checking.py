"""What a catalogue lacks, and translations that would break where they are used."""

import re
from collections.abc import Iterator, Sequence

from babel.messages import Catalog
from babel.messages.catalog import Message

_NAMED = re.compile(r"%\((\w+)\)")
_BRACES = re.compile(r"\{\w*\}|[{}]")
_TAG = re.compile(r"</?[a-z][^>]*>")
_LONGEST_SHOWN = 70


class _Values(dict[str, int]):
    """A value for every name."""

    def __missing__(self, name: str) -> int:
        return 1


def faults(catalog: Catalog, found: Catalog) -> list[str]:
    """What is wrong with `catalog`, a line each; `found` is what the product says."""
    there = {_key(message): message for message in catalog if message.id}
    wanted = {_key(message): message for message in found if message.id}
    missing = [f"missing: {_shown(message)}" for key, message in wanted.items() if key not in there]
    obsolete = [f"no longer said: {_shown(message)}" for key, message in there.items() if key not in wanted]
    dropped = [f"left over: {_shown(message)}" for message in catalog.obsolete.values()]
    wrong = [f"{fault}: {_shown(message)}" for message in there.values() for fault in _wrong(message, catalog)]
    return missing + obsolete + dropped + wrong


def _wrong(message: Message, catalog: Catalog) -> Iterator[str]:
    strings = _strings(message.string)
    if not all(strings) or not strings:
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if message.pluralizable and len(strings) != catalog.num_plurals:
        yield f"{catalog.num_plurals} plural forms wanted"
    for number, string in enumerate(strings):
        yield from _broken(message, string, number)


def _broken(message: Message, string: str, number: int) -> Iterator[str]:
    """Faults of one translation. The first plural form names what English names for one, or for several: in French it
    is for 0 too, so that a number may be needed that English puts in words."""
    ids = _strings(message.id)
    names = [set(_NAMED.findall(each)) for each in ids]
    given = set(_NAMED.findall(string))
    if given not in (names[-1:] if number else names):
        yield "other placeholders"
    elif "python-format" in message.flags and not _can_be_filled(string):
        yield "a % that is none of a placeholder"
    for pattern, what in ((_BRACES, "other braces"), (_TAG, "other tags")):
        if sorted(pattern.findall(string)) not in [sorted(pattern.findall(each)) for each in ids]:
            yield what
    if _edges(string) not in [_edges(each) for each in ids]:
        yield "other blanks at an edge"


def _can_be_filled(string: str) -> bool:
    try:
        string % _Values()
    except (TypeError, ValueError):
        return False
    return True


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _strings(given: str | Sequence[str] | None) -> list[str]:
    return [given] if isinstance(given, str) else list(given or ())


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, tuple(_strings(message.id))


def _shown(message: Message) -> str:
    text = " ".join(_strings(message.id)[0].split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
