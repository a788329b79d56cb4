"""What customers answer to the questions of a meeting type: read, refused, and told.

A booking keeps its answers as they were asked, `[{"key", "label", "type", "value"}]`, so that whoever edits the type
later changes nothing about it. A value is a text, or true or false of a Checkbox; what nobody answered is not there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meeting_manager.bookings import texts
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.validators import Problems, refusal
from meeting_manager.departments.choices import QuestionType
from meeting_manager.departments.models import MeetingTypeQuestion
from meeting_manager.departments.validators import LONGEST_KEY, MOST_QUESTIONS
from meeting_manager.people import validators

Stored = dict[str, str | bool]

LONGEST_LINE = 500
NO_ANSWERS: Mapping[str, object] = {}

_FREE = {QuestionType.TEXT, QuestionType.LONG_TEXT}


def read(
    questions: Sequence[MeetingTypeQuestion], given: Mapping[str, object], *, must_answer: bool = True
) -> list[Stored]:
    """The answers to `questions`, given by their keys, as bookings store them; None and empty texts are no answers.

    `must_answer` is for guests; staff who book for somebody may leave out also what is required. Raises
    ValidationError with all problems at once, each on "answers." and the key of its question.
    """
    if len(given) > MOST_QUESTIONS:
        raise refusal("answers", f"At most {MOST_QUESTIONS} answers can be given. Please leave the others out.")
    problems = Problems()
    for key in given.keys() - {question.key for question in questions}:
        named = ascii(key)[1:-1][:LONGEST_KEY]
        problems.note(f"answers.{named}", f"There is no question '{named}' here. Please leave it out.")
    answers = [problems.clean(f"answers.{one.key}", _reading(one, given, must_answer), None) for one in questions]
    problems.raise_any()
    return [answer for answer in answers if answer is not None]


def is_whole(stored: object) -> bool:
    """Whether this is what `read` could have made."""
    if not isinstance(stored, list) or not all(map(_is_answer, stored)):
        return False
    return len({answer["key"] for answer in stored}) == len(stored)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer for people to read. `is_free` where the customer chose the words, which then go to no stranger."""

    label: str
    text: str
    type: str
    is_free: bool

    @property
    def line(self) -> str:
        """Question and answer one behind the other."""
        return f"{self.label} {self.text}" if self.label.endswith("?") else f"{self.label}: {self.text}"


def told(booking: Booking) -> list[Told]:
    """The answers of a booking in the order they were asked, in the language of whoever reads them."""
    return [
        Told(str(each["label"]), _text(each["value"]), str(each["type"]), each["type"] in _FREE)
        for each in booking.answers
    ]


def _reading(
    question: MeetingTypeQuestion, given: Mapping[str, object], must_answer: bool
) -> Callable[[], Stored | None]:
    def answer() -> Stored | None:
        value = given.get(question.key)
        found = None if value is None else _READERS[QuestionType(question.question_type)](question, value)
        if question.is_required and must_answer and not found:
            raise ValidationError(_missing(question))
        if found in (None, ""):
            return None
        return {"key": question.key, "label": question.label, "type": question.question_type, "value": found}

    return answer


def _missing(question: MeetingTypeQuestion) -> str:
    if question.question_type == QuestionType.CHECKBOX:
        return f'Please tick "{question.label}".'
    return f'"{question.label}" needs an answer.'


def _line(question: MeetingTypeQuestion, value: object) -> str:
    return texts.line(_named(question), _as_text(question, value), LONGEST_LINE)


def _lines(question: MeetingTypeQuestion, value: object) -> str:
    return texts.text(_named(question), _as_text(question, value))


def _phone(question: MeetingTypeQuestion, value: object) -> str:
    return texts.phone(_as_text(question, value), _named(question))


def _choice(question: MeetingTypeQuestion, value: object) -> str:
    if value != "" and value not in question.options:
        raise ValidationError(f"Please choose one of the answers that {_named(question)} offers.")
    return str(value)


def _flag(question: MeetingTypeQuestion, value: object) -> bool:
    return bool(validators.flag(_named(question))(value))


_READERS: Mapping[QuestionType, Callable[[MeetingTypeQuestion, object], str | bool]] = {
    QuestionType.TEXT: _line,
    QuestionType.LONG_TEXT: _lines,
    QuestionType.CHOICE: _choice,
    QuestionType.CHECKBOX: _flag,
    QuestionType.PHONE: _phone,
}


def _as_text(question: MeetingTypeQuestion, value: object) -> str:
    if not isinstance(value, str):
        raise ValidationError(f"{_named(question)} must be text.")
    return value


def _named(question: MeetingTypeQuestion) -> str:
    return f'"{question.label}"'


def _is_answer(answer: object) -> bool:
    if not isinstance(answer, dict) or answer.keys() != {"key", "label", "type", "value"}:
        return False
    value = answer["value"]
    if not all(isinstance(answer[field], str) and answer[field] for field in ("key", "label", "type")):
        return False
    if answer["type"] == QuestionType.CHECKBOX:
        return isinstance(value, bool)
    return answer["type"] in QuestionType.values and isinstance(value, str) and value != ""


def _text(value: str | bool) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value
