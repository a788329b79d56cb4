"""Signing in for a member, at a provider on this machine that is as strict as the real ones."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from meeting_manager.adapters.calendar import oauth
from meeting_manager.adapters.calendar.errors import AuthRevokedError, RateLimitedError, TransientError
from meeting_manager.adapters.calendar.oauth import Tokens, challenge_of, new_verifier
from meeting_manager.adapters.errors import AdapterError, RefusedError
from tests.providers.signin import SECRET, SignIn, serving

pytestmark = pytest.mark.engine

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
BACK = "https://meet.example/calendars/connected"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def signin() -> Iterator[SignIn]:
    with serving() as served:
        yield served


def _code(signin: SignIn, verifier: str, redirect: str = BACK) -> httpx.URL:
    """Where the provider sends the member who agreed."""
    address = oauth.consent_address(signin.provider(), redirect, "state-1", challenge_of(verifier))
    answer = httpx.get(address)
    assert answer.status_code == 302, answer.text
    return httpx.URL(answer.headers["Location"])


def _tokens(signin: SignIn) -> Tokens:
    verifier = new_verifier()
    return oauth.exchange(signin.provider(), BACK, _code(signin, verifier).params["code"], verifier, NOW)


def test_who_agrees_lets_us_in(signin: SignIn) -> None:
    verifier = new_verifier()
    back = _code(signin, verifier)
    assert (str(back.copy_with(query=None)), back.params["state"]) == (BACK, "state-1")
    tokens = oauth.exchange(signin.provider(), BACK, back.params["code"], verifier, NOW)
    assert signin.granted(tokens.access_token)
    assert tokens.refresh_token in signin.grants[0].refresh
    assert tokens.expires_at == int(NOW.timestamp()) + signin.life
    assert tokens.scope == " ".join(signin.provider().scopes)


def test_the_question_for_consent_says_what_the_provider_wants_to_be_told(signin: SignIn) -> None:
    provider = signin.provider(authorize_url="https://a.example/x?tenant=1", parameters=(("prompt", "consent"),))
    params = httpx.URL(oauth.consent_address(provider, BACK, "s", "c")).params
    assert (params["tenant"], params["prompt"], params["code_challenge"]) == ("1", "consent", "c")
    assert params["scope"].split() == list(provider.scopes)


def test_verifiers_are_long_and_never_the_same() -> None:
    verifiers = {new_verifier() for _ in range(50)}
    assert len(verifiers) == 50
    assert all(43 <= len(verifier) <= 128 for verifier in verifiers)


def test_the_challenge_is_the_one_of_the_standard() -> None:
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_code_is_good_once_and_only_with_its_verifier_and_redirect(signin: SignIn) -> None:
    provider, verifier = signin.provider(), new_verifier()
    signin.redirects.add(f"{BACK}/other")
    for redirect, proof in ((BACK, new_verifier()), (f"{BACK}/other", verifier)):
        code = _code(signin, verifier).params["code"]
        with pytest.raises(AuthRevokedError, match=r"Google no longer lets us in\. Please connect"):
            oauth.exchange(provider, redirect, code, proof, NOW)
    code = _code(signin, verifier).params["code"]
    oauth.exchange(provider, BACK, code, verifier, NOW)
    with pytest.raises(AuthRevokedError):
        oauth.exchange(provider, BACK, code, verifier, NOW)


def test_who_allows_less_than_we_need_is_asked_to_allow_it(signin: SignIn) -> None:
    verifier = new_verifier()
    code = _code(signin, verifier).params["code"]
    signin.codes[code]["scope"] = signin.provider().scopes[0]
    with pytest.raises(AuthRevokedError, match="allow everything"):
        oauth.exchange(signin.provider(), BACK, code, verifier, NOW)


def test_scopes_are_known_again_in_the_long_form_and_without_what_is_never_told(signin: SignIn) -> None:
    provider = signin.provider(scopes=("offline_access", "User.Read", "Calendars.ReadWrite"))
    granted = "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Calendars.ReadWrite"
    told = f'{{"access_token": "a", "refresh_token": "r", "expires_in": "3599", "scope": "{granted}"}}'
    signin.faults.append((200, JSON, told.encode()))
    tokens = oauth.exchange(provider, BACK, "code", "verifier", NOW)
    assert (tokens.access_token, tokens.expires_at) == ("a", int(NOW.timestamp()) + 3599)


def test_a_permission_that_does_not_last_is_refused(signin: SignIn) -> None:
    signin.faults.append((200, JSON, b'{"access_token": "a", "expires_in": 3599}'))
    with pytest.raises(RefusedError, match="for an hour only"):
        oauth.exchange(signin.provider(), BACK, "code", "verifier", NOW)


def test_a_refresh_brings_another_access_token_and_keeps_the_refresh_token(signin: SignIn) -> None:
    old = _tokens(signin)
    later = NOW + timedelta(hours=2)
    new = oauth.refresh(signin.provider(), old, later)
    assert new.access_token != old.access_token
    assert signin.granted(new.access_token)
    assert new.refresh_token == old.refresh_token
    assert new.expires_at == int(later.timestamp()) + signin.life


def test_a_refresh_token_that_is_replaced_is_replaced_here_too(signin: SignIn) -> None:
    signin.rotates = True
    first = _tokens(signin)
    second = oauth.refresh(signin.provider(), first, NOW)
    assert second.refresh_token != first.refresh_token
    oauth.refresh(signin.provider(), second, NOW)
    with pytest.raises(AuthRevokedError):
        oauth.refresh(signin.provider(), first, NOW)


def test_what_was_granted_is_remembered_where_a_refresh_does_not_say(signin: SignIn) -> None:
    signin.faults.append((200, JSON, b'{"access_token": "a"}'))
    new = oauth.refresh(signin.provider(), Tokens("x", "r", 0, "scope-1"), NOW)
    assert (new.scope, new.refresh_token) == ("scope-1", "r")
    assert 60 <= new.expires_at - NOW.timestamp() <= 3600


def test_revoking_ends_what_was_granted_and_a_repeat_is_harmless(signin: SignIn) -> None:
    tokens = _tokens(signin)
    oauth.revoke(signin.provider(), tokens)
    assert not signin.granted(tokens.access_token)
    oauth.revoke(signin.provider(), tokens)
    assert [path for path, _ in signin.asked] == ["/token", "/revoke", "/revoke"]


def test_where_nothing_can_be_revoked_nobody_is_asked(signin: SignIn) -> None:
    oauth.revoke(signin.provider(revoke_url=""), Tokens("a", "r", 0))
    assert signin.asked == []


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (400, JSON, b'{"error": "invalid_grant"}', AuthRevokedError),
        (400, JSON, b'{"error": "interaction_required"}', AuthRevokedError),
        (400, JSON, b'{"error": "unauthorized_client"}', RefusedError),
        (401, JSON, b'{"error": "invalid_client"}', RefusedError),
        (400, JSON, b'{"error": "invalid_scope"}', RefusedError),
        (200, JSON, b'{"error": "invalid_client"}', RefusedError),
        (400, JSON, b'{"error": "temporarily_unavailable"}', TransientError),
        (400, JSON, b'{"error": {"code": 400}}', TransientError),
        (500, JSON, b'{"error": "invalid_grant"}', TransientError),
        (502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>", TransientError),
        (403, {"Content-Type": "text/html"}, b"<html>A proxy</html>", TransientError),
        (408, {}, b"", TransientError),
        (302, {"Location": "https://elsewhere.example/"}, b"", TransientError),
        (200, JSON, b'{"access_token": "a', TransientError),
        (200, JSON, b"[]", TransientError),
        (200, JSON, b'{"access_token": ["a"]}', TransientError),
    ],
)
def test_every_refusal_says_what_is_to_be_done_about_it(
    signin: SignIn, status: int, headers: dict[str, str], body: bytes, error: type[AdapterError]
) -> None:
    signin.faults.append((status, headers, body))
    with pytest.raises(AdapterError) as raised:
        oauth.refresh(signin.provider(), Tokens("a", "r", 0), NOW)
    assert type(raised.value) is error


def test_who_asks_too_often_is_told_how_long_to_wait(signin: SignIn) -> None:
    signin.faults.append((429, {"Retry-After": "90"}, b""))
    with pytest.raises(RateLimitedError) as raised:
        oauth.refresh(signin.provider(), Tokens("a", "r", 0), NOW)
    assert raised.value.retry_after == timedelta(seconds=90)


def test_nobody_there_and_an_answer_that_stays_away_pass(signin: SignIn) -> None:
    signin.faults.append(0.3)
    with pytest.raises(TransientError, match="could not be reached"):
        oauth.refresh(signin.provider(), Tokens("a", "r", 0), NOW, timeout=0.1)
    nobody = replace(signin.provider(), token_url="http://127.0.0.1:9/token")
    with pytest.raises(TransientError, match="could not be reached"):
        oauth.refresh(nobody, Tokens("a", "r", 0), NOW)


def test_what_an_administrator_has_to_mend_says_so(signin: SignIn) -> None:
    provider = signin.provider(client_secret="typed-wrongly")
    with pytest.raises(RefusedError, match=r"\(invalid_client\).*administrator") as raised:
        oauth.refresh(provider, Tokens("a", "r", 0), NOW)
    assert "typed-wrongly" not in str(raised.value)


def test_no_token_and_no_secret_is_logged_or_shown(signin: SignIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = _tokens(signin)
    provider = signin.provider()
    oauth.refresh(provider, tokens, NOW)
    oauth.revoke(provider, tokens)
    with pytest.raises(AuthRevokedError) as raised:
        oauth.refresh(provider, tokens, NOW)
    assert caplog.text
    told = f"{caplog.text} {raised.value!r} {provider!r} {tokens!r}"
    for secret in (SECRET, tokens.access_token, tokens.refresh_token):
        assert secret not in told
