"""The catalogues of translations: what is in them, whether they are whole, and the form that the product reads.

A message is what the product says in English. Babel does it all, so that nobody needs the programs of GNU gettext.
"""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "meeting_manager"
FOLDER = SOURCE / "locale"
LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish", "da": "Danish"}


def path_of(language: str, folder: Path = FOLDER) -> Path:
    """Where the catalogue of a language is."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(language: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language as it is kept; empty where there is none yet."""
    path = path_of(language, folder)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)
