"""Deliveries in every state, as workers leave them."""

from datetime import UTC, datetime, timedelta

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery

LONG_AGO = datetime(2025, 12, 8, 7, 0, tzinfo=UTC)
"""Pages read the clock themselves, so that what failed has to have failed before it."""


def owe(
    number: int,
    state: str = DeliveryState.DONE,
    *,
    about: str = "",
    recipient: str = "ada@customer.example",
    kind: str = "mail",
    message: str = "customer_booked",
    failures: int = 0,
    at: datetime = LONG_AGO,
    **more: object,
) -> Delivery:
    """The `number`th delivery, written at `at`; what is settled was settled a minute later."""
    is_settled = state not in {DeliveryState.READY, DeliveryState.RUNNING}
    return Delivery.objects.create(
        key=f"test:{number}",
        kind=kind,
        payload={"message": message} if message else {},
        about=about,
        recipient=recipient,
        state=state,
        attempt=failures,
        failures=failures,
        created_at=at,
        due=at,
        finished_at=at + timedelta(minutes=1) if is_settled else None,
        lease_until=at + timedelta(minutes=1) if state == DeliveryState.RUNNING else None,
        **more,
    )


def fail(number: int, **more: object) -> Delivery:
    """One that was given up."""
    given = {"failures": 48, "last_error": "AdapterError: The mail server said: 451 Try later", **more}
    return owe(number, DeliveryState.DEAD, **given)  # type: ignore[arg-type]
