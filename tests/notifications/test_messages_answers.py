"""What mails say of the answers to a meeting type's questions, and to whom."""

import pytest

from meeting_manager.notifications.choices import Message
from tests.notifications.reading import page, told

pytestmark = pytest.mark.engine

ANSWERS = [
    {"key": "roof", "label": "Kind of roof?", "type": "Choice", "value": "Flat"},
    {"key": "dog", "label": "There is a dog", "type": "Checkbox", "value": False},
    {"key": "door", "label": "Phone at the door", "type": "Phone", "value": "+49 30 (90) 1820"},
    {"key": "bell", "label": "Name on the bell", "type": "Text", "value": "Dombrowski"},
    {"key": "story", "label": "What happened", "type": "Long Text", "value": "It rained.\n\nIt rained in."},
]
TO_STAFF = (
    Message.HOST_BOOKED,
    Message.HOST_ASSIGNED,
    Message.HOST_REMINDER,
    Message.STAFF_BOOKED,
    Message.STAFF_APPROVAL_ASKED,
)
TO_CUSTOMERS = (Message.CUSTOMER_BOOKED, Message.CUSTOMER_AWAITING, Message.CUSTOMER_REMINDER)


@pytest.mark.parametrize("message", TO_STAFF)
def test_staff_read_every_answer(message: Message) -> None:
    rendered = told(message, answers=ANSWERS)
    for line in ("Kind of roof? Flat", "There is a dog: No", "Phone at the door: +49 30 (90) 1820"):
        assert line in rendered.text
    assert "Name on the bell: Dombrowski" in rendered.text
    assert "What happened: It rained.\n  It rained in." in rendered.text
    assert "tel:+4930901820" in page(rendered.html).links


@pytest.mark.parametrize("message", TO_CUSTOMERS)
def test_customers_read_what_they_chose_but_not_what_anybody_could_have_written(message: Message) -> None:
    rendered = told(message, answers=ANSWERS)
    assert "Kind of roof? Flat" in rendered.text
    assert "There is a dog: No" in rendered.text
    assert "Phone at the door: +49 30 (90) 1820" in rendered.text
    for own in ("bell", "Dombrowski", "rained"):
        assert own not in rendered.text + rendered.html


@pytest.mark.parametrize(
    "message", [Message.PARTICIPANT_INVITED, Message.PARTICIPANT_REMINDER, Message.CUSTOMER_CANCELLED]
)
def test_to_others_and_in_what_ends_a_meeting_nothing_is_said_of_them(message: Message) -> None:
    assert "roof" not in told(message, answers=ANSWERS).text
