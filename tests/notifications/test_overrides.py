"""A department's own words: who may write them, what may stand in them, and what happens when they cannot be used."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Occasion, Recipient, Rendered
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.occasions import whole
from meeting_manager.notifications.queries import texts_of
from meeting_manager.notifications.rendering import render
from meeting_manager.notifications.samples import preview
from meeting_manager.notifications.services.texts import reset_text, set_text
from meeting_manager.people.models import User
from tests.bookings.desk import Book
from tests.cast import NOW, Cast
from tests.notifications.reading import page, same

OURS = "Entirely our own"

pytestmark = pytest.mark.django_db

BOOKED = Message.CUSTOMER_BOOKED


def word(cast: Cast, *, subject: str = "", text: str = "", message: str = BOOKED, by: User | None = None) -> Rendered:
    """Word a message for Support and read it with sample data."""
    set_text(actor=by or cast.lead, department=cast.support, message=message, subject=subject, text=text, now=NOW)
    return read(cast.support, message)


def read(department: Department, message: str = BOOKED) -> Rendered:
    rendered = preview(Message(message), department)
    assert same(rendered)
    return rendered


def refusal(cast: Cast, *, subject: str = "", text: str = "", message: str = BOOKED) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        word(cast, subject=subject, text=text, message=message)
    assert not MailText.objects.exists()
    return refused.value.message_dict


def test_a_leader_words_a_message_for_the_department(cast: Cast) -> None:
    rendered = word(
        cast,
        subject="{{ meeting }} steht: {{short_when}}",
        text="Guten Tag {{ recipient_name }}",
    )
    assert rendered.subject == "30 Min Call steht: Tue 14 May 2030, 15:00 (Berlin)"
    assert "Guten Tag Ada Muster" in rendered.text
    assert "Hello" not in rendered.text
    assert rendered.note == ""


def test_other_departments_and_messages_keep_the_standard_words(cast: Cast) -> None:
    word(cast, text="Ours alone.")
    assert "Ours alone." not in read(cast.sales).text
    assert "Ours alone." not in read(cast.support, Message.CUSTOMER_CANCELLED).text


@pytest.mark.parametrize("field", ["subject", "text"])
def test_subject_and_text_are_worded_each_alone(cast: Cast, field: str) -> None:
    standard, own = read(cast.support), word(cast, subject=OURS * (field == "subject"), text=OURS * (field == "text"))
    assert getattr(own, field) != getattr(standard, field)
    other = "text" if field == "subject" else "subject"
    assert getattr(own, other) == getattr(standard, other)


def test_heading_facts_and_links_stay(cast: Cast) -> None:
    standard = page(read(cast.support).html).links
    rendered = word(cast, text="Short.")
    assert page(rendered.html).links == standard
    for part in (
        "Your meeting is confirmed",
        "When: Tuesday, 14 May 2030",
        "Reference: BK-A7F92K1X",
        "Cancel the meeting",
    ):
        assert part in rendered.text


def test_the_html_is_made_of_the_text(cast: Cast) -> None:
    rendered = word(cast, text="Dear <you> & all,\r\n\r\nread https://docs.example/a?b=1&c=2, please.\nYours")
    assert "Dear <you> & all,\n\nread https://docs.example/a?b=1&c=2, please.\nYours" in rendered.text
    assert "Dear &lt;you&gt; &amp; all," in rendered.html
    assert page(rendered.html).links[0] == "https://docs.example/a?b=1&c=2"


def test_values_are_taken_as_they_are(cast: Cast) -> None:
    Department.objects.filter(pk=cast.support.pk).update(department_name="{{ reference }} <b>")
    cast.support.refresh_from_db()
    assert "From {{ reference }} <b>." in word(cast, text="From {{ department }}.").text


def test_system_managers_may_word_them_too_and_nobody_else(cast: Cast) -> None:
    word(cast, subject="Of the admin", by=cast.admin)
    for outsider in (cast.sarah, cast.outsider):
        with pytest.raises(PermissionDenied):
            word(cast, subject="Mine", by=outsider)
        with pytest.raises(PermissionDenied):
            reset_text(actor=outsider, department=cast.support, message=BOOKED)
    assert read(cast.support).subject == "Of the admin"


def test_an_unknown_placeholder_is_refused_by_name_with_the_known_ones(cast: Cast) -> None:
    (problem,) = refusal(cast, text="Hello {{ customer_nam }}")["text"]
    assert problem.startswith("Text: {{ customer_nam }} is not a placeholder of this message.")
    assert "recipient_name" in problem
    assert "manage_link" in problem


def test_a_placeholder_of_another_message_is_unknown(cast: Cast) -> None:
    assert "{{ old_when }}" in refusal(cast, subject="{{ old_when }}")["subject"][0]


@pytest.mark.parametrize("code", ["{{ booking.name }}", "{{ when|upper }}", "{{ 7*7 }}", "{{ }}", "{{ when() }}"])
def test_placeholders_are_names_and_nothing_more(cast: Cast, code: str) -> None:
    assert "is not a placeholder" in refusal(cast, text=code)["text"][0]


@pytest.mark.parametrize("broken", ["{{ when", "when }}", "{ when }", "{% load x %}", "{{ {{ when }} }}", "}{"])
def test_unbalanced_braces_are_refused(cast: Cast, broken: str) -> None:
    assert "text" in refusal(cast, text=broken)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"subject": "a\nBcc: b@example.com"}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "nul\x00"}, "text"),
        ({"text": "x", "message": "customer_bocked"}, "message"),
        ({"text": "x", "message": "delivery_trouble"}, "message"),
    ],
)
def test_what_no_mail_can_be_is_refused(cast: Cast, words: dict[str, str], field: str) -> None:
    assert list(refusal(cast, **words)) == [field]


def test_both_fields_are_judged_at_once(cast: Cast) -> None:
    assert set(refusal(cast, subject="{{ a }}", text="{{ b }}")) == {"subject", "text"}


def test_words_are_taken_back_by_reset_or_by_emptying_both(cast: Cast) -> None:
    for take_back in (
        lambda: reset_text(actor=cast.lead, department=cast.support, message=BOOKED),
        lambda: word(cast, subject="", text="  "),
    ):
        word(cast, subject="Ours")
        take_back()
        assert read(cast.support).subject.startswith("Confirmed:")
        assert not MailText.objects.exists()


def test_setting_again_replaces_and_keeps_who_it_was(cast: Cast) -> None:
    word(cast, subject="First")
    word(cast, subject="Second", by=cast.admin)
    (stored,) = texts_of(cast.support)
    assert (stored.subject, stored.modified_by, stored.modified_at) == ("Second", cast.admin, NOW)


@pytest.mark.parametrize("broken", ["{{ retired_name }}", "{{ when", "{{ how_to_join }}{% x %}"])
def test_what_can_no_longer_be_used_gives_way_to_the_standard_and_says_so(cast: Cast, broken: str) -> None:
    standard = read(cast.support)
    MailText.objects.create(
        department=cast.support,
        message=BOOKED,
        subject="Still fine",
        text=broken,
        modified_at=NOW,
        modified_by=cast.lead,
    )
    rendered = read(cast.support)
    assert rendered.subject == "Still fine"
    assert rendered.text == standard.text
    assert rendered.note.startswith("The department's own text was not used.")


def test_a_subject_that_comes_out_empty_gives_way_too(cast: Cast) -> None:
    rendered = word(cast, subject="{{ former_hosts }}", message=Message.CUSTOMER_RESCHEDULED)
    assert rendered.subject.startswith("New time:")
    assert "subject was not used. It is empty for this booking." in rendered.note


def test_own_words_cost_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    word(cast, subject="Ours", text="Ours")
    with django_assert_num_queries(1):
        preview(BOOKED, cast.support)


def test_a_stored_booking_costs_no_more(
    cast: Cast, book: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    booking = whole(book().name)
    recipient = Recipient(booking.customer_email, Role.CUSTOMER, booking.customer_name, "America/New_York")
    with django_assert_num_queries(1):
        rendered = render(Occasion(BOOKED, booking, recipient), NOW)
    assert rendered.subject == "Confirmed: 30 Min Call with Support, Tue 8 Dec 2026, 05:00 (New York)"


def test_own_words_read_in_the_direction_of_their_language(cast: Cast) -> None:
    assert '<p dir="auto"' in word(cast, text="שלום {{ recipient_name }}").html
    assert '<p dir="auto"' not in read(cast.sales).html
