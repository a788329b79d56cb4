"""Sets of half-open (start, end) integer pairs, kept as sorted lists of pairs that do not touch."""

from collections.abc import Sequence

from meeting_manager.engine.facts import Span


def intersect(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """What two such lists have in common."""
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
    """What is left of one such list without another, whose spans may touch."""
    if not spans:
        return []
    lowest, highest = spans[0][0], spans[-1][1]
    edges = [lowest, *(edge for hole in holes for edge in hole), highest]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return intersect(spans, [(start, end) for start, end in gaps if start < end])
