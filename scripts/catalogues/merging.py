"""Bringing a catalogue in step with the messages there are, so that a diff shows what changed and nothing else."""

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import write_po

from scripts.catalogues import FOLDER, LANGUAGES, path_of, read


def update(language: str, found: Catalog, folder: Path = FOLDER) -> None:
    """Effect: writes the catalogue with all of `found`, with the translations it has, without what is no longer said.

    A message whose English changed is a new one: a translation of something else helps nobody.
    """
    catalog = read(language, folder)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(language, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_header(language) + _body(catalog))


def _body(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, sort_output=True, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()


def _header(language: str) -> bytes:
    lines = (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {get_plural(language)}",
    )
    head = f'# Meeting Manager in {LANGUAGES[language]}; scripts/messages keeps it in step.\nmsgid ""\nmsgstr ""\n'
    return (head + "".join(f'"{line}\\n"\n' for line in lines) + "\n").encode()
