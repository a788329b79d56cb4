"""SQLite as this product needs it: see :mod:`meeting_manager.adapters.sqlite.base`."""
