"""What other rooms ask of the ledger; the workers' side is in `queue.py` and `deferring.py`."""

from meeting_manager.ledger.services.announce import Event, Owed, announce, enqueue, muted, subscribe
from meeting_manager.ledger.services.people import discard, retry

__all__ = ["Event", "Owed", "announce", "discard", "enqueue", "muted", "retry", "subscribe"]
