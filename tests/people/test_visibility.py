"""Who sees whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from meeting_manager.departments.services import edit_member
from meeting_manager.people.models import SYSTEM_EMAIL, User
from meeting_manager.people.queries import get_for, get_user, system_managers, visible_to
from meeting_manager.people.rules import is_system, is_system_manager, may_read_account
from meeting_manager.people.services import create_user, disable_user
from tests.cast import NOW, Cast


def _seen_by(user: User) -> set[str]:
    return {seen.email.split("@")[0] for seen in visible_to(user)}


def test_a_system_manager_sees_everybody_but_the_reserved_user(cast: Cast) -> None:
    assert _seen_by(cast.admin) == {"admin", "lead", "sarah", "mike", "jane", "outsider"}
    with pytest.raises(User.DoesNotExist):
        get_for(cast.admin, SYSTEM_EMAIL)


def test_leaders_and_members_see_their_department_and_nobody_else(cast: Cast) -> None:
    for user in (cast.lead, cast.sarah):
        assert _seen_by(user) == {"lead", "sarah", "mike", "jane"}


def test_an_outsider_sees_only_their_own_department(cast: Cast) -> None:
    assert _seen_by(cast.outsider) == {"outsider"}


def test_a_member_who_was_deactivated_is_seen_by_the_leader_only_and_sees_nobody(cast: Cast) -> None:
    edit_member(actor=cast.lead, member=cast.support.members.get(member=cast.mike), changes={"is_active": False})
    assert "mike" in _seen_by(cast.lead)
    assert "mike" not in _seen_by(cast.sarah)
    assert _seen_by(cast.mike) == {"mike"}


def test_a_disabled_account_and_a_guest_see_nobody(cast: Cast) -> None:
    mike = disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    assert _seen_by(mike) == set()
    assert not visible_to(AnonymousUser()).exists()


def test_whom_one_may_not_see_does_not_exist(cast: Cast) -> None:
    assert get_for(cast.sarah, "Mike@bestsecurity.example") == cast.mike
    for email in ("outsider@bestsecurity.example", "admin@bestsecurity.example", "nobody@x.example", "\x00"):
        with pytest.raises(User.DoesNotExist):
            get_for(cast.sarah, email)


def test_users_are_found_whatever_the_case_of_their_address(cast: Cast) -> None:
    assert get_user("SARAH@bestsecurity.example") == cast.sarah
    for email in ("", "\x00", "\ud800"):
        with pytest.raises(User.DoesNotExist):
            get_user(email)


def test_only_active_flagged_users_are_system_managers(cast: Cast) -> None:
    second = create_user(actor=cast.admin, email="second@x.example", is_system_manager=True, now=NOW)
    assert is_system_manager(second)
    assert set(system_managers()) == {cast.admin, second}
    disabled = disable_user(actor=cast.admin, user=second, now=NOW)
    assert not is_system_manager(disabled)
    assert not is_system_manager(cast.lead)
    assert not is_system_manager(AnonymousUser())
    assert set(system_managers()) == {cast.admin}


def test_guests_are_not_the_system(cast: Cast) -> None:
    assert not is_system(AnonymousUser())
    assert not is_system(cast.admin)


def test_an_account_is_read_by_its_user_its_leader_and_system_managers(cast: Cast) -> None:
    readers = {
        name
        for name in ("admin", "lead", "sarah", "mike", "outsider")
        if may_read_account(getattr(cast, name), cast.sarah)
    }
    assert readers == {"admin", "lead", "sarah"}
