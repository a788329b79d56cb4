"""What goes wrong when something is fetched. The texts name hosts, never whole addresses: those may be secrets."""

from meeting_manager.adapters.errors import AdapterError, RefusedError


class FetchError(AdapterError):
    """The other side could not be reached, was too slow or broke off: another try may succeed."""


class FetchRefusedError(RefusedError):
    """We do not fetch this: a private address, too large, too many redirects, no address at all."""
