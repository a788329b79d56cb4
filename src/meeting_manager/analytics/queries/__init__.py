"""What happened to bookings, counted: each file one question, in a few grouped queries whatever the size."""

from meeting_manager.analytics.queries.totals import Figures, figures

__all__ = ["Figures", "figures"]
