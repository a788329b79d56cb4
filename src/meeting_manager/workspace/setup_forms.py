"""What the forms for setting up have in common: groups of fields, boxes beside their words, rich text as typed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import linebreaks, strip_tags
from django.utils.translation import gettext_lazy as _

from meeting_manager.web.forms import RefusableForm

_PLAIN_MARKUP = re.compile(r"</?(p|br)\s*/?>")
_TAG = re.compile(r"<[a-zA-Z/]")

Group = tuple[str | Promise, Sequence[str]]


class SetupForm(RefusableForm):
    """A form whose fields bear the names of a service, shown in `GROUPS`: a heading and the names under it."""

    GROUPS: ClassVar[Sequence[Group]] = ()

    def groups(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        """Each heading with its fields."""
        for heading, names in self.GROUPS:
            yield heading, [self[name] for name in names if name in self.fields]

    def only_read(self) -> None:
        """Show what holds to those who may not change it."""
        for field in self.fields.values():
            field.disabled = True


class RichText(forms.CharField):
    """Rich text, typed plainly or as simple HTML; text without any markup becomes paragraphs."""

    widget = forms.Textarea(
        attrs={
            "rows": 6,
            "data-rich": "",
            "data-bold": _("Bold"),
            "data-italic": _("Italic"),
            "data-list": _("List"),
            "data-link": _("Link"),
            "data-address": _("Where does the link lead?"),
        }
    )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """How what is stored is typed: without markup where there are paragraphs only."""
        return as_typed(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's own signature
        """The HTML; services sanitise it."""
        return as_html(super().clean(value))


def as_html(typed: str) -> str:
    """Text with markup as it stands; text without it in paragraphs."""
    return typed if _TAG.search(typed) else linebreaks(typed, autoescape=True) if typed else ""


def as_typed(html: str) -> str:
    """The text of paragraphs; what says more than those stays HTML."""
    if _TAG.search(_PLAIN_MARKUP.sub("", html)) or "&lt;" in html:
        return html
    lines = re.sub(r"<br\s*/?>\n?", "\n", html)
    apart = re.sub(r"</p>\s*<p>", "\n\n", lines)
    return _unescaped(strip_tags(apart))


def changes_of(form: forms.Form, stored: object) -> dict[str, object]:
    """What the form asks for that is not so yet: a form that was sent unchanged asks for nothing."""
    return {name: value for name, value in form.cleaned_data.items() if getattr(stored, name) != value}


def initial_of(stored: object, names: Mapping[str, object]) -> dict[str, object]:
    """What a form about `stored` begins with."""
    return {name: getattr(stored, name) for name in names}


def _unescaped(text: str) -> str:
    for entity, sign in (("&quot;", '"'), ("&#x27;", "'"), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
