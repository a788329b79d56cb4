"""What goes wrong outside: every adapter says whether trying again could help."""


class AdapterError(Exception):
    """Something outside could not be reached or failed; another try may succeed. The text is for operators."""


class RefusedError(AdapterError):
    """The other side understood and said no: another try would be pointless."""
