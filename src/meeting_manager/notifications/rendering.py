"""Messages in words: subject, text and HTML that say the same.

The words of a message are its `body.txt`, heading first, or the department's own. `layout.txt` sets them as text; the
message's `body.mjml`, on top of `layout.mjml`, as HTML. So there is one place for each sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context, engines
from django.template.loader import render_to_string
from django.utils import translation
from mjml import mjml2html

from meeting_manager.notifications import queries, texts
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Notice, Occasion, Rendered
from meeting_manager.notifications.messages import Content, content_of, notice_content
from meeting_manager.notifications.models import MailText
from meeting_manager.people.languages import ENGLISH

_LONGEST_IN_SUBJECT = 60
_TONES = {"plain": "#2450c8", "good": "#14693b", "wait": "#b26a00", "bad": "#b3261e"}
"""What the card's upper edge shows besides the heading's words."""

_KEPT_BREAK = "\u2028"
"""A line break within a value, while those of a template are only blanks."""
_BLANKS = re.compile(r"[ \t\n]+")
_PARAGRAPH = re.compile(r"^[ \t]*¶", re.MULTILINE)
"""What begins a paragraph of a template, where lines and blanks mean nothing;."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, those that make text run backwards, and what no mail can hold."""


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    heading: str
    text: str
    is_own: bool = False
    """Whether the text is the department's, in whatever language it writes."""
    note: str = ""


def render(what: Occasion | Notice, now: datetime) -> Rendered:
    """The message in the active language; `now` (aware UTC) is when it is told.

    At most one query, for the department's own words. Whatever people typed is shown as they typed it, less control
    characters; own words that cannot be used give way to the standard ones, and `note` says so.
    """
    if isinstance(what, Notice):
        return _rendered(what, notice_content(what), None)
    own = queries.text_of(what.booking.meeting_type.department_id, what.message)
    return _rendered(what, content_of(what, now), own)


def _rendered(what: Occasion | Notice, content: Content, own: MailText | None) -> Rendered:
    names = {**content.flags, **content.words, "role": what.recipient.role.value, "site_url": settings.SITE_URL}
    words = _worded(_standard(what.message.value, names), own, content.words)
    pieces = {
        "subject": words.subject,
        "heading": words.heading,
        "words": words.text,
        "is_own": words.is_own,
        "paragraphs": texts.paragraphs(words.text),
        "facts": content.facts,
        "actions": content.actions,
        "footer": _prose("notifications/parts/footer.txt", names),
        "unsubscribe": content.unsubscribe,
        "tones": _TONES,
    }
    mjml = render_to_string(f"notifications/{what.message.value}/body.mjml", pieces)
    text = _clean(_plain("notifications/layout.txt", pieces)).strip("\n") + "\n"
    html = mjml2html(_clean(mjml), fonts={})  # else names of fonts make the mail fetch them from Google
    return Rendered(words.subject, text, html, words.note)


def _standard(message: str, names: Mapping[str, Any]) -> _Words:
    heading, *paragraphs = _prose(f"notifications/{message}/body.txt", names)
    subject = _plain(f"notifications/{message}/subject.txt", _shortened(names))
    return _Words(_one_line(subject), heading, "\n\n".join(paragraphs))


def _worded(standard: _Words, own: MailText | None, words: Mapping[str, str]) -> _Words:
    """The department's own words where it has some that can be used, else the standard ones."""
    if own is None:
        return standard
    notes: list[str] = []
    subject = _own(own, "subject", _shortened(words), notes)
    text = _own(own, "text", words, notes)
    return _Words(
        subject=_one_line(subject) or standard.subject,
        heading=standard.heading,
        text=text.strip() or standard.text,
        is_own=bool(text.strip()),
        note=" ".join(notes),
    )


def _own(own: MailText, field: str, words: Mapping[str, Any], notes: list[str]) -> str:
    """The own subject or text with its values; empty, with a note, where it cannot be used."""
    given = getattr(own, field)
    with translation.override(ENGLISH):  # notes are for the timeline, not for the reader
        try:
            filled = texts.fill(given, Message(own.message), words)
        except ValidationError as error:
            why = " ".join(error.messages)
        else:
            why = "" if filled.strip() or not given else "It is empty for this booking."
    if not why:
        return filled
    notes.append(f"The department's own {field} was not used. {why}")
    return ""


def _prose(template: str, names: Mapping[str, Any]) -> list[str]:
    """The paragraphs of a template, those that came out empty left out."""
    kept = {name: _breaks_kept(value) for name, value in names.items()}
    paragraphs = _PARAGRAPH.split(_plain(template, kept))
    lines = (_BLANKS.sub(" ", paragraph).strip(" ") for paragraph in paragraphs)
    return [line.replace(_KEPT_BREAK, "\n") for line in lines if line]


def _breaks_kept(value: object) -> object:
    return "\n".join(value.splitlines()).replace("\n", _KEPT_BREAK) if isinstance(value, str) else value


def _shortened(names: Mapping[str, Any]) -> dict[str, Any]:
    """Values that leave a subject room for what comes after them."""
    return {name: _short(value) if isinstance(value, str) else value for name, value in names.items()}


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_IN_SUBJECT else f"{value[: _LONGEST_IN_SUBJECT - 1].rstrip()}…"


def _one_line(subject: str) -> str:
    """A subject that is one line, so that no name can begin another header."""
    line = " ".join(_clean(subject).split())
    return line if len(line) <= texts.LONGEST_SUBJECT else f"{line[: texts.LONGEST_SUBJECT - 1].rstrip()}…"


def _plain(template: str, names: Mapping[str, Any]) -> str:
    found = engines["django"].engine.get_template(template)  # type: ignore[attr-defined]
    return str(found.render(Context(dict(names), autoescape=False)))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace(_KEPT_BREAK, "\n"))
