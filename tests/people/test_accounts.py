"""Accounts: made by System Managers, closed at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from meeting_manager.people.models import SYSTEM_EMAIL, User, UserSettings
from meeting_manager.people.queries import system_user, user_for_token
from meeting_manager.people.services import (
    create_admin,
    create_token,
    create_user,
    disable_user,
    edit_user,
    enable_user,
    on_disabling,
)
from tests.cast import NOW, PASSWORD, Cast
from tests.together import together


def test_a_new_user_has_settings_and_a_lower_case_address(cast: Cast) -> None:
    user = create_user(actor=cast.admin, email=" New.One@BestSecurity.Example ", now=NOW)
    assert user.email == "new.one@bestsecurity.example"
    settings = UserSettings.objects.get(user=user)
    assert settings.name == "MM-USER-new.one@bestsecurity.example"
    assert settings.timezone == ""
    hours = settings.working_hours_json
    enabled = {day for day in hours if hours[day] == {"enabled": True, "start": "09:00", "end": "17:00", "breaks": []}}
    assert enabled == {"monday", "tuesday", "wednesday", "thursday", "friday"}
    assert not user.has_usable_password()


@pytest.mark.parametrize("who", ["lead", "sarah", "outsider"])
def test_only_system_managers_make_accounts(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        create_user(actor=getattr(cast, who), email="new@bestsecurity.example", now=NOW)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"email": "no address"}, "email", "Invalid email format for Email: 'no address'"),
        ({"email": "system@localhost"}, "email", "Invalid email format for Email: 'system@localhost'"),
        (
            {"email": "SARAH@bestsecurity.example"},
            "email",
            "User 'sarah@bestsecurity.example' exists already. Please use another e-mail address.",
        ),
        ({"email": "n@x.example", "full_name": "a\nb"}, "full_name", None),
        (
            {"email": "n@x.example", "full_name": "a" * 141},
            "full_name",
            "Full Name must be at most 140 characters long.",
        ),
        ({"email": "n@x.example", "password": "short"}, "password", None),
    ],
)
def test_what_cannot_be_an_account_is_refused_by_field(
    cast: Cast, given: dict[str, Any], field: str, message: str | None
) -> None:
    with pytest.raises(ValidationError) as refused:
        create_user(actor=cast.admin, now=NOW, **given)
    assert list(refused.value.message_dict) == [field]
    if message:
        assert refused.value.message_dict[field] == [message]


def test_the_operator_makes_the_first_system_manager(db: None) -> None:
    admin = create_admin(email="root@bestsecurity.example", password=PASSWORD, now=NOW)
    assert admin.is_system_manager
    assert admin.check_password(PASSWORD)
    assert admin.date_joined == NOW


@pytest.mark.django_db(transaction=True)
def test_one_address_asked_for_by_eight_at_once_becomes_one_account() -> None:
    admin = create_admin(email="root@bestsecurity.example", password=PASSWORD, now=NOW)
    results = together([lambda: create_user(actor=admin, email="new@x.example", now=NOW)] * 8)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, ValidationError) for result in results) == 7


def test_people_change_their_own_name_and_nothing_else(cast: Cast) -> None:
    assert edit_user(actor=cast.sarah, user=cast.sarah, changes={"full_name": "Sarah S."}).full_name == "Sarah S."
    with pytest.raises(PermissionDenied):
        edit_user(actor=cast.sarah, user=cast.mike, changes={"full_name": "Mike M."})
    with pytest.raises(PermissionDenied):
        edit_user(actor=cast.sarah, user=cast.sarah, changes={"is_system_manager": True})
    with pytest.raises(PermissionDenied):
        edit_user(actor=cast.lead, user=cast.sarah, changes={"full_name": "S"})


@pytest.mark.parametrize("field", ["email", "is_active", "password", "session_version", "nonsense"])
def test_fields_that_are_not_to_be_set_are_refused_by_name(cast: Cast, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_user(actor=cast.admin, user=cast.sarah, changes={field: "x"})
    assert f"Field '{field}'" in refused.value.message_dict[field][0]


def test_the_last_system_manager_stays_one(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="last active System Manager"):
        edit_user(actor=cast.admin, user=cast.admin, changes={"is_system_manager": False})
    with pytest.raises(ValidationError, match="last active System Manager"):
        disable_user(actor=cast.admin, user=cast.admin, now=NOW)
    edit_user(actor=cast.admin, user=cast.sarah, changes={"is_system_manager": True})
    edit_user(actor=cast.admin, user=cast.admin, changes={"is_system_manager": False})
    assert not User.objects.get(pk=cast.admin.pk).is_system_manager


@pytest.mark.django_db(transaction=True)
def test_two_system_managers_who_disable_each_other_at_once_do_not_both_succeed(cast: Cast) -> None:
    edit_user(actor=cast.admin, user=cast.sarah, changes={"is_system_manager": True})
    sarah = User.objects.get(pk=cast.sarah.pk)
    together(
        [
            lambda: disable_user(actor=cast.admin, user=sarah, now=NOW),
            lambda: disable_user(actor=sarah, user=cast.admin, now=NOW),
        ]
    )
    assert User.objects.filter(is_active=True, is_system_manager=True).count() == 1


def test_a_disabled_account_loses_sessions_and_tokens_at_once(cast: Cast, client: Client) -> None:
    _, token = create_token(actor=cast.mike, user=cast.mike, now=NOW)
    client.force_login(cast.mike, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/accounts/").status_code == 200
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    assert client.get("/accounts/").status_code == 302
    assert user_for_token(token, NOW) is None


def test_an_account_opened_again_needs_a_new_sign_in_and_new_tokens(cast: Cast, client: Client) -> None:
    _, token = create_token(actor=cast.mike, user=cast.mike, now=NOW)
    client.force_login(cast.mike, backend="allauth.account.auth_backends.AuthenticationBackend")
    disabled = disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    assert enable_user(actor=cast.admin, user=disabled).is_active
    assert client.get("/accounts/").status_code == 302
    assert user_for_token(token, NOW + timedelta(days=1)) is None


def test_only_system_managers_disable_and_enable_accounts(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        disable_user(actor=cast.lead, user=cast.sarah, now=NOW)
    with pytest.raises(PermissionDenied):
        enable_user(actor=cast.sarah, user=cast.sarah)


def test_a_disabled_system_manager_may_do_nothing_any_more(cast: Cast) -> None:
    second = create_user(actor=cast.admin, email="second@x.example", is_system_manager=True, now=NOW)
    second = disable_user(actor=cast.admin, user=second, now=NOW)
    with pytest.raises(PermissionDenied):
        create_user(actor=second, email="third@x.example", now=NOW)


def test_a_room_above_can_refuse_the_disabling_of_an_account(cast: Cast) -> None:
    from meeting_manager.people.services import accounts

    def refuse(user: User) -> None:
        raise ValidationError({"is_active": f"{user.email} is needed."})

    on_disabling(refuse)
    try:
        with pytest.raises(ValidationError, match="is needed"):
            disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    finally:
        accounts._on_disabling.remove(refuse)
    assert User.objects.get(pk=cast.mike.pk).is_active


def test_the_system_user_is_there_from_the_beginning_and_cannot_be_touched(cast: Cast) -> None:
    system = User.objects.get(email=SYSTEM_EMAIL)
    assert system_user() == system
    assert not system.is_active
    assert not system.has_usable_password()
    with pytest.raises(ValidationError, match="belongs to the system"):
        disable_user(actor=cast.admin, user=system, now=NOW)
    with pytest.raises(ValidationError, match="belongs to the system"):
        enable_user(actor=cast.admin, user=system)
    with pytest.raises(PermissionDenied):
        edit_user(actor=cast.admin, user=system, changes={"is_system_manager": True})


@pytest.mark.parametrize("field", ["is_active", "is_system_manager"])
def test_the_database_itself_keeps_the_system_user_out(db: None, field: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=system_user().pk).update(**{field: True})


def test_the_system_user_is_made_again_where_a_database_lost_it(db: None) -> None:
    User.objects.filter(email=SYSTEM_EMAIL).delete()
    assert not system_user().is_active
    assert User.objects.filter(email=SYSTEM_EMAIL).count() == 1
