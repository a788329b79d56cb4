"""Signing in: with e-mail and password, perhaps a second factor, and not by guessing."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from meeting_manager.people.models import User
from meeting_manager.people.services import create_user, disable_user
from tests.cast import NOW, PASSWORD, Cast
from tests.people.post import collect, reset_link

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _sign_in(
    client: Client,
    email: str = "sarah@bestsecurity.example",
    password: str = PASSWORD,
    *,
    address: str = "127.0.0.1",
    forwarded_for: str = "",
) -> int:
    headers = {"x-forwarded-for": forwarded_for} if forwarded_for else {}
    credentials = {"login": email, "password": password}
    return client.post(LOGIN, credentials, headers=headers, REMOTE_ADDR=address).status_code


def _is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def test_right_e_mail_and_password_lead_to_ones_account(cast: Cast, client: Client) -> None:
    response = client.post(LOGIN, {"login": "Sarah@BestSecurity.example", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/"
    assert _is_signed_in(client)


def test_a_page_for_the_signed_in_sends_others_to_sign_in_and_back(cast: Cast, client: Client) -> None:
    response = client.get("/accounts/tokens/")
    assert response["Location"] == f"{LOGIN}?next=/accounts/tokens/"
    credentials = {"login": "sarah@bestsecurity.example", "password": PASSWORD, "next": "/accounts/tokens/"}
    assert client.post(LOGIN, credentials)["Location"] == "/accounts/tokens/"


def test_nobody_is_sent_to_another_site_after_signing_in(cast: Cast, client: Client) -> None:
    credentials = {"login": "sarah@bestsecurity.example", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(LOGIN, credentials)["Location"] == "/accounts/"


def test_signing_in_gives_a_new_session(cast: Cast, client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["mark"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    _sign_in(client)
    assert client.cookies["sessionid"].value != session.session_key


def _without_what_was_typed(html: str, typed: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html).replace(typed, "")


def test_a_wrong_password_and_an_unknown_account_look_the_same(cast: Cast, client: Client) -> None:
    pages = []
    for email in ("sarah@bestsecurity.example", "nobody@bestsecurity.example"):
        response = client.post(LOGIN, {"login": email, "password": "wrong"})
        assert response.status_code == 200
        pages.append(_without_what_was_typed(response.content.decode(), email))
    assert pages[0] == pages[1]
    assert not _is_signed_in(client)


def test_a_disabled_account_and_the_system_user_cannot_sign_in(cast: Cast, client: Client) -> None:
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    _sign_in(client, "mike@bestsecurity.example")
    _sign_in(client, "system@localhost", "!")
    assert not _is_signed_in(client)


def test_after_five_wrong_passwords_even_the_right_one_waits(cast: Cast, client: Client) -> None:
    codes = [_sign_in(client, password="wrong") for _ in range(5)]
    assert codes[:4] == [200] * 4
    assert codes[4] == 429
    response = client.post(LOGIN, {"login": "sarah@bestsecurity.example", "password": PASSWORD})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "Please wait 15 minutes" in response.content.decode()
    assert not _is_signed_in(client)


def test_an_unknown_account_is_locked_just_as_a_known_one(cast: Cast, client: Client) -> None:
    codes = [_sign_in(client, "nobody@bestsecurity.example", "wrong") for _ in range(6)]
    assert codes == [200] * 4 + [429] * 2


def test_the_spelling_of_the_address_does_not_start_a_new_count(cast: Cast, client: Client) -> None:
    for email in ("sarah@bestsecurity.example", "SARAH@bestsecurity.example", " sarah@BESTSECURITY.example") * 2:
        _sign_in(client, email, "wrong")
    assert _sign_in(client) == 429


def test_others_and_other_addresses_are_not_locked(cast: Cast, client: Client) -> None:
    for _ in range(5):
        _sign_in(client, password="wrong")
    assert _sign_in(client, "mike@bestsecurity.example") == 302
    assert _sign_in(Client(), address="192.0.2.7") == 302


def test_a_header_cannot_pretend_another_address(cast: Cast, client: Client) -> None:
    for number in range(5):
        _sign_in(client, password="wrong", forwarded_for=f"192.0.2.{number}")
    assert _sign_in(client, forwarded_for="192.0.2.99") == 429


def test_a_success_forgets_the_failures_before(cast: Cast, client: Client) -> None:
    for _ in range(2):
        assert [_sign_in(Client(), password="wrong") for _ in range(4)] == [200] * 4
        assert _sign_in(Client()) == 302


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    assert "by invitation" in client.get("/accounts/signup/").content.decode()
    form = {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", form).status_code == 405
    assert not User.objects.filter(email="new@x.example").exists()


def test_signing_out_needs_a_post(cast: Cast, client: Client) -> None:
    _sign_in(client)
    client.get("/accounts/logout/")
    assert _is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert not _is_signed_in(client)


def _choose(client: Client, link: str, password: str) -> None:
    form = client.get(link)["Location"]
    client.post(form, {"password1": password, "password2": password})


def test_a_forgotten_password_is_chosen_anew_by_a_link_in_a_mail_once(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    _sign_in(elsewhere)
    link = reset_link("sarah@bestsecurity.example", client)
    _choose(client, link, "nine dry raincoats")
    assert _sign_in(client, password="nine dry raincoats") == 302
    assert not _is_signed_in(elsewhere)
    again = Client().get(link, follow=True)
    assert "already been used" in again.content.decode()


def test_a_new_user_chooses_the_first_password_the_same_way(cast: Cast, client: Client) -> None:
    create_user(actor=cast.admin, email="new@bestsecurity.example", now=NOW)
    _choose(client, reset_link("new@bestsecurity.example", client), "nine dry raincoats")
    assert _sign_in(client, "new@bestsecurity.example", "nine dry raincoats") == 302


def test_the_link_leads_to_the_site_whatever_host_was_asked(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "sarah@bestsecurity.example"}, HTTP_HOST="localhost")
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in collect()[0]


def test_asking_for_a_new_password_tells_nobody_whether_there_is_an_account(cast: Cast, client: Client) -> None:
    answers = []
    for email in ("sarah@bestsecurity.example", "nobody@bestsecurity.example"):
        response = client.post("/accounts/password/reset/", {"email": email})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    known, unknown = collect()
    assert "password/reset/key" in known
    assert "there is no account with this address" in unknown


def test_a_disabled_account_gets_no_link(cast: Cast, client: Client) -> None:
    disable_user(actor=cast.admin, user=cast.mike, now=NOW)
    client.post("/accounts/password/reset/", {"email": "mike@bestsecurity.example"})
    (text,) = collect()
    assert "password/reset/key" not in text


def test_a_changed_password_ends_the_other_sessions(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    _sign_in(elsewhere)
    _sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": "nine dry raincoats", "password2": "nine dry raincoats"}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert _is_signed_in(client)
    assert not _is_signed_in(elsewhere)


def test_the_old_password_is_needed_for_a_new_one(cast: Cast, client: Client) -> None:
    _sign_in(client)
    form = {"oldpassword": "wrong", "password1": "nine dry raincoats", "password2": "nine dry raincoats"}
    assert client.post("/accounts/password/change/", form).status_code == 200
    assert User.objects.get(pk=cast.sarah.pk).check_password(PASSWORD)


def _code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238: SHA-1, 30 seconds, six digits)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def _add_second_factor(client: Client) -> str:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    response = client.post("/accounts/2fa/totp/activate/", {"code": _code(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def test_with_a_second_factor_the_password_alone_opens_nothing(cast: Cast, client: Client) -> None:
    _sign_in(client)
    secret = _add_second_factor(client)
    fresh = Client()
    assert fresh.post(LOGIN, {"login": "sarah@bestsecurity.example", "password": PASSWORD})["Location"].startswith(
        "/accounts/2fa/authenticate/"
    )
    assert not _is_signed_in(fresh)
    assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not _is_signed_in(fresh)
    fresh.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert _is_signed_in(fresh)


def test_a_code_of_the_second_factor_counts_once(cast: Cast, client: Client) -> None:
    _sign_in(client)
    code = _code(_add_second_factor(client))
    for expected in (True, False):
        fresh = Client()
        _sign_in(fresh)
        fresh.post("/accounts/2fa/authenticate/", {"code": code})
        assert _is_signed_in(fresh) is expected


def test_a_recovery_code_stands_in_for_the_second_factor_once(cast: Cast, client: Client) -> None:
    _sign_in(client)
    _add_second_factor(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for expected in (True, False):
        fresh = Client()
        _sign_in(fresh)
        fresh.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert _is_signed_in(fresh) is expected


def test_secrets_of_second_factors_are_stored_sealed(cast: Cast, client: Client) -> None:
    _sign_in(client)
    secret = _add_second_factor(client)
    stored = [str(row) for row in Authenticator.objects.values_list("data", flat=True)]
    assert len(stored) == 2
    assert all(secret not in row for row in stored)


def test_a_second_factor_is_added_only_after_the_password_was_given_again(cast: Cast, client: Client) -> None:
    _sign_in(client)
    response = client.get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


PAGES_FOR_ALL = [
    LOGIN,
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
]
PAGES_SIGNED_IN = [
    "/accounts/",
    "/accounts/tokens/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
]


@pytest.mark.parametrize("path", PAGES_FOR_ALL + PAGES_SIGNED_IN)
def test_pages_carry_neither_inline_script_nor_inline_style(cast: Cast, client: Client, path: str) -> None:
    if path in PAGES_SIGNED_IN:
        _sign_in(client)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = client.get(path)
    assert response.status_code == 200
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", html)
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert re.search(r"<title>\s*\S+", html)


@pytest.mark.parametrize("path", PAGES_SIGNED_IN)
def test_pages_of_an_account_are_for_the_signed_in(cast: Cast, client: Client, path: str) -> None:
    response = client.get(path)
    if path == "/accounts/logout/":
        assert response["Location"] == LOGIN
    else:
        assert response["Location"].startswith(LOGIN)


def test_the_e_mail_address_is_not_changed_here(cast: Cast, client: Client) -> None:
    _sign_in(client)
    response = client.post(reverse("account_email"), {"email": "other@x.example", "action_add": ""})
    assert response["Location"] == "/accounts/"
    assert User.objects.get(pk=cast.sarah.pk).email == "sarah@bestsecurity.example"
