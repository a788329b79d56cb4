"""Calendars of other systems, behind one small Protocol: `protocol.py` and `errors.py`, and a module for each kind.

Nothing is imported here, because the process that reads files (`reading/`) starts anew for each of them.
"""
