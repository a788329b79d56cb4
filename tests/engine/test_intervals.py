"""Sets of spans behave like sets of integers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from meeting_manager.engine.intervals import intersect, merge, subtract

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def members(pairs: list[tuple[int, int]]) -> set[int]:
    return {number for start, end in pairs for number in range(start, end)}


def assert_tidy(pairs: list[tuple[int, int]]) -> None:
    assert all(start < end for start, end in pairs)
    assert all(left[1] < right[0] for left, right in pairwise(pairs))


@given(spans)
def test_merging_keeps_what_is_covered(pairs: list[tuple[int, int]]) -> None:
    merged = merge(pairs)
    assert members(merged) == members(pairs)
    assert_tidy(merged)


@given(spans, spans)
def test_the_intersection_is_what_both_cover(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    common = intersect(merge(left), merge(right))
    assert members(common) == members(left) & members(right)
    assert_tidy(common)


@given(spans, spans)
def test_subtracting_leaves_what_only_the_first_covers(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    rest = subtract(merge(left), merge(right))
    assert members(rest) == members(left) - members(right)
    assert_tidy(rest)


def test_spans_that_touch_become_one() -> None:
    assert merge([(30, 40), (10, 20), (20, 30)]) == [(10, 40)]
