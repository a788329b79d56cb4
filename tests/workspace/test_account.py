"""The pages of one's own account."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meeting_manager.departments.services import add_member
from meeting_manager.people.models import ApiToken, User
from meeting_manager.people.queries import user_for_token
from meeting_manager.people.services import create_token, create_user
from tests.cast import NOW, Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _page(client: Client, user: User, path: str = "/accounts/") -> str:
    client.force_login(user, backend=BACKEND)
    response = client.get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("admin", ["System Manager"]),
        ("lead", ["Leader of Support", "Member of Support"]),
        ("sarah", ["Member of Support"]),
        ("outsider", ["Member of Sales"]),
    ],
)
def test_the_account_page_says_who_one_is(cast: Cast, client: Client, who: str, roles: list[str]) -> None:
    html = _page(client, getattr(cast, who))
    assert f"{who}@bestsecurity.example" in html
    listed = re.search(r"Your roles</h2> <ul>(.*?)</ul>", html)
    assert listed
    assert re.findall(r"<li> ?(.*?) ?</li>", listed[1]) == roles


def test_somebody_without_a_role_learns_how_to_get_one(cast: Cast, client: Client) -> None:
    newcomer = create_user(actor=cast.admin, email="new@x.example", now=NOW)
    assert "a System Manager or the leader of a department can add you" in _page(client, newcomer)


def test_the_number_of_departments_does_not_change_the_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _page(client, cast.sarah)
    with django_assert_max_num_queries(9) as one:
        client.get("/accounts/")
    add_member(actor=cast.admin, department=cast.sales, member=cast.sarah)
    with django_assert_max_num_queries(9) as two:
        client.get("/accounts/")
    assert len(one) == len(two)


def test_a_new_token_is_shown_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.sarah, backend=BACKEND)
    response = client.post("/accounts/tokens/", {"label": "my script"})
    text = re.search(r"mmt_[\w-]{43}", response.content.decode())
    assert text
    assert "no-store" in response["Cache-Control"]
    assert user_for_token(text[0], NOW) == cast.sarah
    later = client.get("/accounts/tokens/").content.decode()
    assert text[0] not in later
    assert "my script" in later


@pytest.mark.parametrize("label", ["", " ", "x" * 101, "a\x00b"])
def test_a_bad_label_makes_no_token(cast: Cast, client: Client, label: str) -> None:
    client.force_login(cast.sarah, backend=BACKEND)
    response = client.post("/accounts/tokens/", {"label": label})
    assert "Error:" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_one_revokes_ones_own_tokens_and_does_not_see_others(cast: Cast, client: Client) -> None:
    mine, _ = create_token(actor=cast.sarah, user=cast.sarah, label="mine", now=NOW)
    theirs, text = create_token(actor=cast.mike, user=cast.mike, label="theirs", now=NOW)
    html = _page(client, cast.sarah, "/accounts/tokens/")
    assert "mine" in html
    assert "theirs" not in html
    assert client.post(f"/accounts/tokens/{mine.pk}/revoke/").status_code == 302
    assert client.post(f"/accounts/tokens/{theirs.pk}/revoke/").status_code == 404
    assert ApiToken.objects.get(pk=mine.pk).revoked_at is not None
    assert user_for_token(text, NOW) == cast.mike


def test_looking_at_a_page_changes_nothing(cast: Cast, client: Client) -> None:
    mine, _ = create_token(actor=cast.sarah, user=cast.sarah, now=NOW)
    client.force_login(cast.sarah, backend=BACKEND)
    assert client.get(f"/accounts/tokens/{mine.pk}/revoke/").status_code == 405
    assert ApiToken.objects.get(pk=mine.pk).revoked_at is None


def test_a_form_from_another_site_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.sarah, backend=BACKEND)
    assert client.post("/accounts/tokens/", {"label": "x"}).status_code == 403
    assert not ApiToken.objects.exists()
