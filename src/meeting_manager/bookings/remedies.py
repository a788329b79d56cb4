"""Why a time is not offered, and the smallest change of settings that would open it; both by the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meeting_manager.bookings.facts import gather_facts, moment, seconds
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine import remedies as engine
from meeting_manager.engine.refusals import Refusal, why_not
from meeting_manager.engine.slots import is_offered
from meeting_manager.people.models import User

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """How one member stands to the time; no refusals: free. `user` is the e-mail address."""

    user: str
    refusals: Sequence[Refusal]
    remedy: engine.Remedy


@dataclass(frozen=True, slots=True)
class Why:
    """What holds for a start. `is_step`: it is one of the starts of somebody's hours; `nearest` are those around it, of
    the same day, whether anybody is free at them or not.
    """

    is_step: bool
    nearest: Sequence[datetime]
    answers: Sequence[Answer]


def why(*, meeting_type: MeetingType, start: datetime, now: datetime, member: User | None = None) -> Why:
    """For each active member (or the one named) every rule that refuses the type's meeting at `start`, and what would
    open it, those first who need least; for staff only. At most seven queries.
    """
    lo, hi = seconds(start), seconds(start + timedelta(minutes=meeting_type.duration))
    facts = gather_facts(meeting_type.department, lo, hi, now=now)
    asked = engine.Asked(lo, hi, hi - lo, meeting_type.interval * _MINUTE)
    answers = [
        Answer(one.name, why_not(facts, one, lo, hi), engine.remedy_for(facts, one, asked))
        for one in facts.members
        if member is None or one.id == member.pk
    ]
    return Why(
        is_offered(facts, asked.duration, asked.interval, lo),
        sorted(moment(step) for step in engine.nearest_steps(facts, asked)),
        sorted(answers, key=lambda each: (bool(each.refusals), engine.order(each.remedy))),
    )
