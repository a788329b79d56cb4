"""Why an answer by mail is not taken, in the words of mail servers (sysexits) and of people."""

import os
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Each is logged by its value."""

    TOO_LARGE = "too_large"
    NOT_ADDRESSED = "not_addressed"
    NO_CALENDAR = "no_calendar"
    MALFORMED = "malformed"
    NOT_A_REPLY = "not_a_reply"
    NO_ANSWER = "no_answer"
    UNKNOWN_THREAD = "unknown_thread"
    NO_BOOKING = "no_booking"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a word for the log
    OTHER_MEETING = "other_meeting"
    OTHER_PERSON = "other_person"
    OUTDATED = "outdated"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


class Refused(Exception):  # noqa: N818 - it says what happened
    """An answer that is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def exit_code(self) -> int:
        """What the mail server is told: no such mailbox, or nothing to be done with this mail."""
        return _CODES.get(self.reason, os.EX_DATAERR)

    @property
    def sentence(self) -> str:
        """What the sender may read of it."""
        return str(_SENTENCES[self.reason])


_CODES = {
    Reason.NOT_ADDRESSED: os.EX_NOUSER,
    Reason.UNKNOWN_THREAD: os.EX_NOUSER,
    Reason.NO_BOOKING: os.EX_NOUSER,
    Reason.UNKNOWN_TOKEN: os.EX_NOUSER,
    # Nothing is wrong: a newer answer of theirs counts already.
    Reason.SUPERSEDED: os.EX_OK,
}
_NOBODY = _("This address takes answers to invitations only, and belongs to none.")
_SENTENCES = {
    Reason.TOO_LARGE: _("This mail is too large. Please answer by the link in the invitation."),
    Reason.NOT_ADDRESSED: _NOBODY,
    Reason.UNKNOWN_THREAD: _NOBODY,
    Reason.NO_BOOKING: _("This meeting no longer exists."),
    Reason.UNKNOWN_TOKEN: _NOBODY,
    Reason.NO_CALENDAR: _("Nobody reads mail at this address. Please answer by the link in the invitation."),
    Reason.MALFORMED: _("This answer could not be read. Please answer by the link in the invitation."),
    Reason.NOT_A_REPLY: _("Here an invitation can be accepted or declined only. For another time write to the host."),
    Reason.NO_ANSWER: _("This answer neither accepts nor declines. Please answer by the link in the invitation."),
    Reason.OTHER_MEETING: _("This answer is about another meeting."),
    Reason.OTHER_PERSON: _("This answer is somebody else's. Please answer by the link in your own invitation."),
    Reason.OUTDATED: _("This answer is about an older time. The meeting was moved; please answer its new invitation."),
    Reason.CLOSED: _("This meeting no longer takes answers: it is over, or was cancelled or moved."),
    Reason.SUPERSEDED: _("You have answered again since, and that counts."),
}
