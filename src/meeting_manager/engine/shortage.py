"""Why a stretch of time has nothing to offer, in general: what a customer may know of it."""

from dataclasses import dataclass
from enum import StrEnum


class ShortageCode(StrEnum):
    """The first of these that is the case."""

    NOBODY = "nobody"
    NO_HOURS = "no_hours"
    TOO_FAR = "too_far"
    TOO_SOON = "too_soon"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is missing. `latest` and `soonest` (UTC epoch seconds) are the bounds that the most generous member's rule
    sets now, with TOO_FAR and TOO_SOON alone.
    """

    code: ShortageCode
    latest: int = 0
    soonest: int = 0
