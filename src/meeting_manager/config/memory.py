"""How a process that answers requests collects garbage."""

import gc

_YOUNG = 50_000


def settle() -> None:
    """Exempt what start-up made from collection, and collect young objects less often.

    A month of slots reads tens of thousands of rows, each a tuple. With Python's default (a collection every 700 of
    them, and full ones over all of Django) that took twice as long as the reading itself. Call it once, when the
    application is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
