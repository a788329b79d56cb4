"""Rich text, made harmless when it is written."""

import nh3

_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "s", "strong",
    "sub", "sup", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def clean_rich_text(html: str) -> str:
    """`html` with nothing left but plain formatting and links: no script, style, image, frame or event handler.

    Every description and bio goes through here before it is stored; templates may then show it unescaped. Cleaning
    a clean text changes nothing.
    """
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES).strip()
