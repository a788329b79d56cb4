"""Every message in words: complete, the same in text and HTML, and to each reader only what is theirs."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.template import engines
from django.urls import resolve

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.links import answer_url, cancel_url, link_token, manage_url, reschedule_url, workspace_url
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Before, Notice, Occasion
from meeting_manager.notifications.messages import content_of
from meeting_manager.notifications.messages.contents import OF_BOOKINGS, OF_NOTICES
from meeting_manager.notifications.rendering import render
from meeting_manager.notifications.samples import START, sample
from meeting_manager.notifications.texts import LONGEST_SUBJECT, PLACEHOLDERS, placeholders
from tests.notifications.reading import occasion, page, same, told, words_of_html

pytestmark = pytest.mark.engine

ABOUT_BOOKINGS = list(OF_BOOKINGS)
TO_CUSTOMERS = [message for message in ABOUT_BOOKINGS if message.value.startswith("customer")]
TO_PARTICIPANTS = [message for message in Message if message.value.startswith("participant")]
TO_STAFF = [message for message in ABOUT_BOOKINGS if message not in {*TO_CUSTOMERS, *TO_PARTICIPANTS}]
NOW = START - timedelta(days=1)


def test_every_message_has_one_function_and_three_templates() -> None:
    assert {*OF_BOOKINGS, *OF_NOTICES} == set(Message)
    for message in Message:
        for name in ("subject.txt", "body.txt", "body.mjml"):
            engines["django"].get_template(f"notifications/{message.value}/{name}")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("message", ABOUT_BOOKINGS)
def test_every_message_is_whole_for_every_role(message: Message, role: Role) -> None:
    rendered = told(message, to_role=role)
    assert rendered.note == ""
    assert 0 < len(rendered.subject) <= LONGEST_SUBJECT
    for leftover in ("{{", "{%", "None", "¶", "\u2028"):
        assert leftover not in rendered.subject + rendered.text


@pytest.mark.parametrize("message", OF_NOTICES)
@pytest.mark.parametrize("role", [Role.HOST, Role.ADMIN])
def test_every_notice_is_whole(message: Message, role: Role) -> None:
    made = sample(message)
    rendered = render(replace(made, recipient=replace(made.recipient, role=role)), NOW)
    assert same(rendered)
    assert "{{" not in rendered.subject + rendered.text


@pytest.mark.parametrize("message", Message)
def test_the_html_is_a_page_that_everybody_can_read_and_that_calls_nobody(message: Message) -> None:
    rendered = render(sample(message), NOW)
    read = page(rendered.html)
    assert '<html lang="en" dir="ltr"' in rendered.html
    assert '<meta name="color-scheme" content="light dark"' in rendered.html
    assert read.tags.count("h1") == 1
    assert not {"img", "script", "link", "iframe", "form"} & set(read.tags)
    assert not any(sign in rendered.html for sign in ("src=", "url(", "@import", "background="))
    assert read.tags.count("th") == rendered.html.count('<th scope="row"')


@pytest.mark.parametrize("message", ABOUT_BOOKINGS)
def test_the_names_of_a_message_are_those_that_are_documented(message: Message) -> None:
    given = content_of(occasion(message), NOW).words
    assert set(given) == set(placeholders(message)) <= set(PLACEHOLDERS)
    assert all(isinstance(value, str) for value in given.values())


@pytest.mark.parametrize("message", ABOUT_BOOKINGS)
def test_the_subject_says_what_and_when_in_one_line(message: Message) -> None:
    subject = told(message, to_zone="Europe/Berlin").subject
    assert "Tue 14 May 2030, 15:00 (Berlin)" in subject
    assert subject.index("Tue 14 May") < 50


@pytest.mark.parametrize("message", [*TO_PARTICIPANTS, *TO_STAFF])
def test_nobody_but_the_customer_gets_the_customers_links(message: Message) -> None:
    rendered = told(message)
    assert link_token(occasion(message).booking) not in rendered.text + rendered.html


@pytest.mark.parametrize("message", [*TO_CUSTOMERS, *TO_PARTICIPANTS])
def test_customers_and_participants_read_nothing_that_is_for_staff(message: Message) -> None:
    rendered = told(message)
    for secret in ("/workspace/", "cannot sign in since the update", "901820"):
        assert secret not in rendered.text + rendered.html


@pytest.mark.parametrize("message", TO_PARTICIPANTS)
def test_participants_read_nothing_of_the_customer_and_answer_by_their_own_link(message: Message) -> None:
    about = occasion(message)
    rendered = told(message)
    assert "ada@customer.example" not in rendered.text + rendered.html
    has_answer = message != Message.PARTICIPANT_CANCELLED
    assert (answer_url(about.booking, about.recipient.address) in rendered.text) is has_answer


@pytest.mark.parametrize("message", ABOUT_BOOKINGS)
def test_every_link_of_ours_leads_to_a_page_that_is_there(message: Message) -> None:
    ours = [link for link in page(told(message).html).links if link.startswith(settings.SITE_URL)]
    for link in ours:
        resolve(urlsplit(link).path)
    has_lost_it = message in {Message.HOST_UNASSIGNED, Message.PARTICIPANT_CANCELLED}
    assert bool(ours) is not has_lost_it


def test_a_confirmation_names_host_time_place_and_reference_and_leads_on() -> None:
    rendered = told(Message.CUSTOMER_BOOKED)
    booking = occasion(Message.CUSTOMER_BOOKED).booking
    for part in (
        "Sarah Keller",
        "Tuesday, 14 May 2030, 15:00–15:30",
        "https://meet.example/ada-and-sarah",
        "BK-A7F92K1X",
    ):
        assert part in rendered.text
    expected = [manage_url(booking), reschedule_url(booking), cancel_url(booking)]
    assert page(rendered.html).links[-3:] == expected
    assert [url for url in expected if url in rendered.text.split()] == expected


def test_an_approval_is_good_news() -> None:
    assert "Good news" not in told(Message.CUSTOMER_BOOKED).text
    assert "Good news: Support confirmed your request." in told(Message.CUSTOMER_BOOKED, more={"approved": True}).text


def test_a_request_is_not_called_confirmed_and_shows_no_link_to_the_call() -> None:
    rendered = told(Message.CUSTOMER_AWAITING)
    assert "It is not confirmed yet: Support decides about it first." in rendered.text
    assert "Withdraw the request" in rendered.text
    assert "meet.example/ada" not in rendered.text
    assert "Sarah" not in rendered.text


@pytest.mark.parametrize("message", [Message.CUSTOMER_RESCHEDULED, Message.HOST_RESCHEDULED, Message.STAFF_RESCHEDULED])
def test_a_move_tells_both_times_who_and_why(message: Message) -> None:
    rendered = told(message, to_zone="Europe/Berlin")
    assert "New time: Tuesday, 14 May 2030, 15:00–15:30\n  Europe/Berlin (UTC+2)" in rendered.text
    assert "Old time: Monday, 13 May 2030, 15:00–15:30\n  Europe/Berlin (UTC+2)" in rendered.text
    assert "Jane Fuchs of Support moved" in rendered.text
    assert "Reason: Sarah has to be at a workshop that day." in rendered.text


@pytest.mark.parametrize("message", [Message.CUSTOMER_RESCHEDULED, Message.HOST_RESCHEDULED, Message.STAFF_RESCHEDULED])
def test_a_move_into_the_open_says_that_it_is_undecided(message: Message) -> None:
    undecided = ("not confirmed yet", "still awaits approval")
    confirmed = told(message).text
    pending = told(message, booking_status=BookingStatus.PENDING).text
    assert not any(sign in confirmed for sign in undecided)
    assert any(sign in pending for sign in undecided)
    assert "invitation in this mail" not in pending


@pytest.mark.parametrize(
    ("by_whom", "sentence"),
    [
        ("you", "Your meeting is cancelled, as you asked."),
        ("Sarah of Support", "Sarah of Support cancelled your meeting."),
        ("", "your meeting does not take place."),
    ],
)
def test_a_cancellation_says_by_whom(by_whom: str, sentence: str) -> None:
    assert sentence in told(Message.CUSTOMER_CANCELLED, by_whom=by_whom).text


def test_nobody_is_said_to_have_cancelled_what_ran_out_of_time() -> None:
    rendered = told(Message.CUSTOMER_CANCELLED, by_whom="you", reason="Not approved in time", more={"expired": True})
    assert "nobody could decide about your request in time" in rendered.text
    assert "as you asked" not in rendered.text
    assert "Not approved in time" not in rendered.text


@pytest.mark.parametrize("message", [Message.CUSTOMER_REJECTED, Message.CUSTOMER_CANCELLED, Message.CUSTOMER_NO_SHOW])
@pytest.mark.parametrize("closed", ["type_is_active", "type_is_public"])
def test_customers_are_led_to_booking_again_where_they_can(message: Message, closed: str) -> None:
    url = "http://127.0.0.1:8000/book/support/30-min-call"
    assert url in told(message).text
    closed_now = told(message, **{closed: False}).text
    assert url not in closed_now
    assert "welcome to choose" not in closed_now


def test_a_new_host_is_named_with_the_former_one() -> None:
    assert "You will meet Sarah Keller of Support instead of Mike Osei." in told(Message.CUSTOMER_REASSIGNED).text
    assert "Now with: Sarah Keller" in told(Message.HOST_UNASSIGNED).text
    assert "Until now: Mike Osei" in told(Message.HOST_ASSIGNED).text


def test_who_lost_a_meeting_is_told_of_the_time_they_knew() -> None:
    earlier = Before(START - timedelta(days=3), START - timedelta(days=3, minutes=-30), ("Mike Osei",))
    rendered = told(Message.HOST_UNASSIGNED, before=earlier)
    assert "Saturday, 11 May 2030" in rendered.text
    assert "Sat 11 May" in rendered.subject
    assert "14 May" not in rendered.text


@pytest.mark.parametrize("message", [Message.HOST_BOOKED, Message.STAFF_BOOKED, Message.STAFF_APPROVAL_ASKED])
def test_staff_read_what_the_customer_told_us(message: Message) -> None:
    rendered = told(message)
    for part in ("Ada Muster", "ada@customer.example", "+49 30 901820", "We cannot sign in since the update."):
        assert part in rendered.text
    assert workspace_url(occasion(message).booking) in rendered.text
    assert {"mailto:ada@customer.example", "tel:+4930901820"} <= set(page(rendered.html).links)


def test_a_mail_decides_nothing() -> None:
    rendered = told(Message.STAFF_APPROVAL_ASKED)
    assert page(rendered.html).links[-1] == workspace_url(occasion(Message.STAFF_APPROVAL_ASKED).booking)
    assert "token=" not in rendered.text


@pytest.mark.parametrize("message", [*TO_STAFF, *TO_PARTICIPANTS])
def test_an_internal_meeting_has_no_customer(message: Message) -> None:
    nobody = dict.fromkeys(("customer_name", "customer_email", "customer_phone", "customer_notes"), "")
    rendered = told(
        message,
        is_internal=True,
        meeting_title="Q1 Planning",
        meeting_description="<h3>Agenda</h3><ul><li>Goals &amp; plans</li></ul>",
        customer_timezone="",
        **nobody,
    )
    assert "Q1 Planning" in rendered.subject
    assert not {"Customer", "E-mail", "answer"} & {word.strip(".") for word in words_of_html(rendered.html)[:-20]}
    assert "reaches ." not in rendered.text
    assert "mailto:" not in rendered.html
    assert "  " not in rendered.subject


def test_an_invitation_shows_the_agenda_and_who_invites() -> None:
    rendered = told(
        Message.PARTICIPANT_INVITED,
        is_internal=True,
        by_whom="Lena Brandt of Support",
        meeting_description="<h3>Agenda</h3><ul><li>Goals &amp; plans</li></ul>",
    )
    assert "Lena Brandt of Support invites you" in rendered.text
    assert "About: Agenda\n  • Goals & plans\n" in rendered.text


def test_who_approved_a_request_is_not_who_invites() -> None:
    rendered = told(Message.PARTICIPANT_INVITED, by_whom="Lena Brandt of Support", more={"approved": True})
    assert "Sarah Keller of Support invites you" in rendered.text


def test_who_is_no_longer_invited_does_not_hear_that_the_meeting_is_off() -> None:
    rendered = told(Message.PARTICIPANT_CANCELLED, booking_status=BookingStatus.CONFIRMED)
    assert rendered.subject.startswith("No longer invited:")
    assert "cancelled" not in rendered.text
    assert "workshop" not in rendered.text


@pytest.mark.parametrize(
    ("ahead", "left"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(hours=23, minutes=58), "24 hours"),
        (timedelta(hours=1, seconds=-40), "1 hour"),
        (timedelta(minutes=44, seconds=30), "45 minutes"),
        (timedelta(minutes=4, seconds=10), "4 minutes"),
        (timedelta(seconds=20), "a moment"),
    ],
)
def test_a_reminder_says_how_long_it_still_is(ahead: timedelta, left: str) -> None:
    assert f"Your meeting begins in {left}\n" in told(Message.CUSTOMER_REMINDER, ahead=ahead).text


@pytest.mark.parametrize("message", [Message.CUSTOMER_REMINDER, Message.HOST_REMINDER, Message.PARTICIPANT_REMINDER])
def test_a_reminder_leads_into_the_call_first(message: Message) -> None:
    rendered = told(message)
    join = rendered.text.index("Join the video call:\nhttps://meet.example/ada-and-sarah")
    assert join < rendered.text.index("127.0.0.1")
    assert "Join the video call" not in told(message, video_meeting_url="").text


def test_feedback_goes_to_the_types_page_or_to_the_host() -> None:
    assert "Tell us how it was:\nhttps://feedback.example/call" in told(Message.CUSTOMER_THANK_YOU).text
    by_mail = "mailto:sarah@bestsecurity.example?subject=Feedback%20on%20BK-A7F92K1X"
    assert by_mail in page(told(Message.CUSTOMER_THANK_YOU, type_feedback_url="").html).links


def test_next_steps_keep_their_lines_and_are_left_out_where_there_are_none() -> None:
    text = told(Message.CUSTOMER_THANK_YOU).text
    assert "What comes next:\n\nWe send you a summary within two days.\nYour case stays open" in text
    assert "What comes next" not in told(Message.CUSTOMER_THANK_YOU, type_next_steps="").text


@pytest.mark.parametrize("message", ABOUT_BOOKINGS)
def test_only_what_nobody_needs_can_be_unsubscribed(message: Message) -> None:
    is_follow_up = message in {Message.CUSTOMER_NO_SHOW, Message.CUSTOMER_THANK_YOU}
    assert ("/unsubscribe/" in told(message).text) is is_follow_up


def test_a_calendar_notice_says_what_is_wrong_since_when_and_what_to_do() -> None:
    rendered = render(sample(Message.CALENDAR_TROUBLE), NOW)
    for part in ("The server refused the password.", "Monday, 13 May 2030, 14:00 Europe/London (UTC+1)", "/accounts/"):
        assert part in rendered.text
    assert rendered.subject == "Your calendar “Work” needs attention"


def test_a_notice_to_system_managers_names_the_owner() -> None:
    made = sample(Message.CALENDAR_TROUBLE)
    rendered = render(replace(made, recipient=replace(made.recipient, role=Role.ADMIN)), NOW)
    assert "“Work” of sarah@bestsecurity.example needs attention" in rendered.subject


@pytest.mark.parametrize(("counts", "subject"), [((1,), "one delivery failed"), ((3, 1), "4 deliveries failed")])
def test_failed_deliveries_are_counted(counts: tuple[int, ...], subject: str) -> None:
    made = sample(Message.DELIVERY_TROUBLE)
    assert isinstance(made, Notice)
    kinds = [{"kind": "mail", "count": count, "since": ""} for count in counts]
    rendered = render(replace(made, facts={**made.facts, "kinds": kinds}), NOW)
    assert subject in rendered.subject
    assert f"Mails: {counts[0]} given up" in rendered.text


def test_whoever_answers_a_staff_mail_knows_whom_it_reaches() -> None:
    assert "An answer to this mail reaches Ada Muster." in told(Message.HOST_BOOKED).text
    assert "Questions? Simply answer this mail." in told(Message.CUSTOMER_BOOKED).text


def test_a_title_that_somebody_chose_is_shown_one_that_was_made_is_not() -> None:
    assert "Meeting: 30 Min Call\n" in told(Message.CUSTOMER_BOOKED).text
    assert "Meeting: Sign-in trouble\n" in told(Message.CUSTOMER_CHANGED, meeting_title="Sign-in trouble").text


def test_a_phone_call_says_who_calls_whom() -> None:
    by_phone = {"location_type": "Phone Call", "video_meeting_url": ""}
    assert "we call you at +49 30 901820" in told(Message.CUSTOMER_BOOKED, **by_phone).text
    assert "call Ada Muster at +49 30 901820" in told(Message.HOST_BOOKED, **by_phone).text
    assert "901820" not in told(Message.PARTICIPANT_INVITED, **by_phone).text


def test_the_sample_of_each_message_is_about_its_reader() -> None:
    assert all(isinstance(sample(message), Occasion) for message in ABOUT_BOOKINGS)
    assert {sample(message).recipient.role for message in Message} == set(Role)
