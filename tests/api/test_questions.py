"""What meeting types ask, and what is answered, over REST and Frappe's methods."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.bookings.links import link_token
from meeting_manager.bookings.models import Booking
from tests.api.caller import Api, guest_body
from tests.api.test_frappe import arguments, call, told
from tests.cast import Cast

TYPE = "/meeting-types/MM-MT-support-30-min-call"
QUESTIONS = f"{TYPE}/questions"
ROOF = {
    "label": "Kind of roof",
    "question_type": "Choice",
    "options": ["Flat", "Pitched"],
    "is_required": True,
}
DOG = {"label": "There is a dog", "question_type": "Checkbox"}
ROOF_ANSWER = {"key": "kind-of-roof", "label": "Kind of roof", "type": "Choice", "value": "Flat"}


def ask(api: Api, cast: Cast, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Have the call in Support ask these questions; as they are shown then."""
    answer = api.put(QUESTIONS, {"questions": list(rows or (ROOF, DOG))}, by=cast.lead)
    assert answer.status == 200, answer.body
    questions: list[dict[str, Any]] = answer.body["questions"]
    return questions


def test_a_leader_sets_the_questions_and_everybody_sees_them(api: Api, cast: Cast) -> None:
    shown = ask(api, cast)
    assert shown == [
        {"key": "kind-of-roof", "help_text": "", **ROOF},
        {"key": "there-is-a-dog", "help_text": "", "is_required": False, "options": [], **DOG},
    ]
    assert api.get(TYPE).body["questions"] == shown
    types = api.get("/departments/support/meeting-types").body["results"]
    assert [each["questions"] for each in types if each["meeting_slug"] == "30-min-call"] == [shown]


def test_what_was_shown_can_be_sent_back_with_a_change(api: Api, cast: Cast) -> None:
    shown = ask(api, cast)
    shown[0]["label"] = "Your roof"
    assert ask(api, cast, *shown) == shown


def test_a_new_meeting_type_may_bring_its_questions(api: Api, cast: Cast) -> None:
    body = {"meeting_name": "Survey", "location_type": "Phone Call", "questions": [ROOF]}
    made = api.post("/departments/support/meeting-types", body, by=cast.lead)
    assert (made.status, made.body["questions"][0]["key"]) == (201, "kind-of-roof")
    refused = api.patch(f"/meeting-types/{made.body['name']}", {"questions": []}, by=cast.lead)
    assert "read-only" in refused.fields["questions"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Questions is required."),
        ({"questions": "x"}, "Field 'questions' must be a list of objects."),
        ({"questions": [DOG, {}]}, "Row 2: Label is required."),
        ({"questions": [DOG] * 21}, "A meeting type may ask at most 20 questions. Please leave some out."),
    ],
)
def test_questions_that_break_a_rule_are_refused(api: Api, cast: Cast, body: object, message: str) -> None:
    assert api.put(QUESTIONS, body, by=cast.lead).fields == {"questions": message}
    assert api.put(QUESTIONS, body, by=cast.sarah).status == 403


def test_lists_of_types_cost_the_same_for_any_number_of_questions(api: Api, cast: Cast) -> None:
    costs = []
    for rows in ((DOG,), (ROOF, DOG, DOG, DOG)):
        ask(api, cast, *rows)
        with CaptureQueriesContext(connection) as queries:
            api.get("/departments/support/meeting-types")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_guest_answers_and_finds_the_answers_with_the_link_only(api: Api, cast: Cast) -> None:
    ask(api, cast)
    made = api.book(answers={"kind-of-roof": "Flat", "there-is-a-dog": None})
    assert (made.status, made.body["answers"]) == (201, [ROOF_ANSWER])
    booking = Booking.objects.get()
    path = f"/bookings/{booking.booking_reference}"
    assert api.get(f"{path}?token={link_token(booking)}").body["answers"] == [ROOF_ANSWER]
    assert api.get(f"{path}?email=ada@customer.example").body["answers"] == [ROOF_ANSWER]
    assert "answers" not in api.get(path).body
    assert api.get(path, by=cast.lead).body["answers"] == [ROOF_ANSWER]
    assert api.get("/bookings", by=cast.lead).body["results"][0]["answers"] == [ROOF_ANSWER]


def test_a_guest_hears_of_all_that_is_wrong_at_once(api: Api, cast: Cast) -> None:
    ask(api, cast)
    nobody = {"name": "", "email": "ada@customer.example"}
    refused = api.book(customer=nobody, answers={"there-is-a-dog": "perhaps", "age": "7"})
    assert refused.status == 422
    assert refused.fields == {
        "customer.name": "Customer Name is required for external bookings.",
        "answers.kind-of-roof": '"Kind of roof" needs an answer.',
        "answers.there-is-a-dog": '"There is a dog" must be true or false.',
        "answers.age": "There is no question 'age' here. Please leave it out.",
    }


@pytest.mark.parametrize("answers", [[], ["Flat"], "Flat", 5, True])
def test_answers_that_are_no_object_are_refused(api: Api, cast: Cast, answers: object) -> None:
    ask(api, cast)
    assert list(api.book(answers=answers).fields) == ["answers"]


@pytest.mark.parametrize("value", [5, True, [], ["Flat"], {"Flat": None}, "Round", "Flat\u0000"])
def test_a_value_of_the_wrong_type_is_refused_by_its_question(api: Api, cast: Cast, value: object) -> None:
    ask(api, cast)
    assert list(api.book(answers={"kind-of-roof": value}).fields) == ["answers.kind-of-roof"]


def test_staff_may_leave_out_what_guests_must_answer(api: Api, cast: Cast) -> None:
    ask(api, cast)
    slots = api.slots()
    made = api.post("/bookings", guest_body(slots[0]["start"]), by=cast.lead)
    assert (made.status, made.body["answers"]) == (201, [])
    made = api.post("/bookings", guest_body(slots[0]["start"], answers={"kind-of-roof": "Flat"}), by=cast.lead)
    assert (made.status, made.body["answers"]) == (201, [ROOF_ANSWER])


def test_an_internal_meeting_has_nobody_who_answers(api: Api, cast: Cast) -> None:
    body = {"department": "support", "meeting_type": "internal-planning", "start": api.slots()[0]["start"]}
    hosts = [{"user": "sarah@bestsecurity.example", "is_primary_host": True}]
    whole = {**body, "is_internal": True, "assigned_users": hosts}
    refused = api.post("/bookings", {**whole, "answers": {"x": "y"}}, by=cast.lead)
    assert refused.fields == {"answers": "Internal meetings have no customer who answers. Please leave them out."}
    assert api.post("/bookings", whole, by=cast.lead).body["answers"] == []


def test_other_answers_are_another_request(api: Api, cast: Cast) -> None:
    ask(api, cast)
    slot = api.slots()[0]["start"]

    def send(roof: str) -> int:
        body = guest_body(slot, answers={"kind-of-roof": roof})
        return api.post("/bookings", body, Idempotency_Key="one").status

    assert [send("Flat"), send("Flat"), send("Pitched")] == [201, 201, 422]
    assert Booking.objects.count() == 1


def test_a_guest_of_frappe_answers_among_the_customers_details(api: Api, cast: Cast) -> None:
    ask(api, cast)
    given = arguments(api)
    details = given["customer_details"]
    assert isinstance(details, dict)
    refused = call(api, "create_customer_booking", given)
    assert (refused.status, told(refused)) == (417, ['"Kind of roof" needs an answer.'])
    answered = {**given, "customer_details": {**details, "answers": {"kind-of-roof": "Flat", "there-is-a-dog": 1}}}
    assert call(api, "create_customer_booking", answered).status == 200
    assert [each["value"] for each in Booking.objects.get().answers] == ["Flat", True]


@pytest.mark.parametrize("answers", [["Flat"], "Flat", 5, {"kind-of-roof": ["Flat"]}, {"kind-of-roof": "\ud83d"}])
def test_answers_that_frappes_clients_did_not_mean_are_refused(api: Api, cast: Cast, answers: object) -> None:
    ask(api, cast)
    given = arguments(api)
    details = given["customer_details"]
    assert isinstance(details, dict)
    refused = call(api, "create_customer_booking", {**given, "customer_details": {**details, "answers": answers}})
    assert refused.status == 417
    assert not Booking.objects.exists()


def test_staff_correct_answers(api: Api, cast: Cast) -> None:
    ask(api, cast)
    path = f"/bookings/{api.book(answers={'kind-of-roof': 'Flat'}).body['name']}"
    given = {"answers": {"kind-of-roof": "Pitched", "there-is-a-dog": True}, "customer_phone": "555 000 1111"}
    changed = api.patch(path, given, by=cast.lead)
    assert [each["value"] for each in changed.body["answers"]] == ["Pitched", True]
    assert changed.body["customer_phone"] == "555 000 1111"
    changed = api.patch(path, {"answers": {"there-is-a-dog": None}}, by=cast.lead)
    assert [each["value"] for each in changed.body["answers"]] == ["Pitched"]
    assert api.patch(path, {"answers": ["x"]}, by=cast.lead).fields == {
        "answers": "Field 'answers' is of the wrong type: an object is expected."
    }
    assert list(api.patch(path, {"answers": {"kind-of-roof": 5}}, by=cast.lead).fields) == ["answers.kind-of-roof"]
    assert api.patch(path, {"answers": None}, by=cast.lead).status == 200
