"""The calendar of staff: what was asked for, whose columns there are, what stands in them, and what dragging does."""
