"""What customers answer to the questions of a meeting type: read, refused, and told.

A booking keeps its answers as they were asked, `[{"key", "label", "type", "value"}]`, so that whoever edits the type
later changes nothing about it. A value is a text, or true or false of a Checkbox; what nobody answered is not there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meeting_manager.bookings import texts
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.validators import Problems, refusal
from meeting_manager.departments.choices import QuestionType
from meeting_manager.departments.models import MeetingTypeQuestion
from meeting_manager.departments.queries import questions_of
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


def corrected(booking: Booking, given: Mapping[str, object]) -> list[Stored]:
    """The answers of a booking with those `given` instead, of what its type asks today; None or an empty text takes
    an answer away, also one to what is asked no more. Raises as `read`; one query where something is given.
    """
    stored: list[Stored] = booking.answers
    if not given:
        return stored
    known = {each["key"] for each in stored}
    to_read = {key: value for key, value in given.items() if not (key in known and value in (None, ""))}
    new = {each["key"]: each for each in read(questions_of(booking.meeting_type), to_read, must_answer=False)}
    kept = [
        _changed(each, new.pop(each["key"], each)) for each in stored if each["key"] in new or each["key"] not in given
    ]
    return [*kept, *new.values()]


def _changed(old: Stored, new: Stored) -> Stored:
    """The new answer; the old one, as it was asked, where it is the same."""
    return old if old["value"] == new["value"] else new


def differences(old: Sequence[Stored], new: Sequence[Stored]) -> Iterator[tuple[str, str, str]]:
    """What a correction changed: the question, and its answers before and after."""
    before, after = ({each["key"]: each for each in answers} for answers in (old, new))
    for key, each in {**before, **after}.items():
        was, has = (answers[key]["value"] if key in answers else "" for answers in (before, after))
        if was != has:
            yield str(each["label"]), _for_history(was), _for_history(has)


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
        return _('Please tick "%(question)s".') % {"question": question.label}
    return _('"%(question)s" needs an answer.') % {"question": question.label}


def _line(question: MeetingTypeQuestion, value: object) -> str:
    return texts.line(_named(question), _as_text(question, value), LONGEST_LINE)


def _lines(question: MeetingTypeQuestion, value: object) -> str:
    return texts.text(_named(question), _as_text(question, value))


def _phone(question: MeetingTypeQuestion, value: object) -> str:
    return texts.phone(_as_text(question, value), _named(question))


def _choice(question: MeetingTypeQuestion, value: object) -> str:
    if value != "" and value not in question.options:
        raise ValidationError(
            _("Please choose one of the answers that %(question)s offers.") % {"question": _named(question)}
        )
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
        raise ValidationError(_("%(question)s must be text.") % {"question": _named(question)})
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


def _for_history(value: str | bool) -> str:
    """As it is written down, whoever reads it."""
    return value if isinstance(value, str) else ("Yes" if value else "No")


def _text(value: str | bool) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value
