"""Timing, and the table it ends in."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report: what was reached, beside what was asked for."""

    what: str
    reached: str
    wanted: str
    holds: bool


def ratio(what: str, value: float, wanted: float, *, at_most: bool = True, note: str = "") -> Figure:
    """A figure that is good when it is at most (or at least) `wanted`."""
    holds = value <= wanted if at_most else value >= wanted
    return Figure(what, f"{value:.2f} ×{note}", f"{'≤' if at_most else '≥'} {wanted:g} ×", holds)


def median_ms(work: Callable[[], object], *, times: int = 15) -> float:
    """The median time of `work` in milliseconds, after one run that warms it up."""
    work()
    return statistics.median(milliseconds(work) for _ in range(times))


def alternating_ms(*works: Callable[[], object], times: int = 15) -> list[float]:
    """The medians of several works measured in turns, so that a noisy machine is unfair to none."""
    for work in works:
        work()
    rounds = [[milliseconds(work) for work in works] for _ in range(times)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def milliseconds(work: Callable[[], object]) -> float:
    """How long one run of `work` takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def table(title: str, figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [f"### {title}", "", "| what | reached | wanted | |", "|---|---|---|---|"]
    lines += [f"| {f.what} | {f.reached} | {f.wanted} | {'yes' if f.holds else '**no**'} |" for f in figures]
    return "\n".join([*lines, ""])
