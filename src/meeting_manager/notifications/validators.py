"""Checks of a department's own words, with messages that name the field, the placeholder and the remedy."""

from django.core.exceptions import ValidationError

from meeting_manager.notifications import texts
from meeting_manager.notifications.choices import Message
from meeting_manager.people import validators

LONGEST_TEXT = 10_000


def wordable(message: object) -> Message:
    """The message of this name, where departments may word it. Raises ValidationError on `message`."""
    known = [each.value for each in texts.WORDABLE]
    if message not in known:
        named = ", ".join(known)
        raise ValidationError({"message": f"'{message}' is no message that departments word. Please use: {named}."})
    return Message(str(message))


def own_words(message: Message, subject: object, text: object) -> dict[str, str]:
    """Subject and text, cleaned; either may be empty. Raises ValidationError on `subject` and `text`."""
    readers = {
        "subject": validators.text("Subject", texts.LONGEST_SUBJECT),
        "text": validators.text("Text", LONGEST_TEXT, lines=True),
    }
    given = {"subject": subject, "text": text.replace("\r\n", "\n") if isinstance(text, str) else text}
    values = validators.read_fields(given, readers, of="a department's own words")
    errors = {field: problems for field, value in values.items() if (problems := _problems(field, value, message))}
    if errors:
        raise ValidationError(errors)
    return values


def _problems(field: str, value: str, message: Message) -> list[str]:
    try:
        texts.check(value, message)
    except ValidationError as error:
        return [f"{field.capitalize()}: {problem}" for problem in error.messages]
    return []
