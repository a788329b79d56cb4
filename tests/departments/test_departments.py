"""Departments: made with their first members, edited by System Managers, never without an active member."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services import create_department, delete_department, edit_department
from meeting_manager.people.services import disable_user
from tests.cast import NOW, Cast
from tests.together import together


def _create(
    cast: Cast, members: list[dict[str, object]] | None = None, fields: dict[str, object] | None = None
) -> Department:
    given = {"department_name": "Field Service", **(fields or {})}
    return create_department(
        actor=cast.admin, fields=given, members=[{"member": cast.sarah}] if members is None else members
    )


def test_a_department_gets_its_slug_and_document_name_from_its_name(cast: Cast) -> None:
    department = _create(cast)
    assert department.department_slug == "field-service"
    assert department.name == "MM-DEPT-field-service"
    assert department.public_booking_url == "http://127.0.0.1:8000/book/field-service"


def test_a_new_department_has_the_defaults_of_the_specification(cast: Cast) -> None:
    department = Department.objects.get(pk=_create(cast).pk)
    assert department.is_active
    assert department.timezone == "UTC"
    assert department.assignment_algorithm == "Round Robin"
    assert department.max_bookings_per_day == 0
    assert department.notify_leader_on_booking
    assert not department.notify_admin_on_booking
    assert not department.members_may_book
    assert department.department_leader is None


def test_a_slug_is_cleaned_and_a_description_sanitised(cast: Cast) -> None:
    department = _create(
        cast,
        fields={"department_slug": " Field  Service! ", "description": "<script>x</script><b>We drive</b>"},
    )
    assert department.department_slug == "field-service"
    assert department.description == "<b>We drive</b>"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"department_name": " "}, {"department_name": ["Department Name is required."]}),
        (
            {"department_slug": "!!!"},
            {"department_slug": ["Department Slug must contain letters (a-z) or digits. Please choose another slug."]},
        ),
        (
            {"department_slug": "Support"},
            {"department_slug": ["Department Slug 'support' is already taken. Please choose another slug."]},
        ),
        (
            {"timezone": ""},
            {"timezone": ["Timezone '' is not a known time zone. Please use an IANA name such as 'Europe/Berlin'."]},
        ),
        (
            {"assignment_algorithm": "Random"},
            {"assignment_algorithm": ["Assignment Algorithm must be one of: Round Robin, Least Busy, Weighted."]},
        ),
        (
            {"max_bookings_per_day": -1},
            {"max_bookings_per_day": ["Max Bookings Per Day must be a whole number between 0 and 10000."]},
        ),
        (
            {"department_leader": "mike@bestsecurity.example"},
            {
                "department_leader": [
                    (
                        "Department Leader 'mike@bestsecurity.example' must be an active member of this department. "
                        "Please add them as a member first."
                    )
                ]
            },
        ),
        ({"name": "MM-DEPT-x"}, {"name": ["Field 'name' of a department is read-only. Please leave it out."]}),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    cast: Cast, fields: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        _create(cast, fields=fields)
    assert refused.value.message_dict == errors
    assert not Department.objects.filter(department_name="Field Service").exists()


@pytest.mark.parametrize(
    ("members", "part"),
    [
        ([], "At least one active member must be in this department."),
        ([{"member": "sarah@bestsecurity.example", "is_active": False}], "At least one active member"),
        (
            [{"member": "sarah@bestsecurity.example"}, {"member": "Sarah@bestsecurity.example"}],
            "Duplicate users found in members. Each user can only be a member once.",
        ),
        ([{"member": "nobody@x.example"}], "User 'nobody@x.example' does not exist."),
        ([{"member": "system@localhost"}], "User 'system@localhost' is not active. Please choose an active user."),
        ([{}], "Row 1: Member is required."),
        (
            [{"member": "sarah@bestsecurity.example", "assignment_priority": 11}],
            "Row 1: Assignment Priority must be a whole number between 1 and 10.",
        ),
        ([{"member": "sarah@bestsecurity.example", "total_assignments": 5}], "is read-only"),
    ],
)
def test_the_first_members_follow_the_rules_too(cast: Cast, members: list[dict[str, object]], part: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _create(cast, members)
    assert part in refused.value.message_dict["members"][0]
    assert not Department.objects.filter(department_name="Field Service").exists()


@pytest.mark.parametrize("who", ["lead", "sarah", "outsider"])
def test_only_system_managers_make_edit_and_delete_departments(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        create_department(actor=actor, fields={"department_name": "X"}, members=[{"member": actor}])
    with pytest.raises(PermissionDenied):
        edit_department(actor=actor, department=cast.support, changes={"department_leader": actor})
    with pytest.raises(PermissionDenied):
        delete_department(actor=actor, department=cast.support)


def test_a_changed_slug_leaves_the_document_name_and_keeps_it_taken(cast: Cast) -> None:
    edited = edit_department(actor=cast.admin, department=cast.support, changes={"department_slug": "help"})
    assert (edited.department_slug, edited.name) == ("help", "MM-DEPT-support")
    with pytest.raises(ValidationError, match="'support' is already taken"):
        _create(cast, fields={"department_slug": "support"})


def test_a_slug_of_another_department_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="'sales' is already taken"):
        edit_department(actor=cast.admin, department=cast.support, changes={"department_slug": "Sales"})


def test_the_leader_is_an_active_member_or_nobody(cast: Cast) -> None:
    edited = edit_department(actor=cast.admin, department=cast.support, changes={"department_leader": cast.mike})
    assert edited.department_leader == cast.mike
    with pytest.raises(ValidationError, match="must be an active member"):
        edit_department(actor=cast.admin, department=cast.support, changes={"department_leader": cast.outsider})
    for empty in ("", None):
        edited = edit_department(actor=cast.admin, department=cast.support, changes={"department_leader": empty})
        assert edited.department_leader is None


def test_a_refused_change_changes_nothing(cast: Cast) -> None:
    changes: dict[str, Any] = {"department_name": "Other", "department_leader": cast.outsider}
    with pytest.raises(ValidationError):
        edit_department(actor=cast.admin, department=cast.support, changes=changes)
    assert Department.objects.get(pk=cast.support.pk).department_name == "Support"


def test_a_department_with_meeting_types_is_not_deleted(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="has meeting types"):
        delete_department(actor=cast.admin, department=cast.sales)
    MeetingType.objects.filter(department=cast.sales).delete()
    delete_department(actor=cast.admin, department=cast.sales)
    assert not Department.objects.filter(pk=cast.sales.pk).exists()


def test_a_leaders_account_is_not_disabled(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        disable_user(actor=cast.admin, user=cast.lead, now=NOW)
    assert refused.value.message_dict == {
        "is_active": [
            "User 'lead@bestsecurity.example' leads department 'MM-DEPT-support'. Please choose another leader first."
        ]
    }


def test_the_account_of_the_last_active_member_is_not_disabled(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        disable_user(actor=cast.admin, user=cast.outsider, now=NOW)
    assert refused.value.message_dict == {
        "is_active": [
            (
                "User 'outsider@bestsecurity.example' is the last active member of department 'MM-DEPT-sales'. "
                "Please add another active member first."
            )
        ]
    }


def test_the_account_of_one_among_several_members_can_be_disabled(cast: Cast) -> None:
    cast.support.members.update(weighted_balance=3)
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    assert set(cast.support.members.values_list("weighted_balance", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_all_members_disabled_at_once_still_leave_one(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"department_leader": None})
    users = [cast.sarah, cast.mike, cast.jane, cast.lead]
    results = together([partial(disable_user, actor=cast.admin, user=user, now=NOW) for user in users])
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert cast.support.members.filter(member__is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_make_the_same_department_at_once_make_one(cast: Cast) -> None:
    results = together([lambda: _create(cast)] * 8)
    assert sum(isinstance(result, Department) for result in results) == 1
    assert sum(isinstance(result, ValidationError) for result in results) == 7


@pytest.mark.parametrize("values", [{"department_name": ""}, {"assignment_algorithm": "Random"}])
def test_the_database_refuses_what_the_services_would(cast: Cast, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=cast.support.pk).update(**values)
