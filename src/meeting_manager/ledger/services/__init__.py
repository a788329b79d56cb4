"""What other rooms ask of the ledger; the workers' side is in `queue.py` and `running.py`."""

from meeting_manager.ledger.services.announce import Event, Owed, announce, enqueue, muted, subscribe

__all__ = ["Event", "Owed", "announce", "enqueue", "muted", "subscribe"]
