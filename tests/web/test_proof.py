"""Proof of work: what counts as a solution, for which puzzle, how long, and how often."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest
from django.db import transaction
from pytest_django import Settings

from meeting_manager.web import proof
from meeting_manager.web.limits import forget_old
from meeting_manager.web.models import GuestCounter
from tests.together import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
TYPE = 7
BITS = 8


@pytest.fixture(autouse=True)
def _easy(settings: Settings) -> None:
    settings.GUEST_PROOF_OF_WORK = BITS


def solve(challenge: str, bits: int = BITS) -> str:
    """As browsers do it, one number after the other, by the definition."""
    for number in count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if bin(int.from_bytes(digest) | 1 << 256)[3:].startswith("0" * bits):
            return str(number)
    raise AssertionError


def puzzle() -> str:
    return proof.challenge(meeting_type=TYPE, now=NOW)


def accept(given: str, solution: str, **changes: object) -> bool:
    known: dict[str, object] = {"meeting_type": TYPE, "now": NOW}
    return proof.accept(given, solution, **(known | changes))  # type: ignore[arg-type] # of both kinds


def test_a_solution_is_accepted_once() -> None:
    given = puzzle()
    solution = solve(given)
    assert accept(given, solution)
    assert not accept(given, solution)


def test_another_solution_of_a_used_puzzle_is_none() -> None:
    given = puzzle()
    first = solve(given)
    another = next(str(n) for n in count(int(first) + 1) if proof.is_solution(given, str(n), BITS))
    assert accept(given, first)
    assert not accept(given, another)


@pytest.mark.parametrize("bits", [1, 7, 8, 9, 12])
def test_so_many_bits_as_are_asked_for_have_to_be_zero(bits: int) -> None:
    for number in range(3000):
        digest = hashlib.sha256(f"text:{number}".encode()).digest()
        zeros = 256 - int.from_bytes(digest).bit_length()
        assert proof.is_solution("text", str(number), bits) == (zeros >= bits)


def test_the_first_solutions_are_those_that_any_sha256_finds() -> None:
    # As in: printf 'abc:4959' | sha256sum
    assert [solve("abc", bits) for bits in (4, 8, 12, 16)] == ["3", "181", "4959", "22421"]
    assert proof.is_solution("abc", "22421", 16)
    assert not proof.is_solution("abc", "22420", 16)


@pytest.mark.parametrize("solution", ["", "-1", " 1", "1 ", "1.0", "٣", "x", "1\n", "9" * 16, "9" * 100_000])
def test_what_is_no_number_is_no_solution(solution: str) -> None:
    assert not any(proof.is_solution(text, solution, 1) for text in ("a", "b", "c", "d", "e", "f"))


def test_a_puzzle_of_another_type_is_not_accepted_and_not_used_up() -> None:
    given = puzzle()
    solution = solve(given)
    assert not accept(given, solution, meeting_type=TYPE + 1)
    assert accept(given, solution)


def test_a_puzzle_is_good_for_an_hour() -> None:
    given = puzzle()
    solution = solve(given)
    assert not accept(given, solution, now=NOW + timedelta(hours=1))
    assert accept(given, solution, now=NOW + timedelta(minutes=59, seconds=59))


@pytest.mark.parametrize("forged", ["", "x", "a.1.1.7", "a.1.1.7:sig", ":", "é:é", "\x00:\x00", "x" * 100_000])
def test_a_puzzle_that_is_none_of_ours_is_none(forged: str) -> None:
    assert proof.read(forged) is None
    assert not accept(forged, "1")


def test_an_easier_puzzle_cannot_be_made_from_ours() -> None:
    easier = puzzle().replace(f".{BITS}.", ".1.")
    assert not accept(easier, solve(easier, 1))


def test_how_hard_it_is_stands_in_the_puzzle(settings: Settings) -> None:
    given = puzzle()
    solution = solve(given)
    settings.GUEST_PROOF_OF_WORK = 24
    assert accept(given, solution)
    now = proof.read(puzzle())
    assert now is not None
    assert now.bits == 24


def test_a_use_that_is_undone_does_not_count() -> None:
    given = puzzle()
    solution = solve(given)
    with transaction.atomic():
        assert accept(given, solution)
        transaction.set_rollback(True)
    assert accept(given, solution)


def test_uses_are_remembered_for_as_long_as_the_puzzle_is_good() -> None:
    given = puzzle()
    solution = solve(given)
    assert accept(given, solution)
    last = NOW + timedelta(minutes=59)
    forget_old(last)
    assert not accept(given, solution, now=last)
    forget_old(NOW + timedelta(hours=2))
    assert not GuestCounter.objects.exists()


def test_the_nonce_is_not_stored_in_clear() -> None:
    given = puzzle()
    accept(given, solve(given))
    found = proof.read(given)
    assert found is not None
    assert found.nonce not in str(list(GuestCounter.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_of_many_uses_at_once_one_counts() -> None:
    given = puzzle()
    solution = solve(given)
    results = together([partial(accept, given, solution) for _ in range(8)])
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]
