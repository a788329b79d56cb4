"""Members: edited by the leader; a department keeps its leader and an active member."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from meeting_manager.departments.models import DepartmentMember
from meeting_manager.departments.queries import members_of
from meeting_manager.departments.services import (
    add_member,
    edit_department,
    edit_member,
    remove_member,
    reorder_members,
)
from meeting_manager.people.services import disable_user
from tests.cast import NOW, Cast
from tests.together import together


def _row(cast: Cast, who: str) -> DepartmentMember:
    return cast.support.members.get(member=getattr(cast, who))


def _order(cast: Cast) -> list[str]:
    return [row.member.email.split("@")[0] for row in members_of(cast.support)]


def test_a_leader_adds_a_member_at_the_end(cast: Cast) -> None:
    row = add_member(actor=cast.lead, department=cast.support, member="Outsider@bestsecurity.example")
    assert (row.is_active, row.assignment_priority, row.total_assignments) == (True, 1, 0)
    assert row.last_assigned_datetime is None
    assert _order(cast) == ["sarah", "mike", "jane", "lead", "outsider"]


@pytest.mark.parametrize("who", ["sarah", "outsider"])
def test_members_and_outsiders_do_not_edit_members(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        add_member(actor=actor, department=cast.support, member=cast.outsider)
    with pytest.raises(PermissionDenied):
        edit_member(actor=actor, member=_row(cast, "mike"), changes={"assignment_priority": 2})
    with pytest.raises(PermissionDenied):
        remove_member(actor=actor, member=_row(cast, "mike"))
    with pytest.raises(PermissionDenied):
        reorder_members(actor=actor, department=cast.support, order=[])


def test_a_leader_edits_no_other_department(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        add_member(actor=cast.lead, department=cast.sales, member=cast.mike)


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("sarah@bestsecurity.example", "User 'sarah@bestsecurity.example' is already a member of this department."),
        ("nobody@x.example", "User 'nobody@x.example' does not exist."),
        ("", "Member is required."),
        ("system@localhost", "User 'system@localhost' is not active. Please choose an active user."),
    ],
)
def test_who_cannot_become_a_member_is_refused(cast: Cast, member: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add_member(actor=cast.lead, department=cast.support, member=member)
    assert refused.value.message_dict == {"member": [message]}


def test_a_disabled_account_does_not_become_a_member(cast: Cast) -> None:
    add_member(actor=cast.admin, department=cast.sales, member=cast.mike)
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    remove_member(actor=cast.admin, member=cast.sales.members.get(member=cast.mike))
    with pytest.raises(ValidationError, match="is not active"):
        add_member(actor=cast.admin, department=cast.sales, member=cast.mike)


def test_weight_and_state_of_a_member_are_edited(cast: Cast) -> None:
    edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={"assignment_priority": "5", "is_active": False})
    row = _row(cast, "mike")
    assert (row.assignment_priority, row.is_active) == (5, False)
    assert _order(cast) == ["sarah", "mike", "jane", "lead"]


@pytest.mark.parametrize(
    "field", ["total_assignments", "last_assigned_datetime", "weighted_balance", "member", "department", "x"]
)
def test_what_the_system_keeps_is_not_edited(cast: Cast, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={field: 1})
    assert f"Field '{field}'" in refused.value.message_dict[field][0]


def test_a_leader_stays_an_active_member(cast: Cast) -> None:
    message = "leads this department. Please choose another leader first."
    with pytest.raises(ValidationError, match=message):
        edit_member(actor=cast.admin, member=_row(cast, "lead"), changes={"is_active": False})
    with pytest.raises(ValidationError, match=message):
        remove_member(actor=cast.admin, member=_row(cast, "lead"))


def test_the_last_active_member_stays(cast: Cast) -> None:
    row = cast.sales.members.get()
    message = "is the last active member of this department. Please add another active member first."
    with pytest.raises(ValidationError, match=message):
        edit_member(actor=cast.admin, member=row, changes={"is_active": False})
    with pytest.raises(ValidationError, match=message):
        remove_member(actor=cast.admin, member=row)


def test_a_member_whose_account_is_disabled_does_not_count_as_active(cast: Cast) -> None:
    add_member(actor=cast.admin, department=cast.sales, member=cast.mike)
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    with pytest.raises(ValidationError, match="last active member"):
        remove_member(actor=cast.admin, member=cast.sales.members.get(member=cast.outsider))


@pytest.mark.django_db(transaction=True)
def test_all_members_removed_at_once_still_leave_one(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"department_leader": None})
    rows = list(cast.support.members.select_related("department", "member"))
    results = together([partial(remove_member, actor=cast.admin, member=row) for row in rows])
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert cast.support.members.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_user_added_by_eight_at_once_is_a_member_once(cast: Cast) -> None:
    results = together([lambda: add_member(actor=cast.admin, department=cast.support, member=cast.outsider)] * 8)
    assert sum(isinstance(result, ValidationError) for result in results) == 7
    assert cast.support.members.filter(member=cast.outsider).count() == 1
    assert sorted(cast.support.members.values_list("position", flat=True)) == [0, 1, 2, 3, 4]


def test_members_are_put_into_another_order(cast: Cast) -> None:
    emails = [f"{name}@bestsecurity.example" for name in ("lead", "jane", "mike", "sarah")]
    reorder_members(actor=cast.lead, department=cast.support, order=emails)
    assert _order(cast) == ["lead", "jane", "mike", "sarah"]


@pytest.mark.parametrize("names", [["sarah"], ["sarah", "mike", "jane", "jane"], ["sarah", "mike", "jane", "outsider"]])
def test_an_order_names_every_member_once(cast: Cast, names: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        reorder_members(actor=cast.lead, department=cast.support, order=[getattr(cast, name) for name in names])
    assert refused.value.message_dict == {"order": ["Order must name every member of the department exactly once."]}


def test_weighted_begins_anew_when_members_or_weights_change(cast: Cast) -> None:
    def balances() -> set[int]:
        found = set(cast.support.members.values_list("weighted_balance", flat=True))
        cast.support.members.update(weighted_balance=7)
        return found

    balances()
    add_member(actor=cast.lead, department=cast.support, member=cast.outsider)
    assert balances() == {0}
    edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={"assignment_priority": 3})
    assert balances() == {0}
    edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={"is_active": False})
    assert balances() == {0}
    remove_member(actor=cast.lead, member=_row(cast, "outsider"))
    assert balances() == {0}


def test_an_edit_that_changes_nothing_leaves_the_balances(cast: Cast) -> None:
    cast.support.members.update(weighted_balance=7)
    edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={"assignment_priority": 1, "is_active": True})
    assert set(cast.support.members.values_list("weighted_balance", flat=True)) == {7}


def test_counters_survive_an_edit(cast: Cast) -> None:
    at = timezone.now()
    cast.support.members.update(total_assignments=4, last_assigned_datetime=at)
    edit_member(actor=cast.lead, member=_row(cast, "mike"), changes={"assignment_priority": 3})
    row = _row(cast, "mike")
    assert (row.total_assignments, row.last_assigned_datetime) == (4, at)


@pytest.mark.parametrize("priority", [0, 11])
def test_the_database_refuses_a_weight_out_of_range(cast: Cast, priority: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.support.members.update(assignment_priority=priority)


def test_the_database_refuses_a_second_row_of_a_member(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentMember.objects.create(department=cast.support, member=cast.sarah)
