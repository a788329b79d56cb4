"""Catalogues made by tests, so that no test depends on what translators write."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.test import override_settings

OPEN, CLOSE = "⟦", "⟧"


@contextmanager
def translations(folder: Path, language: str, strings: Mapping[str, str]) -> Iterator[None]:
    """Meanwhile the product has these translations into `language`, and no others of ours."""
    catalog = Catalog(locale=language)
    for message, string in strings.items():
        catalog.add(message, string)
    with _using(folder, language, catalog):
        yield


@contextmanager
def marked(folder: Path, language: str, found: Catalog) -> Iterator[None]:
    """Meanwhile everything that can be translated stands in ⟦brackets⟧."""
    catalog = Catalog(locale=language)
    for message in found:
        if isinstance(message.id, str) and message.id:
            catalog.add(message.id, _mark(message.id), context=message.context)
        elif message.id:
            catalog.add(message.id, tuple(map(_mark, message.id)), context=message.context)
    with _using(folder, language, catalog):
        yield


def outside(text: str) -> str:
    """What of a text stands in no brackets."""
    depth, kept = 0, []
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        kept.append(sign if not depth and sign != CLOSE else " ")
    return "".join(kept)


def _mark(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


@contextmanager
def _using(folder: Path, language: str, catalog: Catalog) -> Iterator[None]:
    path = folder / language / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    with override_settings(LOCALE_PATHS=[folder]):
        yield
