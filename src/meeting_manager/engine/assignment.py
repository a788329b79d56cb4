"""Who gets a meeting, and the receipt that says why.

Weighted keeps a balance for each member: with every assignment all free members earn their weight, and the
one chosen pays the sum of those weights. Whoever is absent neither earns nor pays. Callers store the new
balances and set all of them to zero when members or weights change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from meeting_manager.engine.facts import Facts, Member, Span
from meeting_manager.engine.refusals import Refusal, waivable, why_not
from meeting_manager.engine.stamps import iso_utc


class Algorithm(StrEnum):
    ROUND_ROBIN = "Round Robin"
    LEAST_BUSY = "Least Busy"
    WEIGHTED = "Weighted"
    MANUAL = "Manual"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who was chosen. `balances`: the new balance of each member whose balance changed (Weighted only).

    `receipt` is ready for JSON: who took part, who was free, who not and why, the figures that decided.
    """

    member: Member
    balances: dict[int, int]
    receipt: dict[str, Any]


def assign(algorithm: str, facts: Facts, start: int, end: int, *, forced: bool = False) -> Assignment | None:
    """The member who gets a meeting at [start, end), or None if nobody is free.

    Where it is `forced` and nobody is free, whoever has no clash counts as free.
    Raises ValueError for Manual, which is somebody's choice and not ours (see `manual_receipt`).
    """
    choose = _CHOOSERS.get(Algorithm(algorithm))
    if choose is None:
        raise ValueError("Manual is not an algorithm that chooses. Use Round Robin, Least Busy or Weighted.")
    refusals = {member.id: why_not(facts, member, start, end) for member in facts.members}
    free = [member for member in facts.members if not refusals[member.id]]
    if forced and not free:
        free = [one for one in facts.members if all(waivable(refused.code) for refused in refusals[one.id])]
    if not free:
        return None
    chosen, reason = choose(free)
    if len(free) == 1:
        reason = f"Only {chosen.name} was free."
    receipt = _receipt(algorithm, facts, (start, end), refusals) | {"chosen": [chosen.name], "reason": reason}
    balances = _settle(free, chosen) if algorithm == Algorithm.WEIGHTED else {}
    return Assignment(chosen, balances, receipt)


def manual_receipt(facts: Facts, start: int, end: int, chosen: Iterable[Member], reason: str) -> dict[str, Any]:
    """The receipt of an assignment by hand; `reason` is one plain sentence that names who chose.

    A chosen member may have refusals: that of a forced booking shows which rules were waived.
    """
    refusals = {member.id: why_not(facts, member, start, end) for member in facts.members}
    names = [member.name for member in chosen]
    return _receipt(Algorithm.MANUAL, facts, (start, end), refusals) | {"chosen": names, "reason": reason}


def waiting_order(member: Member) -> tuple[bool, float, int, int]:
    """Sorts who waits longest first: never assigned, then the oldest assignment, then the order of the rows."""
    return member.last_assigned is not None, member.last_assigned or 0, member.order, member.id


def _round_robin(free: Sequence[Member]) -> tuple[Member, str]:
    chosen = min(free, key=waiting_order)
    if chosen.last_assigned is None:
        return chosen, f"{chosen.name} has never been assigned{_first_of(free, chosen)}."
    return chosen, f"{chosen.name} was assigned longest ago{_first_of(free, chosen)}."


def _least_busy(free: Sequence[Member]) -> tuple[Member, str]:
    fewest = min(member.upcoming for member in free)
    alike = [member for member in free if member.upcoming == fewest]
    chosen = min(alike, key=waiting_order)
    reason = f"{chosen.name} has the fewest bookings in the next 7 days ({fewest})"
    return chosen, f"{reason}{_among(alike, chosen)}."


def _weighted(free: Sequence[Member]) -> tuple[Member, str]:
    """The one whose next meeting is due first, of those who have earned one.

    Of the free members, one has earned a meeting who with it would not be a whole one ahead of their share; it is
    due when without it they would be a whole one behind. The smooth weighted round robin that picks the
    highest balance strays by more than one from its proportions; this (Tijdeman's quota rule) never does.
    """
    total, owed = sum(member.priority for member in free), sum(member.balance for member in free)
    earned = [m for m in free if (m.balance + m.priority) * total > owed * m.priority]
    due = {member.id: Fraction(total - member.balance, member.priority) for member in earned}
    earliest = min(due.values())
    alike = [member for member in earned if due[member.id] == earliest]
    chosen = min(alike, key=waiting_order)
    reason = f"{chosen.name} is next by weight ({chosen.priority} of {total}, balance {chosen.balance})"
    return chosen, f"{reason}{_among(alike, chosen)}."


_CHOOSERS: dict[Algorithm, Callable[[Sequence[Member]], tuple[Member, str]]] = {
    Algorithm.ROUND_ROBIN: _round_robin,
    Algorithm.LEAST_BUSY: _least_busy,
    Algorithm.WEIGHTED: _weighted,
}


def _settle(free: Iterable[Member], chosen: Member) -> dict[int, int]:
    """The balances after the choice: all free members earn their weight, the chosen one pays for all."""
    balances = {member.id: member.balance + member.priority for member in free}
    balances[chosen.id] -= sum(member.priority for member in free)
    return balances


def _among(alike: Sequence[Member], chosen: Member) -> str:
    """How a tie was broken, as the end of a sentence."""
    if len(alike) == 1:
        return ""
    if _first_of(alike, chosen):
        return f", like {len(alike) - 1} more, and comes first in the department's order"
    waited = "has never been assigned" if chosen.last_assigned is None else "was assigned longest ago"
    return f", like {len(alike) - 1} more, and {waited}"


def _first_of(free: Sequence[Member], chosen: Member) -> str:
    alike = [member for member in free if member.last_assigned == chosen.last_assigned]
    return " and comes first in the department's order" if len(alike) > 1 else ""


def _receipt(algorithm: str, facts: Facts, span: Span, refusals: dict[int, list[Refusal]]) -> dict[str, Any]:
    members = sorted(facts.members, key=lambda member: (member.order, member.id))
    return {
        "algorithm": str(algorithm),
        "start": iso_utc(span[0]),
        "end": iso_utc(span[1]),
        "decided_at": iso_utc(facts.now),
        "members": [_figures(member, refusals[member.id]) for member in members],
    }


def _figures(member: Member, refusals: Iterable[Refusal]) -> dict[str, Any]:
    reasons = [{"code": str(refusal.code), "text": refusal.text} for refusal in refusals]
    return {
        "user": member.name,
        "free": not reasons,
        "refusals": reasons,
        "last_assigned": None if member.last_assigned is None else iso_utc(int(member.last_assigned)),
        "upcoming": member.upcoming,
        "weight": member.priority,
        "balance": member.balance,
    }
