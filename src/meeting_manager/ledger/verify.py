"""What must hold for deliveries."""

from collections.abc import Iterator

from meeting_manager.adapters.inspection import CHUNK, Check, Inspection, Violation
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery


def _deliveries(inspection: Inspection) -> Iterator[Violation]:
    rows = Delivery.objects.order_by("pk").values_list("pk", "key", "kind", "payload", "state", "lease_until")
    for pk, key, kind, payload, state, lease in inspection.count(rows.iterator(CHUNK)):
        for wrong in _problems(key, kind, payload, state, leased=lease is not None):
            yield Violation(f"delivery {pk} ({key})", wrong, "Set its state to discarded, then find out who wrote it.")


def _problems(key: str, kind: str, payload: object, state: str, *, leased: bool) -> Iterator[str]:
    if not key or not kind:
        yield "It has no key or no kind, so nobody can carry it out."
    if not isinstance(payload, dict):
        yield "Its payload is not an object."
    if state not in DeliveryState.values:
        yield f"Its state '{state}' is unknown."
    if state == DeliveryState.RUNNING and not leased:
        yield "It is running without a lease, so nobody would ever take it over."


CHECKS = (Check("deliveries are well-formed", _deliveries),)
