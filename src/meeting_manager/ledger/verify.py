"""What must hold for deliveries."""

from collections.abc import Iterator

from meeting_manager.adapters.inspection import CHUNK, Check, Inspection, Violation
from meeting_manager.ledger.choices import SETTLED, DeliveryState
from meeting_manager.ledger.models import Delivery

_OVER = (*SETTLED, DeliveryState.DEAD)


def _deliveries(inspection: Inspection) -> Iterator[Violation]:
    for row in inspection.count(Delivery.objects.order_by("pk").iterator(CHUNK)):
        for wrong in (*_form(row), *_claim(row), *_end(row)):
            remedy = "Set its state to discarded and its end to now, then find out who wrote it."
            yield Violation(f"delivery {row.pk} ({row.key})", wrong, remedy)


def _form(row: Delivery) -> Iterator[str]:
    if not row.key or not row.kind:
        yield "It has no key or no kind, so nobody can carry it out."
    if not isinstance(row.payload, dict):
        yield "Its payload is not an object."
    if row.state not in DeliveryState.values:
        yield f"Its state '{row.state}' is unknown."


def _claim(row: Delivery) -> Iterator[str]:
    running = row.state == DeliveryState.RUNNING
    if running and row.lease_until is None:
        yield "It is running without a lease, so nobody would ever take it over."
    if running and not (row.owner and row.attempt):
        yield "It is running, but nobody has claimed it."
    if not running and (row.owner or row.lease_until):
        yield "It is not running, but still somebody's."


def _end(row: Delivery) -> Iterator[str]:
    if row.state in _OVER and row.finished_at is None:
        yield f"It is {row.state}, but nobody knows since when, so it would be kept for ever."
    if row.state not in _OVER and row.finished_at is not None:
        yield f"It is {row.state}, but has an end."
    if row.state == DeliveryState.DEAD and not row.failures:
        yield "It is dead without a failure."


CHECKS = (Check("deliveries are well-formed", _deliveries),)
