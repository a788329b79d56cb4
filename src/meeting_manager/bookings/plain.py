"""Rich text as plain lines, for calendars and whatever else shows no formatting."""

from html.parser import HTMLParser

_BREAKS = {"p", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre", "hr", "div", "tr"}
_SILENT = {"script", "style"}


def plain_text(html: str, longest: int) -> str:
    """The text of sanitised HTML, without empty lines, cut with an ellipsis after `longest` characters."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return shortened("\n".join(filter(None, lines)), longest)


def shortened(text: str, longest: int) -> str:
    """The text, cut with an ellipsis after `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._link = ""
        self._is_silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_silent = tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n• " if tag == "li" else "\n")
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        self._is_silent = False
        if tag in _BREAKS:
            self.parts.append("\n")
        if tag == "a" and self._link and not "".join(self.parts).endswith(self._link):
            self.parts.append(f" ({self._link})")

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.parts.append(data.replace("\n", " "))
