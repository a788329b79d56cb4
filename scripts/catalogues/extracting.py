"""Every message of the product, from its code and its templates."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract as extract_from
from django.utils.translation.template import templatize

from scripts.catalogues import ROOT, SOURCE

COMMENTS = ("Translators:",)
_TEMPLATES = {".html", ".txt", ".mjml"}
_ONE, _PLURAL, _IN_CONTEXT, _PLURAL_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
_KEYWORDS = {
    f"{name}{ending}": arguments
    for name, arguments in {
        "gettext": _ONE,
        "ngettext": _PLURAL,
        "pgettext": _IN_CONTEXT,
        "npgettext": _PLURAL_IN_CONTEXT,
    }.items()
    for ending in ("", "_lazy", "_noop")
} | {"_": _ONE}


def extract(source: Path = SOURCE, root: Path = ROOT) -> Catalog:
    """The messages of all files below `source`, named by their path from `root`."""
    catalog = Catalog()
    for path in sorted(_files(source)):
        for _line, message, comments, context in _messages(path):
            name = path.relative_to(root).as_posix()
            catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def _files(source: Path) -> Iterator[Path]:
    yield from (path for path in source.rglob("*.py") if "migrations" not in path.parts)
    templates = (path for folder in source.glob("*/templates") for path in folder.rglob("*"))
    yield from (path for path in templates if path.suffix in _TEMPLATES)


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else _as_code(text, path)
    options = {"encoding": "utf-8"}
    yield from extract_from("python", BytesIO(code.encode()), _KEYWORDS, COMMENTS, options, strip_comment_tags=True)


def _as_code(template: str, path: Path) -> str:
    """Calls of gettext as the template makes them; indentation there means nothing, while in Python it would."""
    return "\n".join(line.strip() for line in templatize(template, origin=str(path)).split("\n"))
