"""Rich text as plain lines, so that text and HTML say the same."""

from html.parser import HTMLParser

_BREAKS = {"p", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre", "hr", "div", "tr"}
_SILENT = {"script", "style"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.silent = tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n• " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(data.split("\n")))


def lines(html: str, longest: int) -> list[str]:
    """The text of sanitised HTML by lines, cut with an ellipsis after `longest` characters."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    whole = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))))
    cut = whole if len(whole) <= longest else f"{whole[: longest - 1].rstrip()}…"
    return cut.split("\n")
