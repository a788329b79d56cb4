"""A department's own words: subject and text of a message, with placeholders such as {{ customer_name }}.

There is no code in them: a placeholder is one of the names below, its value a plain string, and all else stands for
itself. An own text takes the place of the greeting and the paragraphs; heading, table, buttons and foot stay.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.messages.parts import Line

PLACEHOLDERS: Mapping[str, Promise] = {
    "recipient_name": gettext_lazy("the name of who gets the mail; may be empty"),
    "meeting": gettext_lazy("what the meeting is called"),
    "department": gettext_lazy("the name of the department"),
    "hosts": gettext_lazy("the names of the hosts"),
    "when": gettext_lazy("date, time and zone of the recipient, and the host's where it differs"),
    "short_when": gettext_lazy("date and time in short, for subjects"),
    "where": gettext_lazy("where the meeting takes place"),
    "reference": gettext_lazy("the booking's reference"),
    "site": gettext_lazy("the name of this site"),
    "how_to_join": gettext_lazy("what to do when it is time; may be empty"),
    "by_whom": gettext_lazy("who made the change; may be empty"),
    "reason": gettext_lazy("the reason that was given; may be empty"),
    "old_when": gettext_lazy("when it was before; empty where the time is the same"),
    "former_hosts": gettext_lazy("who hosted it before; empty where the hosts are the same"),
    "manage_link": gettext_lazy("the customer's page of the booking"),
    "move_link": gettext_lazy("where the customer chooses another time"),
    "cancel_link": gettext_lazy("where the customer cancels"),
    "book_again_link": gettext_lazy("where customers book this kind of meeting; empty where they cannot"),
    "customer_name": gettext_lazy("the customer's name"),
    "customer_email": gettext_lazy("the customer's e-mail address"),
    "customer_phone": gettext_lazy("the customer's telephone number; may be empty"),
    "customer_notes": gettext_lazy("what the customer wrote; may be empty"),
    "workspace_link": gettext_lazy("the booking's page for staff"),
    "answer_link": gettext_lazy("where the participant answers"),
    "inviter": gettext_lazy("who invites"),
    "time_left": gettext_lazy("how long until the meeting begins"),
    "feedback_link": gettext_lazy("where the customer says how it was"),
    "next_steps": gettext_lazy("the next steps of the meeting type; may be empty"),
    "unsubscribe_link": gettext_lazy("where the recipient does without such mails"),
}
"""What each name stands for."""

_EVERY = (
    "recipient_name", "meeting", "department", "hosts", "when", "short_when", "where", "reference", "site",
)  # fmt: skip
_JOIN = ("how_to_join",)
_CHANGE = ("by_whom", "reason")
_BEFORE = ("old_when", "former_hosts")
_MANAGE = ("manage_link", "move_link", "cancel_link")
_AGAIN = ("book_again_link",)
_CUSTOMER = ("customer_name", "customer_email", "customer_phone", "customer_notes", "workspace_link")
_ANSWER = ("answer_link",)
_LEFT = ("time_left",)
_THANKS = ("feedback_link", "next_steps")
_FOLLOW_UP = ("unsubscribe_link",)

_BESIDES: Mapping[Message, tuple[str, ...]] = {
    Message.CUSTOMER_BOOKED: _JOIN + _MANAGE,
    Message.CUSTOMER_AWAITING: _MANAGE,
    Message.CUSTOMER_REJECTED: _CHANGE + _AGAIN,
    Message.CUSTOMER_RESCHEDULED: _JOIN + _CHANGE + _BEFORE + _MANAGE,
    Message.CUSTOMER_REASSIGNED: _JOIN + _BEFORE + _MANAGE,
    Message.CUSTOMER_CHANGED: _JOIN + _CHANGE + _MANAGE,
    Message.CUSTOMER_CANCELLED: _CHANGE + _AGAIN,
    Message.CUSTOMER_REMINDER: _LEFT + _JOIN + _MANAGE,
    Message.CUSTOMER_NO_SHOW: _AGAIN + _FOLLOW_UP,
    Message.CUSTOMER_THANK_YOU: _THANKS + _AGAIN + _FOLLOW_UP,
    Message.HOST_BOOKED: _CUSTOMER + _CHANGE + _JOIN,
    Message.HOST_ASSIGNED: _CUSTOMER + _CHANGE + _BEFORE,
    Message.HOST_UNASSIGNED: _CUSTOMER + _CHANGE + _BEFORE,
    Message.HOST_RESCHEDULED: _CUSTOMER + _CHANGE + _BEFORE,
    Message.HOST_CHANGED: _CUSTOMER + _CHANGE,
    Message.HOST_CANCELLED: _CUSTOMER + _CHANGE,
    Message.HOST_REMINDER: _CUSTOMER + _LEFT + _JOIN,
    Message.PARTICIPANT_INVITED: (*_JOIN, *_ANSWER, "inviter"),
    Message.PARTICIPANT_RESCHEDULED: _CHANGE + _BEFORE + _JOIN + _ANSWER,
    Message.PARTICIPANT_CHANGED: _CHANGE + _JOIN + _ANSWER,
    Message.PARTICIPANT_CANCELLED: _CHANGE,
    Message.PARTICIPANT_REMINDER: _LEFT + _JOIN + _ANSWER,
    Message.STAFF_BOOKED: _CUSTOMER + _CHANGE + _JOIN,
    Message.STAFF_APPROVAL_ASKED: _CUSTOMER,
    Message.STAFF_RESCHEDULED: _CUSTOMER + _CHANGE + _BEFORE,
    Message.STAFF_REASSIGNED: _CUSTOMER + _CHANGE + _BEFORE,
    Message.STAFF_CANCELLED: _CUSTOMER + _CHANGE,
}
"""What each message has besides those that all have."""

WORDABLE = tuple(_BESIDES)
"""The messages a department may word: those about a booking."""

LONGEST_SUBJECT = 200
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_WEB_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)'\]]")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def placeholders(message: Message) -> tuple[str, ...]:
    """The names that the words of `message` may use, in the order in which people are shown them."""
    return _EVERY + _BESIDES[message]


def check(text: str, message: Message) -> None:
    """Raise ValidationError where `text` is not made of plain words and placeholders of `message`."""
    known = placeholders(message)
    for found in _PLACEHOLDER.finditer(text):
        name = found.group(1).strip()
        if name not in known:
            raise ValidationError(
                _("{{ %(name)s }} is not a placeholder of this message. Please use: %(known)s.")
                % {"name": name, "known": ", ".join(known)}
            )
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        raise ValidationError(
            _("Braces belong to placeholders only, two before and two after the name, as in {{ %(name)s }}.")
            % {"name": known[0]}
        )


def fill(text: str, message: Message, words: Mapping[str, str]) -> str:
    """`text` with the values of its placeholders, which are taken as they are. Raises ValidationError as `check`."""
    check(text, message)
    return _PLACEHOLDER.sub(lambda found: words[found.group(1).strip()], text)


def paragraphs(text: str) -> list[list[list[Line]]]:
    """Paragraphs (separated by empty lines) of lines of pieces: text, and web addresses as links."""
    return [[_pieces(line) for line in each.split("\n")] for each in _PARAGRAPHS.split(text.strip("\n")) if each]


def _pieces(line: str) -> list[Line]:
    pieces, end = [], 0
    for found in _WEB_LINK.finditer(line):
        pieces += [Line(line[end : found.start()]), Line(found.group(), found.group())]
        end = found.end()
    return [piece for piece in [*pieces, Line(line[end:])] if piece.text]
