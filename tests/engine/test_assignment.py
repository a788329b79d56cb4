"""Who gets a meeting, fairly, and a receipt that says why."""

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from meeting_manager.engine.assignment import Algorithm, Assignment, assign, manual_receipt
from meeting_manager.engine.facts import Busy, Member
from tests.engine.build import HOUR, at, facts, member

START, END = at("2026-12-07 10:00"), at("2026-12-07 10:30")
BUSY = Busy.of([(START, END)])


def chosen_by(algorithm: str, *members: Member) -> Assignment:
    found = assign(algorithm, facts(*members), START, END)
    assert found is not None
    return found


def test_round_robin_takes_the_one_assigned_longest_ago() -> None:
    sarah, mike = member(1, last_assigned=200), member(2, last_assigned=100)
    assert chosen_by("Round Robin", sarah, mike).member is mike


def test_two_assignments_of_one_second_keep_their_order() -> None:
    sarah, mike = member(1, last_assigned=100.75), member(2, last_assigned=100.25)
    found = chosen_by("Round Robin", sarah, mike)
    assert found.member is mike
    assert found.receipt["members"][1]["last_assigned"] == "1970-01-01T00:01:40+00:00"


def test_round_robin_takes_those_never_assigned_first_in_the_order_of_the_rows() -> None:
    sarah, mike, jane = member(1, last_assigned=0), member(2, order=7), member(3, order=5)
    assert chosen_by("Round Robin", sarah, mike, jane).member is jane


def test_least_busy_takes_the_one_with_the_fewest_bookings_ahead() -> None:
    sarah, mike = member(1, upcoming=2), member(2, upcoming=1, last_assigned=900)
    assert chosen_by("Least Busy", sarah, mike).member is mike


def test_least_busy_breaks_ties_by_the_oldest_assignment() -> None:
    sarah, mike = member(1, upcoming=2, last_assigned=900), member(2, upcoming=2, last_assigned=100)
    assert chosen_by("Least Busy", sarah, mike).member is mike


@pytest.mark.parametrize("algorithm", ["Round Robin", "Least Busy", "Weighted"])
def test_who_is_not_free_takes_no_part(algorithm: str) -> None:
    sarah, mike = member(1, busy=BUSY, priority=10), member(2, last_assigned=900, upcoming=50)
    assignment = chosen_by(algorithm, sarah, mike)
    assert assignment.member is mike
    assert sarah.id not in assignment.balances


@pytest.mark.parametrize("algorithm", ["Round Robin", "Least Busy", "Weighted"])
def test_nobody_is_assigned_where_nobody_is_free(algorithm: str) -> None:
    assert assign(algorithm, facts(member(busy=BUSY)), START, END) is None


@pytest.mark.parametrize("algorithm", ["Manual", "Alphabetical"])
def test_only_the_three_algorithms_choose(algorithm: str) -> None:
    with pytest.raises(ValueError, match=algorithm):
        assign(algorithm, facts(member()), START, END)


def test_only_weighted_keeps_balances() -> None:
    assert chosen_by("Round Robin", member(1), member(2)).balances == {}
    assert chosen_by("Weighted", member(1, priority=3), member(2, priority=1)).balances == {1: -1, 2: 1}


# weighted


def after(members: list[Member], assignment: Assignment, turn: int) -> list[Member]:
    return [
        replace(
            one,
            balance=assignment.balances.get(one.id, one.balance),
            last_assigned=turn if one is assignment.member else one.last_assigned,
        )
        for one in members
    ]


def turns(weights: list[int], count: int, rng: random.Random | None = None) -> tuple[list[int], list[Member]]:
    """The ids chosen in so many assignments, and the members after them; with `rng`, some are busy each time."""
    members = [member(number, priority=weight) for number, weight in enumerate(weights, start=1)]
    chosen = []
    for turn in range(count):
        present = [replace(one, busy=BUSY if rng and rng.random() < 0.4 else Busy()) for one in members]
        found = assign("Weighted", facts(*present), START, END)
        if found is not None:
            chosen.append(found.member.id)
            members = after(present, found, turn)
    return chosen, members


def furthest_from_proportion(weights: list[int]) -> float:
    total, worst, counts = sum(weights), 0.0, Counter[int]()
    for made, number in enumerate(turns(weights, total)[0], start=1):
        counts[number] += 1
        worst = max(worst, *(abs(counts[i] - made * w / total) for i, w in enumerate(weights, start=1)))
    assert all(counts[number] == weight for number, weight in enumerate(weights, start=1))
    return worst


SEVERE = [[10, 10, 10, 1, 1, 10, 1, 1, 1, 10, 1], [1, 10, 10, 3, 10, 10, 10, 10, 10, 3, 10, 10]]


@pytest.mark.parametrize("weights", SEVERE)
def test_weighted_stays_within_one_of_its_proportions_where_the_plain_rule_does_not(weights: list[int]) -> None:
    assert furthest_from_proportion(weights) < 1


@pytest.mark.parametrize("size", [2, 3])
def test_weighted_stays_within_one_of_its_proportions_for_any_weights_of_two_and_three(size: int) -> None:
    for weights in combinations_with_replacement(range(1, 11), size):
        assert furthest_from_proportion(list(weights)) < 1, weights


def test_weighted_stays_within_one_of_its_proportions_for_many_members() -> None:
    rng = random.Random(7)
    for _ in range(150):
        weights = [rng.choice((1, 2, 3, 9, 10, rng.randint(1, 10))) for _ in range(rng.randint(4, 12))]
        assert furthest_from_proportion(weights) < 1, weights


def test_weighted_is_smooth() -> None:
    assert turns([1, 2], 6)[0] == [2, 1, 2, 2, 1, 2]


def test_weighted_converges_when_members_come_and_go_and_no_balance_runs_away() -> None:
    chosen, members = turns([1, 2, 5], 3000, random.Random(3))
    assert max(abs(one.balance) for one in members) < 40
    counts = Counter(chosen)
    assert counts[1] < counts[2] < counts[3]


def test_who_was_away_is_not_flooded_on_return() -> None:
    sarah, mike = member(1), member(2)
    for turn in range(10):
        found = chosen_by("Weighted", sarah, replace(mike, busy=BUSY))
        (sarah,) = after([sarah], found, turn)
    assert (sarah.balance, mike.balance) == (0, 0)


# receipts


def test_the_receipt_tells_who_took_part_who_was_free_and_why_one_was_chosen() -> None:
    sarah, mike, jane = member(1, last_assigned=900), member(2, busy=BUSY), member(3, last_assigned=300, upcoming=4)
    receipt = chosen_by("Round Robin", jane, mike, sarah).receipt
    assert json.loads(json.dumps(receipt)) == receipt
    assert receipt["algorithm"] == "Round Robin"
    assert (receipt["start"], receipt["end"]) == ("2026-12-07T10:00:00+00:00", "2026-12-07T10:30:00+00:00")
    assert receipt["decided_at"] == "2026-12-01T00:00:00+00:00"
    assert receipt["chosen"] == ["jane@bestsecurity.example"]
    assert receipt["reason"] == "jane@bestsecurity.example was assigned longest ago."
    assert [(row["user"], row["free"]) for row in receipt["members"]] == [
        ("sarah@bestsecurity.example", True),
        ("mike@bestsecurity.example", False),
        ("jane@bestsecurity.example", True),
    ]
    assert receipt["members"][1]["refusals"] == [
        {"code": "clash", "text": "already booked from 10:00 to 10:30 on Monday 7 December 2026 (UTC)"}
    ]
    assert receipt["members"][2] | {"refusals": []} == {
        "user": "jane@bestsecurity.example",
        "free": True,
        "refusals": [],
        "last_assigned": "1970-01-01T00:05:00+00:00",
        "upcoming": 4,
        "weight": 1,
        "balance": 0,
    }


REASONS = [
    ("Round Robin", [{}], "Only sarah@bestsecurity.example was free."),
    ("Round Robin", [{}, {"last_assigned": 5}], "sarah@bestsecurity.example has never been assigned."),
    (
        "Round Robin",
        [{}, {}],
        "sarah@bestsecurity.example has never been assigned and comes first in the department's order.",
    ),
    (
        "Least Busy",
        [{"upcoming": 1}, {"upcoming": 2}],
        "sarah@bestsecurity.example has the fewest bookings in the next 7 days (1).",
    ),
    (
        "Least Busy",
        [{"last_assigned": 3}, {"last_assigned": 5}],
        (
            "sarah@bestsecurity.example has the fewest bookings in the next 7 days (0), like 1 more,"
            " and was assigned longest ago."
        ),
    ),
    (
        "Least Busy",
        [{}, {"last_assigned": 5}],
        (
            "sarah@bestsecurity.example has the fewest bookings in the next 7 days (0), like 1 more,"
            " and has never been assigned."
        ),
    ),
    (
        "Weighted",
        [{"priority": 3}, {}],
        "sarah@bestsecurity.example is next by weight (3 of 4, balance 0).",
    ),
    (
        "Weighted",
        [{}, {}, {}],
        (
            "sarah@bestsecurity.example is next by weight (1 of 3, balance 0), like 2 more,"
            " and comes first in the department's order."
        ),
    ),
]


@pytest.mark.parametrize(("algorithm", "fields", "reason"), REASONS)
def test_the_deciding_reason_is_one_plain_sentence(algorithm: str, fields: list[dict[str, int]], reason: str) -> None:
    members = [member(number, **figures) for number, figures in enumerate(fields, start=1)]
    assert chosen_by(algorithm, *members).receipt["reason"] == reason


def test_a_receipt_of_a_choice_by_hand_shows_what_it_passed_over() -> None:
    sarah = member(1)
    receipt = manual_receipt(
        facts(sarah, member(2)), START - 4 * HOUR, END, [sarah], "Chosen by lead@bestsecurity.example."
    )
    assert receipt["algorithm"] == Algorithm.MANUAL.value == "Manual"
    assert receipt["chosen"] == ["sarah@bestsecurity.example"]
    assert receipt["reason"] == "Chosen by lead@bestsecurity.example."
    assert [row["code"] for row in receipt["members"][0]["refusals"]] == ["hours"]
