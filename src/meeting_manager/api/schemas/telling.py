"""Answers and bodies about deliveries, and about departments' own mail texts."""

from pydantic import AwareDatetime

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
