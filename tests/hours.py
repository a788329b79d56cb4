"""Limits on guests count by the clock hour; a test that fills one must not see the next begin."""

import time

_HOUR = 3600


def stay_within_the_hour(seconds: float = 5) -> None:
    """Wait for the next clock hour where fewer than `seconds` are left of this one."""
    left = _HOUR - time.time() % _HOUR
    if left < seconds:
        time.sleep(left)
