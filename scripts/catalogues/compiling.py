"""Catalogues in the form that the product reads: `django.mo` beside each `django.po`."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(folder: Path) -> None:
    """Effect: writes the compiled form of every catalogue below `folder`."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compile_one(path)


def compile_one(path: Path) -> None:
    """Effect: writes the compiled form of one catalogue; what is not translated, or only fuzzily, stays English."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3])
    # Babel would write plural forms that are empty, and people would read nothing.
    for message in [each for each in catalog if each.id and not all(each.string or ("",))]:
        catalog.delete(message.id, message.context)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


if __name__ == "__main__":
    for given in sys.argv[1:]:
        compile_one(Path(given))
