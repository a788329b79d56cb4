"""Random changes, one after the other and eight at a time: nobody is booked twice, and nothing is lost or doubled."""

import time
from collections import Counter
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from meeting_manager.bookings.models import Booking
from tests.cast import Cast, make_cast
from tests.soak.operations import KINDS, Clerk, Office, stored, violations
from tests.soak.scale import Report, scaled
from tests.together import together

THREADS = 8


@pytest.mark.django_db
def test_no_sequence_of_changes_breaks_an_invariant(cast: Cast) -> None:
    office = Office(cast)

    class Changes(RuleBasedStateMachine):
        """One clerk; each example is undone when it ends."""

        def __init__(self) -> None:
            super().__init__()
            self._transaction = transaction.atomic()
            self._transaction.__enter__()
            self.clerk = Clerk(office, "step", seed=0)

        @rule(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS))
        def change(self, seed: int, kind: str) -> None:
            self.clerk.random.seed(seed)
            self.clerk.attempt(kind)

        @rule(seed=st.integers(0, 2**32))
        def book(self, seed: int) -> None:
            self.clerk.random.seed(seed)
            self.clerk.attempt("Created")

        @precondition(lambda self: self.clerk.acknowledged)
        @rule()
        def look(self) -> None:
            assert stored() == Counter(self.clerk.acknowledged)

        def teardown(self) -> None:
            try:
                assert violations() == ""
                assert stored() == Counter(self.clerk.acknowledged)
            finally:
                transaction.set_rollback(True)
                self._transaction.__exit__(None, None, None)

    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=scaled(8, 60),
            stateful_step_count=scaled(25, 60),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def office(transactional_db: None) -> Office:
    """An office whose changes are really committed."""
    return Office(make_cast())


def test_eight_clerks_at_once_break_nothing_and_lose_nothing(office: Office, report: Report) -> None:
    steps = scaled(1_200, 20_000)
    clerks = [Clerk(office, f"clerk{number}", seed=number) for number in range(THREADS)]

    def work(clerk: Clerk) -> None:
        for _ in range(steps // THREADS):
            clerk.try_something()

    began = time.monotonic()
    outcomes = together([partial(work, clerk) for clerk in clerks])
    seconds = time.monotonic() - began
    assert [outcome for outcome in outcomes if outcome is not None] == []
    acknowledged = Counter(entry for clerk in clerks for entry in clerk.acknowledged)
    refused = sum(clerk.refused for clerk in clerks)
    report.note(f"{steps} steps by {THREADS} threads in {seconds:.0f} s ({steps / seconds:.0f} a second)")
    report.note(f"{acknowledged.total()} acknowledged, {refused} refused, {Booking.objects.count()} bookings")
    report.note(f"kinds: {dict(Counter(kind for kind, _ in acknowledged))}")
    assert {kind for kind, _ in acknowledged} == set(KINDS)
    assert stored() == acknowledged
    assert violations() == ""
