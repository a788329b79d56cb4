"""Whatever people type, it arrives in calendars as they typed it, and as nothing else."""

from collections.abc import Callable
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from meeting_manager.bookings import queries
from meeting_manager.bookings.invitation import mail_part
from meeting_manager.bookings.models import Booking
from tests.bookings.desk import JOHN, Book
from tests.second_parser import SecondParser

pytestmark = pytest.mark.django_db

SARAH = "sarah@bestsecurity.example"
WILD = st.one_of(
    st.text(min_size=1, max_size=120),
    st.text(
        alphabet=",;:\\\"'^nN\r\n\t ={}%BEGIN\x00\x07\x0b\x7f\x85\u2028\u202e\u200d👩‍🚒אب", min_size=1, max_size=200
    ),
)
NASTY = (
    "a,b;c:d\\e",
    "C:\\New\\\\Name\\n, \\; \\,",
    "\r\nATTENDEE:mailto:eve@evil.example\r\nX:",
    "END:VEVENT\nBEGIN:VEVENT",
    'x";CN="Ada":mailto:eve@evil.example',
    "^n^'^^ 👩‍🚒 " + "é" * 400,
    "\u202eעברית\u202c عربى",
    "a\x00b\x1b[2Jc\x7f",
    "\ud800 alone",
    "one\x85two\u2028three\rfour\tfive",
)

Made = Callable[[str], Booking]


@pytest.fixture
def typed(book: Book) -> Made:
    """A whole booking into which somebody has typed this everywhere; not stored, so that no validator helps."""
    stored = book()

    def make(text: str) -> Booking:
        booking = queries.whole(Booking.objects.filter(pk=stored.pk)).get()
        booking.meeting_title = booking.customer_name = booking.meeting_location = booking.customer_notes = text
        for participant in booking.participants.all():
            participant.name1 = text
        return booking

    return make


def cleaned(text: str) -> str:
    """What is to arrive: lines ended one way, and nothing that no calendar can show."""
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return "".join(sign for sign in text if sign in "\n\t" or category(sign) not in {"Cc", "Cs"})


def line(text: str) -> str:
    return " ".join(cleaned(text).split())


def by_icalendar(ical: bytes) -> dict[str, Any]:
    calendar = Calendar.from_ical(ical)
    event: Any = calendar.events[0]
    assert len(calendar.events) == 1
    assert not event.errors
    texts = {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION") if name in event}
    names = {str(each): each.params.get("CN", "") for each in event["ATTENDEE"]}
    return {**texts, "names": names}


def by_second(parser: SecondParser, ical: bytes) -> dict[str, Any]:
    (event,) = parser(ical).parts("vevent")
    texts = {name: event[name.lower()] for name in ("SUMMARY", "LOCATION", "DESCRIPTION") if name.lower() in event}
    names = {value: params.get("cn", "") for params, value in event.all("attendee")}
    return {**texts, "names": names}


def check(booking: Booking, text: str, second_parser: SecondParser) -> None:
    ical = mail_part(booking, method="REQUEST", attendee=SARAH, organizer="site@meet.example")
    assert max(map(len, ical.split(b"\r\n"))) <= 75
    read = by_icalendar(ical)
    assert read == by_second(second_parser, ical)
    assert read["SUMMARY"] == line(text)
    assert read["LOCATION"] == line(f"{text}, {booking.video_meeting_url}")
    assert cleaned(f"\nNotes: {text}\n") in read["DESCRIPTION"]
    assert set(read["names"]) == {f"mailto:{JOHN.email}", f"mailto:{SARAH}"}
    assert read["names"][f"mailto:{JOHN.email}"] == line(text).replace('"', "'").replace("\\", "/")


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_survive(typed: Made, second_parser: SecondParser, text: str) -> None:
    check(typed(text), text, second_parser)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=WILD)
@example(text="\\N")
def test_any_text_survives(typed: Made, second_parser: SecondParser, text: str) -> None:
    check(typed(text), text, second_parser)
