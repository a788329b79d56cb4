"""Cursors that are good for the calendar, window and reader they were made for, and for no others."""

import hashlib
import json


def about(*facts: object) -> str:
    """A digest of what a cursor depends on."""
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def packed(about: str, mark: str) -> str:
    """A cursor: `mark` is the server's own."""
    return json.dumps({"about": about, "mark": mark})


def mark_of(cursor: str, about: str) -> str:
    """The server's mark in a cursor; empty where there is none, or it is about something else."""
    try:
        known = json.loads(cursor) if cursor else {}
    except ValueError:
        return ""
    return str(known.get("mark", "")) if isinstance(known, dict) and known.get("about") == about else ""
