"""Deliveries, line by line, in words for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.web.deliveries import went_wrong, what

STATES: Mapping[str, str | Promise] = {
    DeliveryState.READY: _("Waiting"),
    DeliveryState.RUNNING: _("Under way"),
    DeliveryState.DONE: _("Done"),
    DeliveryState.SKIPPED: _("Not needed any more"),
    DeliveryState.DEAD: _("Failed"),
    DeliveryState.DISCARDED: _("Discarded"),
}
_NAME_OF_BOOKING = "MM-MB-"
_TONES = {DeliveryState.READY: "wait", DeliveryState.DONE: "good", DeliveryState.DEAD: "bad"}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery; `booking` is the document name of the one it is about, `tone` the class of its state, `moment` when
    it was finished or is due (aware).
    """

    delivery: Delivery
    what: str
    booking: str
    state: str | Promise
    tone: str
    moment: datetime
    is_overdue: bool
    went_wrong: bool
    """Whether people may retry or discard it."""


def lines_of(deliveries: Iterable[Delivery], now: datetime) -> list[Line]:
    """Each delivery as a line."""
    return [_line(each, now) for each in deliveries]


def _line(delivery: Delivery, now: datetime) -> Line:
    is_waiting = delivery.state == DeliveryState.READY
    return Line(
        delivery=delivery,
        what=what(delivery),
        booking=delivery.about if delivery.about.startswith(_NAME_OF_BOOKING) else "",
        state=STATES[delivery.state],
        tone=_TONES.get(DeliveryState(delivery.state), ""),
        moment=delivery.finished_at or delivery.due,
        is_overdue=is_waiting and delivery.due < now,
        went_wrong=went_wrong(delivery),
    )
