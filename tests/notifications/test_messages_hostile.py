"""Whatever people type, a mail stays whole: nothing in it becomes markup, a header, a template or a lure."""

import unicodedata
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Rendered
from meeting_manager.notifications.texts import LONGEST_SUBJECT, WORDABLE
from tests.notifications.reading import page, told

pytestmark = pytest.mark.engine

SHOWING_MOST = (
    Message.CUSTOMER_BOOKED,
    Message.HOST_ASSIGNED,
    Message.STAFF_APPROVAL_ASKED,
    Message.CUSTOMER_THANK_YOU,
)
FIELDS = ("customer_name", "customer_notes", "meeting_title", "meeting_location", "customer_phone")
SPITEFUL = (
    "<b>bold</b> <script>alert(1)</script>",
    "</mj-text></mj-column><mj-raw><img src=x onerror=alert(1)></mj-raw>",
    "]]> <!-- --> <![CDATA[ <?php &nbsp; &amp; &#0; &bogus;",
    "\"quotes\" 'single' `back` a=b",
    "{{ customer_email }} {% include 'x' %} {# no #} %(name)s %s {0}",
    "¶ a paragraph\n¶ another\n\n\n¶",
    "😀 👩‍👩‍👧 e\u0301 ﷽",
    "שלום עולם مرحبا",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "nul\x00 bell\x07 escape\x1b[31m \x85 \u2028 \u2029 \ufffe",
    "half a pair \ud83d",
    "Subject: injected\r\nBcc: victim@example.com",
    "x" * 300,
)


def with_everywhere(text: str, message: Message) -> Rendered:
    fields = dict.fromkeys(FIELDS, text)
    own = {"reason": text, "by_whom": text, "to_name": text, "type_meeting_name": text, "type_next_steps": text}
    kinds = ("Text", "Long Text", "Choice", "Phone")
    answers = [{"key": kind, "label": text, "type": kind, "value": text} for kind in kinds]
    return told(message, **fields, **own, meeting_description=text, answers=answers)


def is_sound(rendered: Rendered) -> bool:
    """Markup and links are those of ours alone, the subject one line."""
    expected, got = page(told(Message.HOST_ASSIGNED).html), page(rendered.html)
    assert set(got.tags) <= {*expected.tags, "span", "strong"}
    assert rendered.html.rstrip().endswith("</html>")
    assert not any(link.lower().startswith("javascript:") for link in got.links)
    assert not any(unicodedata.category(sign) == "Cc" for sign in rendered.subject)
    return len(rendered.subject) <= LONGEST_SUBJECT


@pytest.mark.parametrize("message", SHOWING_MOST)
@pytest.mark.parametrize("text", SPITEFUL)
def test_spiteful_words_are_only_words(text: str, message: Message) -> None:
    assert is_sound(with_everywhere(text, message))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80), message=st.sampled_from(WORDABLE))
def test_any_words_are_only_words(text: str, message: Message) -> None:
    assert is_sound(with_everywhere(text, message))


def test_markup_is_shown_as_it_was_typed() -> None:
    rendered = told(Message.HOST_BOOKED, customer_notes="1 < 2 & <b>3</b> {{ x }}")
    assert "Notes: 1 < 2 & <b>3</b> {{ x }}" in rendered.text
    assert "1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt; {{ x }}" in rendered.html


def test_notes_keep_their_lines() -> None:
    rendered = told(Message.HOST_BOOKED, customer_notes="first\n\nsecond")
    assert "Notes: first\n  second\n" in rendered.text


def test_a_name_cannot_begin_another_header() -> None:
    rendered = told(Message.HOST_BOOKED, customer_name="Ada\r\nBcc: victim@example.com")
    mail = EmailMultiAlternatives(rendered.subject, rendered.text, "a@example.com", ["b@example.com"])
    parsed = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == rendered.subject


def test_long_names_leave_room_for_the_time_in_the_subject() -> None:
    rendered = told(Message.HOST_BOOKED, customer_name="Ada " * 35, meeting_title="Talk " * 50)
    assert "Tue 14 May 2030, 14:00 (London)" in rendered.subject
    assert rendered.subject.count("…") == 2


def test_very_long_notes_are_told_whole() -> None:
    notes = "\n".join(f"line {number}" for number in range(2_000))
    assert "line 1999" in told(Message.HOST_BOOKED, customer_notes=notes).text


@pytest.mark.parametrize("lure", ["Visit https://win.example now", "WWW.win.example"])
def test_a_name_that_is_a_link_advertises_to_nobody(lure: str) -> None:
    rendered = told(Message.CUSTOMER_BOOKED, customer_name=lure, to_name=lure, meeting_title=f"30 Min Call - {lure}")
    assert "win.example" not in (rendered.subject + rendered.text + rendered.html).lower()
    assert "\nHello,\n" in rendered.text


@pytest.mark.parametrize("message", [Message.HOST_RESCHEDULED, Message.PARTICIPANT_RESCHEDULED])
def test_nor_does_the_name_of_who_changed_something(message: Message) -> None:
    rendered = told(message, by_whom="Visit https://win.example now")
    assert "win.example" not in rendered.text + rendered.html
    assert "This meeting was moved to another time." in rendered.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//win.example"])
def test_only_web_addresses_become_links(url: str) -> None:
    rendered = told(Message.CUSTOMER_REMINDER, video_meeting_url=url)
    assert url not in page(rendered.html).links
    assert "Join the video call" not in rendered.text


def test_a_right_to_left_language_turns_the_page_round() -> None:
    with translation.override("he"):
        rendered = told(Message.CUSTOMER_BOOKED)
    assert '<html lang="he" dir="rtl"' in rendered.html
    assert "direction:ltr" not in rendered.html
    assert "text-align: left" not in rendered.html


def test_a_name_that_runs_left_does_not_turn_the_time_behind_it() -> None:
    assert "For שרה\u200e: 15:00–15:30" in told(Message.HOST_BOOKED, customer_name="שרה").text
    assert "For Ada: 15:00–15:30" in told(Message.HOST_BOOKED, customer_name="Ada").text


def test_names_read_in_their_own_direction() -> None:
    assert '<td dir="auto"' in told(Message.HOST_BOOKED, customer_name="שרה").html
