"""Answers and bodies about deliveries, and about departments' own mail texts."""

from pydantic import AwareDatetime, Field

from meeting_manager.api.schemas.inputs import Input, Text
from meeting_manager.api.schemas.outputs import Output


class Delivery(Output):
    """One effect that was owed: `about` is a booking's document name, `recipient` an address; either may be empty.

    `attempts` counts how often a worker took it up; `due` is when it is tried next, where it still is.
    """

    id: int
    kind: str
    what: str
    about: str
    recipient: str
    state: str
    attempts: int
    created_at: AwareDatetime
    due: AwareDatetime
    finished_at: AwareDatetime | None
    last_error: str
    note: str


class MailText(Output):
    """A message in a department's words: where `is_own` is false, subject and text are empty and the standard holds.

    `placeholders` are the names that its words may use, as in {{ customer_name }}.
    """

    message: str
    what: str
    is_own: bool
    subject: str
    text: str
    placeholders: list[str]
    modified_at: AwareDatetime | None
    modified_by: str | None


class MailTexts(Output):
    """All messages that a department may word."""

    results: list[MailText]


class MailTextIn(Input):
    """Own words; what is empty stays the standard."""

    subject: Text = ""
    text: Text = Field("", description="takes the place of the greeting and the paragraphs")
