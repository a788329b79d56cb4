"""What the models of both histories share; `models.py` has them."""

from django.db import models


class HistoryEntry(models.Model):
    """What both histories share: append-only rows of one hash chain for each booking (see `history.py`).

    `sequence` counts from 1 through both tables together. Personal text stands in `text` only and enters the chain
    as a salted digest, so that it can be erased without breaking the chain.
    """

    sequence = models.PositiveIntegerField()
    salt = models.CharField(max_length=32)
    text_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ["sequence"]
