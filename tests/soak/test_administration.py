"""Administrators and calendars at work at the same time: locks are taken in an order that never closes a circle."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.calendars.services import edit_integration
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.departments.services import edit_member
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_managers
from meeting_manager.people.services import create_user, disable_user, enable_user
from tests.bookings.desk import NOW
from tests.cast import Cast, make_cast
from tests.soak.operations import Clerk, Office, violations
from tests.soak.scale import Report, scaled
from tests.together import together


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, committed."""
    return make_cast()


def test_two_administrators_who_disable_each_other_leave_one(cast: Cast) -> None:
    other = create_user(actor=cast.admin, email="other@bestsecurity.example", is_system_manager=True, now=NOW)
    for _ in range(scaled(10, 200)):
        outcomes = together(
            [
                partial(disable_user, actor=cast.admin, user=other, now=NOW),
                partial(disable_user, actor=other, user=cast.admin, now=NOW),
            ]
        )
        assert {type(outcome) for outcome in outcomes} <= {User, ValidationError, PermissionDenied}
        left = system_managers().get()
        for user in (cast.admin, other):
            if user.pk != left.pk:
                enable_user(actor=left, user=user)


def test_a_calendar_is_switched_off_and_on_while_its_events_arrive_and_customers_book(
    cast: Cast, report: Report
) -> None:
    office = Office(cast)
    steps = scaled(60, 1_500)
    clerks = [Clerk(office, f"clerk{number}", seed=number) for number in range(4)]

    def bring_events(clerk: Clerk) -> None:
        for _ in range(steps):
            clerk.attempt("Event")

    def book(clerk: Clerk) -> None:
        for _ in range(steps):
            clerk.try_something()

    def switch() -> None:
        for number in range(steps):
            for calendar in office.calendars:
                edit_integration(
                    actor=cast.admin, integration=calendar, changes={"is_active": number % 2 == 0}, now=NOW
                )

    def weigh() -> None:
        rows = list(DepartmentMember.objects.filter(department=cast.support).select_related("department", "member"))
        for number in range(steps):
            row = rows[number % len(rows)]
            edit_member(actor=cast.admin, member=row, changes={"assignment_priority": 1 + number % 10})

    calls: list[Callable[[], None]] = [switch, weigh]
    calls += [partial(bring_events, clerk) for clerk in clerks[:2]]
    calls += [partial(book, clerk) for clerk in clerks[2:]]
    outcomes = together(calls)
    assert outcomes == [None] * len(outcomes)
    assert violations() == ""
    report.note(
        f"{6 * steps} steps of six kinds of work, {sum(len(clerk.acknowledged) for clerk in clerks)} acknowledged"
    )
