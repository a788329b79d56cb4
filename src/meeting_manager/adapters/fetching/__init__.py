"""Fetching what users point us to: no private network can be reached through us, nothing large or slow holds us up."""

from meeting_manager.adapters.fetching.client import Authorizing, Connections, Fetched, Limits, fetch
from meeting_manager.adapters.fetching.errors import FetchError, FetchRefusedError

__all__ = ["Authorizing", "Connections", "FetchError", "FetchRefusedError", "Fetched", "Limits", "fetch"]
