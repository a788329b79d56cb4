"""The tools of translators: nothing is overlooked, nothing lost, nothing broken let through."""

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from scripts.catalogues import LANGUAGES, path_of, read
from scripts.catalogues.checking import faults
from scripts.catalogues.compiling import compile_one
from scripts.catalogues.extracting import extract
from scripts.catalogues.merging import update

CODE = """
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

# Translators: said at the door
a = _("Hello %(name)s")
b = ngettext("%(n)d day", "%(n)d days", n)
c = pgettext_lazy("month", "May")
"""
PAGE = """
{% load i18n %}
{# Translators: on the button #}
  <b>{% translate "It's open" %}</b>
{% blocktranslate count number=days|length trimmed %}
    {{ number }} time
  {% plural %}
    {{ number }} times
{% endblocktranslate %}
{{ place|default:_("As agreed") }}
"""
WHOLE = """
msgid "Hello %(name)s"
msgstr "Hallo %(name)s"

msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d Tag"
msgstr[1] "%(n)d Tage"
"""


@pytest.fixture
def found(tmp_path: Path) -> Catalog:
    templates = tmp_path / "room" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "room" / "code.py").write_text(CODE)
    for name in ("page.html", "mail.txt", "mail.mjml"):
        (templates / name).write_text(PAGE)
    return extract(tmp_path, tmp_path)


def in_german(text: str) -> Catalog:
    return read_po(BytesIO(text.encode()), locale="de")


def said(*messages: str | tuple[str, str]) -> Catalog:
    catalog = Catalog()
    for message in messages:
        catalog.add(message)
    return catalog


HELLO, DAYS = "Hello %(name)s", ("%(n)d day", "%(n)d days")


def test_messages_of_code_and_templates_are_found_with_plurals_contexts_and_comments(found: Catalog) -> None:
    by_id = {message.id: message for message in found if message.id}
    assert set(by_id) == {HELLO, DAYS, "May", "It's open", ("%(number)s time", "%(number)s times"), "As agreed"}
    assert by_id["May"].context == "month"
    assert by_id[HELLO].auto_comments == ["said at the door"]
    assert by_id["It's open"].auto_comments[:1] == ["on the button"]
    assert {name for name, _line in by_id["As agreed"].locations} == {
        f"room/templates/{name}" for name in ("page.html", "mail.txt", "mail.mjml")
    }


def test_an_update_keeps_translations_and_comments_and_drops_what_is_no_longer_said(tmp_path: Path) -> None:
    update("de", said(HELLO, "Gone"), tmp_path)
    path = path_of("de", tmp_path)
    filled = path.read_text().replace(
        f'msgid "{HELLO}"\nmsgstr ""', f'# informal\nmsgid "{HELLO}"\nmsgstr "Hallo %(name)s"'
    )
    path.write_text(filled)
    update("de", said(HELLO, "New"), tmp_path)
    text = path.read_text()
    assert "Hallo %(name)s" in text
    assert "# informal" in text
    assert "Gone" not in text
    update("de", said(HELLO, "New"), tmp_path)
    assert path.read_text() == text


def test_a_message_that_changed_is_new_and_not_guessed_at(tmp_path: Path) -> None:
    update("de", said("You have one new meeting"), tmp_path)
    path = path_of("de", tmp_path)
    path.write_text(path.read_text().replace('meeting"\nmsgstr ""', 'meeting"\nmsgstr "Ein neues Treffen"'))
    update("de", said("You have two new meetings"), tmp_path)
    assert faults(read("de", tmp_path), said("You have two new meetings")) == [
        "not translated: You have two new meetings"
    ]


def test_a_whole_catalogue_has_no_faults() -> None:
    assert faults(in_german(WHOLE), said(HELLO, DAYS)) == []


@pytest.mark.parametrize(
    ("there", "instead", "fault"),
    [
        ('msgstr "Hallo %(name)s"', 'msgstr ""', "not translated"),
        ('msgstr "Hallo %(name)s"', 'msgstr "Hallo"', "other placeholders"),
        ('msgstr "Hallo %(name)s"', 'msgstr "Hallo %(Name)s"', "other placeholders"),
        ('msgstr "Hallo %(name)s"', 'msgstr "Hallo %(name)"', "a % that is none of a placeholder"),
        ('msgstr "Hallo %(name)s"', 'msgstr "Hallo %(name)s 100 %"', "a % that is none of a placeholder"),
        ('msgstr "Hallo %(name)s"', 'msgstr "Hallo {name} %(name)s"', "other braces"),
        ('msgstr "Hallo %(name)s"', 'msgstr "<b>Hallo</b> %(name)s"', "other tags"),
        ('msgstr "Hallo %(name)s"', 'msgstr " Hallo %(name)s"', "other blanks at an edge"),
        ('msgid "Hello', '#, fuzzy\nmsgid "Hello', "fuzzy"),
        ('msgstr[1] "%(n)d Tage"', 'msgstr[1] "Tage"', "other placeholders"),
        ('msgstr[1] "%(n)d Tage"', 'msgstr[1] ""', "not translated"),
        ('msgstr[1] "%(n)d Tage"\n', "", "not translated"),
        ('\nmsgid "Hello', '\n#~ msgid "Old"\n#~ msgstr "Alt"\n\nmsgid "Hello', "left over"),
    ],
)
def test_a_translation_that_is_missing_or_would_break_is_named(there: str, instead: str, fault: str) -> None:
    assert there in WHOLE
    (told,) = faults(in_german(WHOLE.replace(there, instead, 1)), said(HELLO, DAYS))
    assert told.startswith(fault)


def test_messages_that_the_catalogue_lacks_or_has_for_nothing_are_named() -> None:
    told = faults(in_german(WHOLE), said(HELLO, "New"))
    assert told == ["missing: New", "no longer said: %(n)d day"]


def test_compiled_catalogues_hold_what_is_translated_and_nothing_empty(tmp_path: Path) -> None:
    path = path_of("de", tmp_path)
    path.parent.mkdir(parents=True)
    empty = 'msgid "%(n)d hour"\nmsgid_plural "%(n)d hours"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    path.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n{WHOLE}\n{empty}')
    compile_one(path)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext(HELLO) == "Hallo %(name)s"
    assert compiled.ngettext("%(n)d hour", "%(n)d hours", 2) == "%(n)d hours"


def test_every_language_of_the_site_but_english_has_a_catalogue() -> None:
    from django.conf import settings

    assert {code for code, _name in settings.LANGUAGES} == {"en", *LANGUAGES}
    assert all(path_of(language).exists() for language in LANGUAGES)
