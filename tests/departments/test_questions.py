"""What a meeting type asks its customers."""

from collections.abc import Mapping

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters.inspection import Inspection
from meeting_manager.departments import verify
from meeting_manager.departments.models import MeetingType, MeetingTypeQuestion
from meeting_manager.departments.queries import questions_of
from meeting_manager.departments.services import create_meeting_type, delete_meeting_type, set_questions
from tests.cast import NOW, Cast

ROOF = {
    "label": "What kind of roof is it?",
    "question_type": "Choice",
    "options": ["Flat", "Pitched"],
    "is_required": True,
}
GATE = {"label": "Code of the gate", "help_text": "If there is one."}


def ask(cast: Cast, *rows: Mapping[str, object]) -> list[str]:
    """Set the questions of a call; the keys they have now."""
    set_questions(actor=cast.lead, meeting_type=cast.call, questions=rows)
    return [question.key for question in questions_of(MeetingType.objects.get(pk=cast.call.pk))]


def refusal(cast: Cast, *rows: Mapping[str, object]) -> str:
    with pytest.raises(ValidationError) as refused:
        set_questions(actor=cast.lead, meeting_type=cast.call, questions=rows)
    (message,) = refused.value.message_dict.pop("questions")
    return str(message)


def test_a_leader_says_what_is_asked_and_in_which_order(cast: Cast) -> None:
    assert ask(cast, ROOF, GATE) == ["what-kind-of-roof-is-it", "code-of-the-gate"]
    roof, gate = questions_of(cast.call)
    assert (roof.question_type, roof.options, roof.is_required) == ("Choice", ["Flat", "Pitched"], True)
    assert (gate.question_type, gate.options, gate.is_required) == ("Text", [], False)
    assert gate.help_text == "If there is one."
    assert ask(cast, GATE, ROOF) == ["code-of-the-gate", "what-kind-of-roof-is-it"]
    assert ask(cast) == []


def test_a_question_that_is_sent_back_with_its_key_stays_itself(cast: Cast) -> None:
    (key,) = ask(cast, ROOF)
    assert ask(cast, {**ROOF, "key": key, "label": "Your roof"}) == [key]
    assert questions_of(cast.call)[0].label == "Your roof"


def test_keys_are_made_from_labels_and_differ(cast: Cast) -> None:
    same = {"label": "Roof?"}
    assert ask(cast, same, {"label": "Other", "key": "roof"}, same) == ["roof-2", "roof", "roof-3"]
    assert ask(cast, {"label": "屋根"}, {"label": "?!"}) == ["question", "question-2"]
    long = {"label": "a " * 100}
    first, second = ask(cast, long, long)
    assert second == f"{first}-2"
    assert len(second) <= 60


def test_a_new_meeting_type_may_ask_at_once(cast: Cast) -> None:
    fields = {"meeting_name": "Survey", "location_type": "Phone Call"}
    made = create_meeting_type(actor=cast.lead, department=cast.support, fields=fields, questions=[ROOF])
    assert [question.label for question in questions_of(made)] == ["What kind of roof is it?"]
    delete_meeting_type(actor=cast.lead, meeting_type=made)
    assert not MeetingTypeQuestion.objects.exists()


@pytest.mark.parametrize("who", ["sarah", "outsider"])
def test_members_and_outsiders_do_not_say_what_is_asked(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        set_questions(actor=getattr(cast, who), meeting_type=cast.call, questions=[ROOF])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "Row 2: Label is required."),
        ({"label": " "}, "Row 2: Label is required."),
        ({"label": 5}, "Row 2: Label must be text."),
        ({"label": "x" * 201}, "Row 2: Label must be at most 200 characters long."),
        ({"label": "a\nb"}, "Row 2: Label must not contain control characters. Please remove them."),
        ({"label": "x", "help_text": "x" * 301}, "Row 2: Help Text must be at most 300 characters long."),
        ({"label": "x", "is_required": "maybe"}, "Row 2: Is Required must be true or false."),
        (
            {"label": "x", "question_type": "Riddle"},
            "Row 2: Question Type must be one of: Text, Long Text, Choice, Checkbox, Phone.",
        ),
        (
            {"label": "x", "key": "No Slug"},
            "Row 2: Key may have small letters (a-z), digits and single hyphens between them.",
        ),
        ({"label": "x", "key": "k" * 61}, "Row 2: Key must be at most 60 characters long."),
        (
            {"label": "x", "key": "gate"},
            "Row 2: Key 'gate' is another question's already. Please change it, or leave it out.",
        ),
        (
            {"label": "x", "question_type": "Choice", "options": ["One"]},
            "Row 2: A Choice needs at least 2 options. Please add some, or choose another Question Type.",
        ),
        (
            {"label": "x", "options": ["One", "Two"]},
            "Row 2: Options are for the Question Type 'Choice' only. Please leave them out, or choose that type.",
        ),
        (
            {"label": "x", "question_type": "Choice", "options": ["One", " One "]},
            "Row 2: Options must differ from each other. Please leave out those that come twice.",
        ),
        (
            {"label": "x", "question_type": "Choice", "options": ["One", ""]},
            "Row 2: Options must not be empty. Please leave those out that are.",
        ),
        (
            {"label": "x", "question_type": "Choice", "options": [f"{number}" for number in range(51)]},
            "Row 2: Options must be at most 50. Please leave some out.",
        ),
        (
            {"label": "x", "question_type": "Choice", "options": ["One", {"two": 2}]},
            "Row 2: Each of the options must be text.",
        ),
        ({"label": "x", "question_type": "Choice", "options": "One, Two"}, "Row 2: Options must be a list of texts."),
        ({"label": "x", "position": 3}, "Row 2: Field 'position' is not a field of a question."),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_row(cast: Cast, row: dict[str, object], message: str) -> None:
    assert refusal(cast, {**GATE, "key": "gate"}, row).startswith(message)
    assert not MeetingTypeQuestion.objects.exists()


def test_nobody_is_asked_more_than_twenty_questions(cast: Cast) -> None:
    assert len(ask(cast, *[GATE] * 20)) == 20
    assert refusal(cast, *[GATE] * 21) == "A meeting type may ask at most 20 questions. Please leave some out."
    assert len(questions_of(cast.call)) == 20


def test_setting_more_questions_takes_no_more_queries(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as one:
        ask(cast, ROOF)
    with CaptureQueriesContext(connection) as many:
        ask(cast, *[GATE] * 20)
    assert len(many) == len(one)


@pytest.mark.parametrize("values", [{"key": "A"}, {"key": ""}, {"label": ""}, {"question_type": "Riddle"}])
def test_the_database_refuses_what_the_services_would(cast: Cast, values: dict[str, object]) -> None:
    ask(cast, ROOF)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingTypeQuestion.objects.update(**values)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("Text", ["One", "Two"]),
        ("Choice", []),
        ("Choice", ["One"]),
        ("Choice", ["One", "One"]),
        ("Choice", ["One", ""]),
        ("Choice", ["One", 2]),
        ("Choice", {"One": "Two"}),
    ],
)
def test_verify_names_a_question_that_cannot_be_answered(cast: Cast, kind: str, options: object) -> None:
    def violations() -> list[str]:
        return [str(each) for check in verify.CHECKS for each in check.find(Inspection(NOW))]

    ask(cast, ROOF, GATE)
    assert violations() == []
    MeetingTypeQuestion.objects.filter(key="code-of-the-gate").update(question_type=kind, options=options)
    (found,) = violations()
    assert found.startswith(f"{cast.call.name}, question code-of-the-gate: Its options are not what")
