"""Who finds which departments, members and meeting types; what one may not see does not exist."""

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.departments.queries import (
    active_departments,
    get_for,
    get_member_for,
    get_type_for,
    led_by,
    member_departments,
    members_of,
    public_types,
    types_visible_to,
    visible_to,
)
from meeting_manager.departments.rules import belongs, is_member, leads, may_manage
from meeting_manager.departments.services import add_member, edit_department, edit_meeting_type, edit_member
from meeting_manager.people.rules import AnyUser
from meeting_manager.people.services import disable_user
from tests.cast import NOW, Cast

EVERYBODY = ("admin", "lead", "sarah", "outsider", "guest")


def _user(cast: Cast, who: str) -> AnyUser:
    return AnonymousUser() if who == "guest" else getattr(cast, who)


def _who(cast: Cast, test: object, department: Department) -> set[str]:
    return {who for who in EVERYBODY if test(_user(cast, who), department)}  # type: ignore[operator]


def test_roles_follow_from_the_data(cast: Cast) -> None:
    assert _who(cast, leads, cast.support) == {"lead"}
    assert _who(cast, is_member, cast.support) == {"lead", "sarah"}
    assert _who(cast, may_manage, cast.support) == {"admin", "lead"}
    assert _who(cast, belongs, cast.support) == {"admin", "lead", "sarah"}
    assert _who(cast, belongs, cast.sales) == {"admin", "outsider"}


def test_a_deactivated_row_or_account_is_no_member(cast: Cast) -> None:
    edit_member(actor=cast.lead, member=cast.support.members.get(member=cast.mike), changes={"is_active": False})
    assert not is_member(cast.mike, cast.support)
    jane = disable_user(actor=cast.admin, user=cast.jane, now=NOW)
    assert not is_member(jane, cast.support)
    assert len(members_of(cast.support)) == 4
    assert not member_departments(jane).exists()


def test_everybody_sees_active_departments_and_their_own_see_inactive_ones(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"is_active": False})
    seen = {who: {found.department_slug for found in visible_to(_user(cast, who))} for who in EVERYBODY}
    assert seen == {
        "admin": {"support", "sales"},
        "lead": {"support", "sales"},
        "sarah": {"support", "sales"},
        "outsider": {"sales"},
        "guest": {"sales"},
    }
    assert [found.department_slug for found in active_departments()] == ["sales"]


def test_a_department_is_found_by_slug_and_by_document_name(cast: Cast) -> None:
    for key in ("support", "MM-DEPT-support"):
        assert get_for(AnonymousUser(), key) == cast.support
    for key in ("", "nowhere", "Support", "\x00", "\ud800"):
        with pytest.raises(Department.DoesNotExist):
            get_for(cast.admin, key)


def test_an_inactive_department_does_not_exist_for_others(cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"is_active": False})
    for who in ("outsider", "guest"):
        with pytest.raises(Department.DoesNotExist):
            get_for(_user(cast, who), "support")
        with pytest.raises(MeetingType.DoesNotExist):
            get_type_for(_user(cast, who), "support", "30-min-call")
    assert get_for(cast.sarah, "support") == cast.support


def test_guests_find_active_public_types_only(cast: Cast) -> None:
    assert [found.meeting_slug for found in public_types(cast.support)] == ["30-min-call"]
    edit_meeting_type(actor=cast.lead, meeting_type=cast.call, changes={"is_active": False})
    assert not public_types(cast.support).exists()


def test_an_inactive_department_offers_nothing(cast: Cast) -> None:
    edited = edit_department(actor=cast.admin, department=cast.support, changes={"is_active": False})
    assert not public_types(edited).exists()


def test_internal_types_are_for_those_who_belong_there(cast: Cast) -> None:
    seen = {who: {found.meeting_slug for found in types_visible_to(_user(cast, who))} for who in EVERYBODY}
    both = {"30-min-call", "executive-consultation"}
    assert seen == {
        "admin": both | {"internal-planning"},
        "lead": both | {"internal-planning"},
        "sarah": both | {"internal-planning"},
        "outsider": both,
        "guest": both,
    }


def test_a_type_is_found_by_slugs_and_by_document_names(cast: Cast) -> None:
    for keys in (("support", "internal-planning"), ("MM-DEPT-support", "MM-MT-support-internal-planning")):
        assert get_type_for(cast.sarah, *keys) == cast.planning
    for who, keys in [
        ("outsider", ("support", "internal-planning")),
        ("sarah", ("sales", "internal-planning")),
        ("sarah", ("support", "\x00")),
    ]:
        with pytest.raises(MeetingType.DoesNotExist):
            get_type_for(_user(cast, who), *keys)


def test_member_rows_are_for_those_who_belong_there(cast: Cast) -> None:
    for who in ("admin", "lead", "sarah"):
        assert get_member_for(_user(cast, who), cast.support, "Mike@bestsecurity.example").member == cast.mike
    for who in ("outsider", "guest"):
        with pytest.raises(DepartmentMember.DoesNotExist):
            get_member_for(_user(cast, who), cast.support, "mike@bestsecurity.example")


def test_led_and_member_departments_are_ones_own(cast: Cast) -> None:
    add_member(actor=cast.admin, department=cast.sales, member=cast.lead)
    assert list(led_by(cast.lead)) == [cast.support]
    assert list(member_departments(cast.lead)) == [cast.sales, cast.support]
    assert not led_by(AnonymousUser()).exists()
    assert not member_departments(AnonymousUser()).exists()


def test_the_number_of_members_does_not_change_the_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for department, count in ((cast.sales, 1), (cast.support, 4)):
        with django_assert_num_queries(1):
            assert len([row.member.email for row in members_of(department)]) == count


def test_the_number_of_types_does_not_change_the_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert len([found.public_booking_url for found in public_types(cast.sales)]) == 1
    with django_assert_num_queries(1):
        assert len([found.public_booking_url for found in types_visible_to(cast.sarah)]) == 3


def test_fetching_with_rights_takes_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        department = get_for(cast.sarah, "support")
        assert department.department_leader == cast.lead
    with django_assert_num_queries(1):
        found = get_type_for(cast.sarah, "support", "internal-planning")
        assert found.department.department_leader_id == cast.lead.pk
