"""Who got how much of the work, against how much they could have taken, and what explains the difference."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from meeting_manager.engine.assignment import Algorithm

NEAR = 0.02
"""A difference of shares (parts of one) below which nothing needs to be explained."""

_MUCH = 0.1


class Why(StrEnum):
    """What explains that somebody got more or less than their share."""

    HEAVY = "heavy"
    LIGHT = "light"
    BY_NAME = "by name"
    OTHERS_BY_NAME = "others by name"
    LONGER = "longer"
    SHORTER = "shorter"
    FEWER_HOURS = "fewer hours"
    MORE_HOURS = "more hours"
    LIMITED = "limited"
    GONE = "gone"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody held in a period, and what there was to hold. `could` and `minutes` are minutes; `weight` is the
    priority under Weighted, else 1; `by_name` counts meetings for which they were chosen by name."""

    user: int
    meetings: int = 0
    by_name: int = 0
    minutes: int = 0
    could: int = 0
    blocked: int = 0
    away: int = 0
    joined: date | None = None
    weight: int = 1
    per_day: int = 0
    per_week: int = 0
    takes_part: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """A load beside those of the others: `share` of all minutes held, `target` of all that could have been; parts of
    one, None where there is nothing to divide."""

    load: Load
    share: float | None
    target: float | None
    whys: Sequence[Why] = field(default=())

    @property
    def difference(self) -> float | None:
        """Above (positive) or below the target; parts of one."""
        return None if self.share is None or self.target is None else self.share - self.target


@dataclass(frozen=True, slots=True)
class _All:
    """What everybody together did."""

    meetings: int
    by_name: int
    minutes: int
    could: int
    weight: float
    members: int
    algorithm: str


def shares(loads: Sequence[Load], algorithm: str) -> list[Share]:
    """Each load with its share, its target and the reasons, in the order given.

    `algorithm` is that of the department, empty where several are looked at together.
    """
    whole = _All(
        meetings=sum(load.meetings for load in loads),
        by_name=sum(load.by_name for load in loads),
        minutes=sum(load.minutes for load in loads),
        could=sum(load.could for load in loads),
        weight=_mean([load.weight for load in loads if load.takes_part]),
        members=sum(load.takes_part for load in loads),
        algorithm=algorithm,
    )
    return [_share(load, whole) for load in loads]


def _share(load: Load, whole: _All) -> Share:
    share, target = _part(load.minutes, whole.minutes), _part(load.could, whole.could)
    if share is None or target is None or abs(share - target) < NEAR:
        return Share(load, share, target)
    whys = _why_more(load, whole) if share > target else _why_less(load, whole)
    return Share(load, share, target, whys or (Why.NOTHING,))


def _why_more(load: Load, whole: _All) -> tuple[Why, ...]:
    if not load.takes_part:
        return (Why.GONE,)
    found = {
        Why.HEAVY: load.weight > whole.weight,
        Why.BY_NAME: _by_name(load) > _others_by_name(load, whole) + _MUCH,
        Why.LONGER: _is_more(_length(load), _length_of_all(whole)),
        Why.FEWER_HOURS: _goes_by_turns(whole) and _is_more(whole.could / whole.members, load.could),
    }
    return tuple(why for why, holds in found.items() if holds)


def _why_less(load: Load, whole: _All) -> tuple[Why, ...]:
    found = {
        Why.LIGHT: load.weight < whole.weight,
        Why.LIMITED: bool(load.per_day or load.per_week),
        Why.OTHERS_BY_NAME: _others_by_name(load, whole) > _by_name(load) + _MUCH,
        Why.SHORTER: bool(load.meetings) and _is_more(_length_of_all(whole), _length(load)),
        Why.MORE_HOURS: _goes_by_turns(whole) and _is_more(load.could, whole.could / whole.members),
    }
    return tuple(why for why, holds in found.items() if holds)


def _goes_by_turns(whole: _All) -> bool:
    """Turns and numbers of meetings take no account of how long somebody is there."""
    return whole.members > 0 and whole.algorithm in (Algorithm.ROUND_ROBIN, Algorithm.LEAST_BUSY)


def _by_name(load: Load) -> float:
    return _part(load.by_name, load.meetings) or 0.0


def _others_by_name(load: Load, whole: _All) -> float:
    return _part(whole.by_name - load.by_name, whole.meetings - load.meetings) or 0.0


def _length(load: Load) -> float:
    return _part(load.minutes, load.meetings) or 0.0


def _length_of_all(whole: _All) -> float:
    return _part(whole.minutes, whole.meetings) or 0.0


def _is_more(larger: float, smaller: float) -> bool:
    return larger > smaller * (1 + _MUCH)


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 1.0


def _part(of: float, whole: float) -> float | None:
    return of / whole if whole else None
