"""Sets of spans behave like sets of integers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from meeting_manager.engine.intervals import intersect, subtract

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def members(pairs: list[tuple[int, int]]) -> set[int]:
    return {number for start, end in pairs for number in range(start, end)}


def tidied(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers as sorted spans that do not touch."""
    covered = members(pairs)
    starts = sorted(number for number in covered if number - 1 not in covered)
    ends = sorted(number + 1 for number in covered if number + 1 not in covered)
    return list(zip(starts, ends, strict=True))


def assert_tidy(pairs: list[tuple[int, int]]) -> None:
    assert all(start < end for start, end in pairs)
    assert all(left[1] < right[0] for left, right in pairwise(pairs))


@given(spans, spans)
def test_the_intersection_is_what_both_cover(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    common = intersect(tidied(left), tidied(right))
    assert members(common) == members(left) & members(right)
    assert_tidy(common)


@given(spans, spans)
def test_subtracting_leaves_what_only_the_first_covers(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    rest = subtract(tidied(left), tidied(right))
    assert members(rest) == members(left) - members(right)
    assert_tidy(rest)
