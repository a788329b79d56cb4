"""Calendars on servers that speak CalDAV (RFC 4791): Nextcloud, iCloud, Fastmail, Radicale and many more.

The library `caldav` makes our questions and names their elements. It is not given the conversation: its client opens
connections of its own (discovery asks DNS and follows redirects outside its session), and reads answers into objects
with one request each, where we need guarded connections, batches, and every status told apart.

`account.py` finds calendars, `calendar.py` is one of them, of which `pulling.py` reads and `keeping.py` writes;
`collection.py` is what can be asked of one, `session.py` asks with the password that `trust.py` keeps, `questions.py`
and `answers.py` are the XML, `cursor.py` is what we remember of the last time.
"""

from meeting_manager.adapters.calendar.caldav.account import CalDAVAccount
from meeting_manager.adapters.calendar.caldav.calendar import CalDAV

__all__ = ["CalDAV", "CalDAVAccount"]
