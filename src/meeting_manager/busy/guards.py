"""The database's own refusal of two bookings of one user at one time."""

from meeting_manager.adapters.guards import Guard
from meeting_manager.busy.choices import MAX_PIECE

OVERLAP = "busy_no_overlap"
"""The name of the constraint and the message of the triggers."""

# No piece is longer than MAX_PIECE, so the index is entered at most that far before the new row.
_TRIGGER = """
    CREATE TRIGGER {name} BEFORE {event} ON busy_busytime WHEN NEW.kind IN (1, 2)
    BEGIN
        SELECT RAISE(ABORT, '{message}') WHERE EXISTS (
            SELECT 1 FROM busy_busytime
            WHERE user_id = NEW.user_id AND starts > NEW.starts - {piece} AND starts < NEW.ends AND ends > NEW.starts
              AND kind IN (1, 2) AND id IS NOT NEW.id
        );
    END
"""

_EXCLUSION = f"""
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    ALTER TABLE busy_busytime ADD CONSTRAINT {OVERLAP}
    EXCLUDE USING gist (user_id WITH =, int8range(starts, ends) WITH &&) WHERE (kind IN (1, 2))
"""


def _trigger(event: str) -> tuple[str, str]:
    name = f"{OVERLAP}_{event.lower()}"
    return name, _TRIGGER.format(name=name, event=event, message=OVERLAP, piece=MAX_PIECE)


GUARDS = [Guard(OVERLAP, "busy_busytime", _EXCLUSION, [_trigger("INSERT"), _trigger("UPDATE")])]
