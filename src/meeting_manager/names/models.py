"""The counters behind document names."""

from django.db import models


class NameCounter(models.Model):
    """The last number given out behind one prefix; never deleted and never lowered, so no number comes twice."""

    prefix = models.CharField(max_length=400, primary_key=True)
    last_number = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last_number:04d}"
