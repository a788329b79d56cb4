"""Bearer tokens: shown once, stored as digests, closed at once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from meeting_manager.people.models import ApiToken
from meeting_manager.people.queries import system_user, user_for_token
from meeting_manager.people.services import create_token, disable_user, revoke_token
from tests.cast import NOW, Cast


def test_a_token_opens_the_account_of_its_user(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _, text = create_token(actor=cast.sarah, user=cast.sarah, label="script", now=NOW)
    with django_assert_num_queries(1):
        user = user_for_token(text, NOW)
        assert user is not None
        assert user.email == "sarah@bestsecurity.example"


def test_a_token_is_stored_as_a_digest_with_its_first_letters(cast: Cast) -> None:
    token, text = create_token(actor=cast.sarah, user=cast.sarah, now=NOW)
    row = ApiToken.objects.values().get(pk=token.pk)
    assert text not in str(row)
    assert text.startswith(row["hint"])
    assert len(row["hint"]) == 8
    assert len(text) == 47


def test_two_tokens_are_never_the_same(cast: Cast) -> None:
    texts = {create_token(actor=cast.sarah, user=cast.sarah, now=NOW)[1] for _ in range(20)}
    assert len(texts) == 20


@pytest.mark.parametrize("text", ["", "mmt_", "mmt_" + "x" * 43, "\x00", "\ud800", "é"])
def test_an_unknown_token_opens_nothing(cast: Cast, text: str) -> None:
    create_token(actor=cast.sarah, user=cast.sarah, now=NOW)
    assert user_for_token(text, NOW) is None


def test_a_revoked_token_opens_nothing_and_stays_revoked_when_it_was(cast: Cast) -> None:
    token, text = create_token(actor=cast.sarah, user=cast.sarah, now=NOW)
    revoke_token(actor=cast.sarah, token=token, now=NOW)
    assert user_for_token(text, NOW) is None
    assert revoke_token(actor=cast.sarah, token=token, now=NOW + timedelta(hours=1)).revoked_at == NOW


def test_nobody_makes_tokens_for_another_not_even_system_managers(cast: Cast) -> None:
    for actor in (cast.admin, cast.lead, cast.mike):
        with pytest.raises(PermissionDenied):
            create_token(actor=actor, user=cast.sarah, now=NOW)


def test_tokens_are_revoked_by_their_user_and_by_system_managers(cast: Cast) -> None:
    token, text = create_token(actor=cast.sarah, user=cast.sarah, now=NOW)
    for actor in (cast.lead, cast.mike):
        with pytest.raises(PermissionDenied):
            revoke_token(actor=actor, token=token, now=NOW)
    assert user_for_token(text, NOW) is not None
    revoke_token(actor=cast.admin, token=token, now=NOW)
    assert user_for_token(text, NOW) is None


def test_an_inactive_account_gets_no_token(cast: Cast) -> None:
    mike = disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    for user in (mike, system_user()):
        with pytest.raises(ValidationError, match="is not active"):
            create_token(actor=user, user=user, now=NOW)


def _run(*arguments: str, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("token", *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_a_working_token_and_nothing_else(cast: Cast) -> None:
    out, err = _run("Sarah@bestsecurity.example", label="backup")
    assert err == ""
    user = user_for_token(out.removesuffix("\n"), NOW)
    assert user == cast.sarah
    assert ApiToken.objects.get().label == "backup"


def test_the_command_lists_and_revokes_tokens_without_showing_them(cast: Cast) -> None:
    token, text = create_token(actor=cast.sarah, user=cast.sarah, label="script", now=NOW)
    listed, _ = _run("sarah@bestsecurity.example", list=True)
    assert listed == f"{token.pk}\t{text[:8]}…\t2026-11-30 08:00 UTC\tlive\tscript\n"
    _run("sarah@bestsecurity.example", revoke=token.pk)
    assert user_for_token(text, NOW) is None
    assert "revoked" in _run("sarah@bestsecurity.example", list=True)[0]


def test_the_command_refuses_unknown_users_and_others_tokens_in_one_sentence(cast: Cast) -> None:
    token, _ = create_token(actor=cast.mike, user=cast.mike, now=NOW)
    with pytest.raises(CommandError, match=r"^User 'nobody@x.example' does not exist\.$"):
        _run("nobody@x.example")
    with pytest.raises(CommandError, match="has no token"):
        _run("sarah@bestsecurity.example", revoke=token.pk)
    with pytest.raises(CommandError, match="is not active"):
        _run("system@localhost")
