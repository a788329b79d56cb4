"""What is stored sealed, and what is stored clean."""

import pytest
from django.test import override_settings

from meeting_manager.people.richtext import clean_rich_text
from meeting_manager.people.sealing import UnreadableError, seal, unseal


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    sealed = seal(b"a secret")
    assert b"a secret" not in sealed
    assert unseal(sealed) == b"a secret"


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    sealed = seal(b"a secret")
    with pytest.raises(UnreadableError), override_settings(SEAL_KEY="another key, just as long as the first"):
        unseal(sealed)
    with pytest.raises(UnreadableError):
        unseal(sealed[:-2] + b"AA")


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("plain & simple", "plain &amp; simple"),
        ("<script>alert(1)</script>x", "x"),
        ('<img src=x onerror="alert(1)">x', "x"),
        ('<p style="position:fixed">x</p>', "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer">x</a>'),
        ('<a href="https://a.example">x</a>', '<a href="https://a.example" rel="noopener noreferrer">x</a>'),
        ("<iframe src=//a></iframe><svg/onload=alert(1)>", ""),
        ("<ul><li><strong>x</strong></li></ul>", "<ul><li><strong>x</strong></li></ul>"),
    ],
)
def test_rich_text_keeps_plain_formatting_and_nothing_that_runs(html: str, clean: str) -> None:
    assert clean_rich_text(html) == clean
    assert clean_rich_text(clean) == clean
