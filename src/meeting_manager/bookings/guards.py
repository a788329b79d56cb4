"""The database's own refusal to rewrite history: only personal text and its salt may be changed (erased)."""

from meeting_manager.adapters.guards import Guard

REWRITTEN = "history_append_only"

_COMMON = ("booking_id", "sequence", "text_digest", "previous_hash", "entry_hash")
_TABLES = {
    "bookings_bookinghistory": (*_COMMON, "event_type", "event_datetime", "event_by_id"),
    "bookings_assignmenthistory": (*_COMMON, "action_type", "action_datetime", "action_by_id", "user_id"),
}


def _guard(table: str, columns: tuple[str, ...]) -> Guard:
    name, watched = f"{table}_append_only", ", ".join(columns)
    refuse = f"""
        CREATE OR REPLACE FUNCTION {REWRITTEN}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REWRITTEN}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OF {watched} ON {table} FOR EACH ROW EXECUTE FUNCTION {REWRITTEN}()
    """
    trigger = f"""
        CREATE TRIGGER {name} BEFORE UPDATE OF {watched} ON {table}
        BEGIN SELECT RAISE(ABORT, '{REWRITTEN}'); END
    """
    return Guard(name, table, refuse, [(name, trigger)])


GUARDS = [_guard(table, columns) for table, columns in _TABLES.items()]
