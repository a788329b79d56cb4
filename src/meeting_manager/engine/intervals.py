"""Sets of half-open (start, end) integer pairs, kept as sorted lists of pairs that do not touch."""

from collections.abc import Iterable, Sequence

from meeting_manager.engine.facts import Span


def merge(spans: Iterable[Span]) -> list[Span]:
    """The union of spans in any order; spans that touch become one, empty ones vanish."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def intersect(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """What two merged lists have in common."""
    common: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of one merged list without another, whose spans may touch."""
    if not spans:
        return []
    lowest, highest = spans[0][0], spans[-1][1]
    edges = [lowest, *(edge for hole in holes for edge in hole), highest]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return intersect(spans, [(start, end) for start, end in gaps if start < end])
