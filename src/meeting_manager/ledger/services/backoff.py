"""How long a delivery that failed waits for its next attempt."""

import random
from datetime import timedelta

_FIRST_SECONDS = 2.0
_LARGEST_POWER = 12
_JITTER = 0.25


def pause_after(failures: int, longest: timedelta) -> timedelta:
    """The pause after the attempt that was number `failures` to fail (from 1): 2 s, then twice the last, at most
    `longest`.

    Up to a quarter is taken off by chance, so that what failed together does not come back together.
    """
    seconds = min(_FIRST_SECONDS * 2.0 ** min(failures - 1, _LARGEST_POWER), longest.total_seconds())
    return timedelta(seconds=seconds * (1 - _JITTER * random.random()))  # noqa: S311 - no secret hangs on it
