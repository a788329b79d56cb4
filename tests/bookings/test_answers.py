"""What customers answer to the questions of a meeting type."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from meeting_manager.bookings import answers, services
from meeting_manager.bookings.inputs import Customer, Host
from meeting_manager.bookings.invitation import mail_part
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.services import edit_meeting_type, set_questions
from tests.bookings.desk import JOHN, NOW, Book, after, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db

NAME = {"label": "Name on the bell"}
STORY = {"label": "What happened", "question_type": "Long Text"}
ROOF = {"label": "Kind of roof?", "question_type": "Choice", "options": ["Flat", "Pitched"]}
DOG = {"label": "There is a dog", "question_type": "Checkbox"}
DOOR = {"label": "Phone at the door", "question_type": "Phone"}
ALL = (NAME, STORY, ROOF, DOG, DOOR)
GIVEN = {
    "name-on-the-bell": " Muster ",
    "what-happened": "It rained.\r\nThen it rained in.",
    "kind-of-roof": "Flat",
    "there-is-a-dog": True,
    "phone-at-the-door": "+49 30 901820",
}


def ask(cast: Cast, *rows: dict[str, Any], **more: object) -> None:
    set_questions(actor=cast.lead, meeting_type=cast.call, questions=[{**row, **more} for row in rows])


def values(booking: Booking) -> dict[str, object]:
    stored = Booking.objects.get(pk=booking.pk).answers
    return {each["key"]: each["value"] for each in stored}


def refused(cast: Cast, given: dict[str, Any], **more: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, answers=given, **more)
    assert not Booking.objects.exists()
    return error.value.message_dict


def test_answers_are_stored_with_the_questions_as_they_were_asked(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers=GIVEN)
    ask(cast, {**ROOF, "key": "kind-of-roof", "label": "Your roof", "options": ["Round", "Square"]})
    assert Booking.objects.get(pk=booking.pk).answers == [
        {"key": "name-on-the-bell", "label": "Name on the bell", "type": "Text", "value": "Muster"},
        {
            "key": "what-happened",
            "label": "What happened",
            "type": "Long Text",
            "value": "It rained.\nThen it rained in.",
        },
        {"key": "kind-of-roof", "label": "Kind of roof?", "type": "Choice", "value": "Flat"},
        {"key": "there-is-a-dog", "label": "There is a dog", "type": "Checkbox", "value": True},
        {"key": "phone-at-the-door", "label": "Phone at the door", "type": "Phone", "value": "+49 30 901820"},
    ]


BLANK = {"name-on-the-bell": " ", "what-happened": "\n ", "kind-of-roof": "", "phone-at-the-door": ""}


@pytest.mark.parametrize("given", [{}, dict.fromkeys(GIVEN), BLANK])
def test_what_is_not_required_may_stay_open(cast: Cast, book: Book, given: dict[str, object]) -> None:
    ask(cast, *ALL)
    assert values(book(answers=given)) == {}


def test_a_box_that_was_left_empty_is_an_answer_too(cast: Cast, book: Book) -> None:
    ask(cast, DOG)
    assert values(book(answers={"there-is-a-dog": False})) == {"there-is-a-dog": False}


def test_guests_must_answer_what_is_required_and_hear_of_everything_at_once(cast: Cast) -> None:
    ask(cast, *ALL, is_required=True)
    nobody = Customer("", "nonsense", "", "", "")
    found = refused(cast, {"there-is-a-dog": False, "kind-of-roof": ""}, customer=nobody)
    assert found == {
        "customer_name": ["Customer Name is required for external bookings."],
        "customer_email": ["Invalid email format for Customer Email: 'nonsense'"],
        "answers.name-on-the-bell": ['"Name on the bell" needs an answer.'],
        "answers.what-happened": ['"What happened" needs an answer.'],
        "answers.kind-of-roof": ['"Kind of roof?" needs an answer.'],
        "answers.there-is-a-dog": ['Please tick "There is a dog".'],
        "answers.phone-at-the-door": ['"Phone at the door" needs an answer.'],
    }


def test_staff_who_book_for_somebody_may_leave_out_what_is_required(cast: Cast, book: Book) -> None:
    ask(cast, *ALL, is_required=True)
    assert values(book(actor=cast.lead, answers={"kind-of-roof": "Flat"})) == {"kind-of-roof": "Flat"}
    with pytest.raises(ValidationError, match="Please choose one of the answers"):
        book(actor=cast.lead, start=after(hours=1), answers={"kind-of-roof": "Round"})


NO_CONTROL = '"{}" must not contain control characters. Please remove them.'
NO_PHONE = "Invalid phone number format. Please provide a valid phone number."
NO_CHOICE = 'Please choose one of the answers that "Kind of roof?" offers.'
NO_FLAGS: list[object] = ["yes", 2, [], {}, 1.5, ""]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        *[
            ("name-on-the-bell", value, '"Name on the bell" must be text.')
            for value in (5, True, ["x"], {"x": "y"}, 1.5)
        ],
        ("name-on-the-bell", "two\nlines", NO_CONTROL.format("Name on the bell")),
        ("name-on-the-bell", "nul\x00", NO_CONTROL.format("Name on the bell")),
        ("name-on-the-bell", "half \ud83d", NO_CONTROL.format("Name on the bell")),
        ("name-on-the-bell", "x" * 501, '"Name on the bell" must be at most 500 characters long.'),
        ("what-happened", ["x"], '"What happened" must be text.'),
        ("what-happened", "bell\x07", NO_CONTROL.format("What happened")),
        ("what-happened", "x" * 20_001, '"What happened" must be at most 20000 characters long.'),
        *[("kind-of-roof", value, NO_CHOICE) for value in ("Round", "flat", 0, True, ["Flat"], {"Flat": 1}, "\ud83d")],
        *[("there-is-a-dog", value, '"There is a dog" must be true or false.') for value in NO_FLAGS],
        *[("phone-at-the-door", value, NO_PHONE) for value in ("12345", "call me maybe", "1234567x")],
        ("phone-at-the-door", "1" * 41, '"Phone at the door" must be at most 40 characters long.'),
        ("phone-at-the-door", 1234567, '"Phone at the door" must be text.'),
        ("phone-at-the-door", "1234567\x1b", NO_CONTROL.format("Phone at the door")),
    ],
)
def test_a_wrong_answer_is_refused_by_the_name_of_its_question(
    cast: Cast, key: str, value: object, message: str
) -> None:
    ask(cast, *ALL)
    assert refused(cast, {**GIVEN, key: value}) == {f"answers.{key}": [message]}


@pytest.mark.parametrize(
    ("key", "named"), [("roof", "roof"), ("Dach\x00\ud83d", "Dach\\x00\\ud83d"), ("k" * 999, "k" * 60)]
)
def test_an_answer_to_what_was_not_asked_is_refused(cast: Cast, key: str, named: str) -> None:
    ask(cast, NAME)
    message = f"There is no question '{named}' here. Please leave it out."
    assert refused(cast, {key: "Flat"}) == {f"answers.{named}": [message]}


def test_answers_without_end_are_refused_as_a_whole(cast: Cast) -> None:
    found = refused(cast, {f"key{number}": "x" for number in range(5_000)})
    assert found == {"answers": ["At most 20 answers can be given. Please leave the others out."]}


def test_what_a_hidden_type_asks_is_not_told(cast: Cast) -> None:
    rows = [{**ROOF, "is_required": True}]
    set_questions(actor=cast.lead, meeting_type=cast.planning, questions=rows)
    assert list(refused(cast, {"nonsense": "x"}, meeting_type=cast.planning)) == ["meeting_type"]
    ask(cast, ROOF, is_required=True)
    draft = edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes={"is_active": False})
    assert list(refused(cast, {}, meeting_type=draft)) == ["meeting_type"]


def test_a_move_keeps_the_answers(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers=GIVEN)
    ask(cast)
    moved = services.reschedule(booking=booking, start=after(days=1), actor=cast.lead, now=NOW).booking
    assert Booking.objects.get(pk=moved.pk).answers == Booking.objects.get(pk=booking.pk).answers != []


def test_a_release_that_does_not_know_answers_can_still_write(cast: Cast, book: Book) -> None:
    table = "bookings_booking"
    booking = book()
    services.cancel(booking=booking, actor=cast.lead, now=NOW)
    with connection.cursor() as cursor:
        known = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        kept = [name for name in known if name not in {"id", "name", "booking_reference", "answers"}]
        columns = ", ".join(kept)
        cursor.execute(
            f"INSERT INTO {table} (name, booking_reference, {columns})"
            f" SELECT 'MM-MB-copy', 'BK-COPYCOPY', {columns} FROM {table} WHERE id = %s",
            [booking.pk],
        )
    assert Booking.objects.get(name="MM-MB-copy").answers == []


def test_booking_costs_one_query_for_any_number_of_questions(cast: Cast, book: Book) -> None:
    costs = []
    for number, rows in enumerate(((), (NAME,), ALL)):
        ask(cast, *rows)
        given = {key: value for key, value in GIVEN.items() if rows == ALL}
        with CaptureQueriesContext(connection) as queries:
            book(start=after(hours=number), answers=given)
        costs.append(len(queries))
        assert sum("meetingtypequestion" in query["sql"] for query in queries) == 1
    assert costs[1] == costs[2] == costs[0]


def test_answers_are_told_in_words_and_those_in_own_words_are_marked(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers=GIVEN)
    told = answers.told(booking)
    assert [each.text for each in told] == [
        "Muster",
        "It rained.\nThen it rained in.",
        "Flat",
        "Yes",
        "+49 30 901820",
    ]
    assert [each.label for each in told if each.is_free] == ["Name on the bell", "What happened"]
    with translation.override("de"):
        assert answers.told(booking)[3].label == "There is a dog"


def test_hosts_find_the_answers_in_their_calendar_and_nobody_else_does(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers=GIVEN)
    host = booking.assigned_users.get().user.email

    def entry(reader: str) -> str:
        part = mail_part(booking, method="REQUEST", attendee=reader, organizer="meet@site.example")
        return part.decode().replace("\r\n ", "")

    assert r"Name on the bell: Muster\nWhat happened: It rained.\nThen it rained in.\nKind of roof? Flat" in entry(host)
    assert "There is a dog: Yes" in entry(host)
    assert "roof" not in entry(JOHN.email)
    assert "roof" not in entry("somebody@else.example")


GOOD = {"key": "roof", "label": "Roof", "type": "Text", "value": "Flat"}


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        "Flat",
        [GOOD, GOOD],
        [[GOOD]],
        [{**GOOD, "more": ""}],
        [{"key": "roof", "value": "Flat"}],
        [{**GOOD, "type": "Riddle"}],
        [{**GOOD, "type": ["Text"]}],
        [{**GOOD, "value": ""}],
        [{**GOOD, "value": 5}],
        [{**GOOD, "value": False}],
        [{**GOOD, "label": ""}],
        [{**GOOD, "key": 5}],
        [{**GOOD, "type": "Checkbox"}],
    ],
)
def test_only_what_could_have_been_answered_counts_as_whole(stored: object) -> None:
    assert not answers.is_whole(stored)
    assert answers.is_whole([GOOD, {"key": "dog", "label": "Dog", "type": "Checkbox", "value": False}])


# Corrected by staff


def correct(booking: Booking, cast: Cast, given: Mapping[str, object]) -> dict[str, object]:
    services.edit(booking=booking, changes={}, answers=given, actor=cast.lead, now=NOW)
    return values(booking)


def test_staff_correct_answers_and_history_tells_both(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers={"kind-of-roof": "Flat", "there-is-a-dog": True, "name-on-the-bell": "Muster"})
    given = {"kind-of-roof": "Pitched", "name-on-the-bell": " ", "what-happened": "Hail"}
    assert correct(booking, cast, given) == {"kind-of-roof": "Pitched", "there-is-a-dog": True, "what-happened": "Hail"}
    told = dict(booking.booking_history.values_list("event_type", "event_description"))
    assert told["Customer Updated"] == (
        "Name on the bell: 'Muster' → ''; Kind of roof?: 'Flat' → 'Pitched'; What happened: '' → 'Hail'"
    )
    assert answers.is_whole(Booking.objects.get(pk=booking.pk).answers)
    correct(booking, cast, {"there-is-a-dog": False})
    assert booking.booking_history.filter(event_description="There is a dog: 'Yes' → 'No'").exists()


def test_a_correction_that_changes_nothing_leaves_no_trace(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers={"kind-of-roof": "Flat"})
    ask(cast, NAME, {**ROOF, "key": "kind-of-roof", "label": "Your roof"})
    assert correct(booking, cast, {"kind-of-roof": "Flat", "name-on-the-bell": ""}) == {"kind-of-roof": "Flat"}
    assert not booking.booking_history.filter(event_type="Customer Updated").exists()


def test_an_answer_to_what_is_asked_no_more_can_only_be_taken_away(cast: Cast, book: Book) -> None:
    ask(cast, ROOF, DOG)
    booking = book(answers={"kind-of-roof": "Flat", "there-is-a-dog": True})
    ask(cast)
    with pytest.raises(ValidationError) as error:
        correct(booking, cast, {"there-is-a-dog": False})
    assert list(error.value.message_dict) == ["answers.there-is-a-dog"]
    assert correct(booking, cast, {"there-is-a-dog": None}) == {"kind-of-roof": "Flat"}


def test_a_wrong_correction_is_refused(cast: Cast, book: Book) -> None:
    ask(cast, *ALL)
    booking = book(answers={"kind-of-roof": "Flat"})
    with pytest.raises(ValidationError) as error:
        correct(booking, cast, {"kind-of-roof": "Round", "nonsense": "x"})
    assert error.value.message_dict == {
        "answers.kind-of-roof": [NO_CHOICE],
        "answers.nonsense": ["There is no question 'nonsense' here. Please leave it out."],
    }
    meeting = services.book_internal(
        meeting_type=cast.planning,
        start=after(days=1),
        hosts=[Host(cast.lead, is_primary=True)],
        actor=cast.lead,
        now=NOW,
    ).booking
    with pytest.raises(ValidationError, match="Internal meetings have no customer"):
        correct(meeting, cast, {"kind-of-roof": "Flat"})
