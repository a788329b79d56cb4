"""The right to read a private feed: made, renewed, switched off, and nothing of it in the database."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from meeting_manager.people.feeds import token_of
from meeting_manager.people.models import PersonalFeed, User
from meeting_manager.people.queries import feed_of, system_user, user_for_feed
from meeting_manager.people.services import disable_user, enable_user, make_feed, remove_account, switch_feed_off
from tests.cast import NOW, Cast


def token(user: User) -> str:
    """The token of a feed just made."""
    return token_of(make_feed(actor=user, user=user, now=NOW).key)


def test_a_feed_opens_for_its_token_with_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = token(cast.sarah)
    token(cast.mike)
    with django_assert_num_queries(1):
        assert user_for_feed(text) == cast.sarah


def test_what_opens_it_is_not_stored_and_needs_the_key_of_the_site(cast: Cast) -> None:
    text = token(cast.sarah)
    (row,) = PersonalFeed.objects.values()
    assert len(text) == 48
    assert text[16:] not in str(row)
    assert "feed of" in str(PersonalFeed.objects.get())
    assert row["key"] not in str(PersonalFeed.objects.get())
    with override_settings(LINK_KEY="another"):
        assert user_for_feed(text) is None


def test_nothing_else_opens_it_and_whatever_is_tried_costs_the_same(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = token(cast.sarah)
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    for tried in ("", "x", "\x00", "\ud800", "é" * 48, text[:16], wrong, text + "a", text.upper(), "a" * 48):
        with django_assert_num_queries(1):
            assert user_for_feed(tried) is None


def test_renewing_ends_the_old_address(cast: Cast) -> None:
    old, new = token(cast.sarah), token(cast.sarah)
    assert user_for_feed(old) is None
    assert user_for_feed(new) == cast.sarah
    assert PersonalFeed.objects.count() == 1


def test_what_was_switched_off_stays_off_also_when_a_new_feed_is_made(cast: Cast) -> None:
    old = token(cast.sarah)
    for _ in range(2):
        switch_feed_off(actor=cast.sarah, user=cast.sarah)
    assert feed_of(cast.sarah) is None
    assert user_for_feed(old) is None
    token(cast.sarah)
    assert user_for_feed(old) is None


def test_disabling_an_account_ends_its_feed_for_good(cast: Cast) -> None:
    text = token(cast.mike)
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    assert user_for_feed(text) is None
    enable_user(actor=cast.admin, user=cast.mike)
    assert user_for_feed(text) is None


def test_an_account_that_is_not_active_opens_nothing_and_gets_no_feed(cast: Cast) -> None:
    text = token(cast.mike)
    User.objects.filter(pk=cast.mike.pk).update(is_active=False)
    cast.mike.refresh_from_db()
    assert user_for_feed(text) is None
    for user in (cast.mike, system_user()):
        with pytest.raises(ValidationError, match="is not active"):
            make_feed(actor=cast.admin, user=user, now=NOW)


def test_a_feed_is_its_users_and_the_system_managers_affair(cast: Cast) -> None:
    text = token(cast.sarah)
    for actor in (cast.lead, cast.mike, system_user()):
        with pytest.raises(PermissionDenied):
            make_feed(actor=actor, user=cast.sarah, now=NOW)
        with pytest.raises(PermissionDenied):
            switch_feed_off(actor=actor, user=cast.sarah)
    assert user_for_feed(text) == cast.sarah
    make_feed(actor=cast.admin, user=cast.sarah, now=NOW)
    assert user_for_feed(text) is None
    switch_feed_off(actor=cast.admin, user=cast.sarah)
    assert feed_of(cast.sarah) is None


def test_a_removed_account_takes_its_feed_along(cast: Cast) -> None:
    newcomer = User.objects.create_user("new@bestsecurity.example")
    token(newcomer)
    remove_account(user=newcomer)
    assert not PersonalFeed.objects.exists()
