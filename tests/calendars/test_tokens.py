"""The tokens of connected calendars are refreshed in time, once, and never undone by an older answer."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from meeting_manager.adapters.calendar.errors import AuthRevokedError, TransientError
from meeting_manager.adapters.calendar.oauth import Tokens, TokenSource
from meeting_manager.adapters.errors import RefusedError
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.tokens import given_token, sealed_tokens, token_source
from meeting_manager.people.sealing import seal, unseal
from tests.cast import NOW, Cast
from tests.providers.signin import CLIENT, SCOPES, SECRET, Grant, SignIn, serving
from tests.together import together

SOON = int(NOW.timestamp()) + 30
LATER = int(NOW.timestamp()) + 3600


@pytest.fixture
def signin(settings: Settings) -> Iterator[SignIn]:
    with serving() as served:
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = CLIENT, SECRET
        settings.GOOGLE_TOKEN_URL = f"http://127.0.0.1:{served.port}"
        yield served


@pytest.fixture
def tokens(signin: SignIn) -> Tokens:
    """What was granted an hour ago, and is good for half a minute more."""
    granted = Tokens("access-first", f"refresh-{secrets.token_hex(4)}", SOON, " ".join(SCOPES))
    signin.grants.append(Grant(granted.scope, {granted.access_token}, {granted.refresh_token}))
    return granted


@pytest.fixture
def calendar(cast: Cast, tokens: Tokens) -> CalendarIntegration:
    return _connect(cast, "Work", sealed_tokens(tokens))


def _connect(cast: Cast, label: str, sealed: bytes) -> CalendarIntegration:
    return CalendarIntegration.objects.create(
        name=f"MM-CI-sarah-{label}",
        user=cast.sarah,
        integration_type="Google Calendar",
        integration_name=label,
        credentials=sealed,
    )


def _source(calendar: CalendarIntegration, now: datetime = NOW) -> TokenSource:
    row = CalendarIntegration.objects.select_related("user").get(pk=calendar.pk)
    return token_source(Access.of(row), clock=lambda: now)


def _sealed(calendar: CalendarIntegration) -> bytes:
    return bytes(CalendarIntegration.objects.values_list("credentials", flat=True).get(pk=calendar.pk))


def _stored(calendar: CalendarIntegration) -> Tokens:
    return Tokens(**json.loads(unseal(_sealed(calendar))))


def _put(calendar: CalendarIntegration, tokens: Tokens) -> None:
    CalendarIntegration.objects.filter(pk=calendar.pk).update(credentials=sealed_tokens(tokens))


def _meanwhile(signin: SignIn, source: TokenSource, change: Callable[[], None]) -> object:
    """What `source` gives or raises, while something changes between the question to the provider and its answer."""

    def wait() -> None:
        while not signin.asked:
            time.sleep(0.005)
        change()

    signin.faults.append(0.3)
    calls: list[Callable[[], object]] = [source, wait]
    return together(calls)[0]


def test_a_token_that_is_good_for_a_minute_is_given_without_asking(
    signin: SignIn, calendar: CalendarIntegration
) -> None:
    half_a_minute_ago = NOW - timedelta(seconds=30)
    assert _source(calendar, half_a_minute_ago)() == "access-first"
    assert signin.asked == []


def test_a_token_that_runs_out_is_refreshed_and_the_new_one_kept(
    signin: SignIn, calendar: CalendarIntegration, tokens: Tokens
) -> None:
    token = _source(calendar)()
    assert signin.granted(token)
    assert token != "access-first"
    stored = _stored(calendar)
    assert stored == Tokens(token, tokens.refresh_token, LATER, tokens.scope)
    assert token.encode() not in _sealed(calendar)
    assert _source(calendar)() == token
    assert signin.refreshes() == 1


def test_a_token_that_was_refused_is_replaced_though_it_looks_good(
    signin: SignIn, calendar: CalendarIntegration, tokens: Tokens
) -> None:
    _put(calendar, Tokens("access-first", tokens.refresh_token, LATER))
    source = _source(calendar)
    assert source() == "access-first"
    renewed = source(renew=True)
    assert renewed not in ("access-first", "")
    assert source() == renewed
    assert source(renew=True) != renewed
    assert signin.refreshes() == 2


def test_what_another_worker_has_stored_meanwhile_is_used(
    signin: SignIn, calendar: CalendarIntegration, tokens: Tokens
) -> None:
    source, late = _source(calendar), _source(calendar)
    token = source()
    assert late() == token
    assert late(renew=True) != token
    assert source(renew=True) == _stored(calendar).access_token
    assert signin.refreshes() == 2


@pytest.mark.django_db(transaction=True)
def test_an_older_answer_does_not_undo_a_calendar_that_was_connected_anew(
    signin: SignIn, calendar: CalendarIntegration
) -> None:
    anew = Tokens("access-anew", "refresh-anew", LATER)

    def connect_anew() -> None:
        _put(calendar, anew)

    _meanwhile(signin, _source(calendar), connect_anew)
    assert signin.refreshes() == 1
    assert _stored(calendar) == anew


@pytest.mark.django_db(transaction=True)
def test_a_refresh_is_kept_though_its_calendar_was_sealed_with_another_key_meanwhile(
    signin: SignIn, calendar: CalendarIntegration, tokens: Tokens
) -> None:
    def seal_anew() -> None:
        CalendarIntegration.objects.filter(pk=calendar.pk).update(credentials=sealed_tokens(tokens))

    signin.rotates = True
    token = _meanwhile(signin, _source(calendar), seal_anew)
    assert _stored(calendar).access_token == token
    assert _stored(calendar).refresh_token in signin.grants[0].refresh


@pytest.mark.django_db(transaction=True)
def test_many_who_need_a_token_at_once_ask_for_one(signin: SignIn, calendar: CalendarIntegration) -> None:
    signin.rotates = True
    given = together([_source(calendar) for _ in range(6)])
    assert set(given) == {_stored(calendar).access_token}
    assert signin.refreshes() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_elsewhere_that_used_the_refresh_token_first_is_believed(
    signin: SignIn, calendar: CalendarIntegration, tokens: Tokens
) -> None:
    elsewhere = Tokens("access-elsewhere", "refresh-elsewhere", LATER)

    def refresh_elsewhere() -> None:
        signin.grants[0].refresh = {"refresh-elsewhere"}
        _put(calendar, elsewhere)

    token = _meanwhile(signin, _source(calendar), refresh_elsewhere)
    assert token == "access-elsewhere"
    assert _stored(calendar) == elsewhere


def test_calendars_connected_together_get_the_new_tokens_together(cast: Cast, signin: SignIn, tokens: Tokens) -> None:
    signin.rotates = True
    sealed = sealed_tokens(tokens)
    work, team = _connect(cast, "Work", sealed), _connect(cast, "Team", sealed)
    other = _connect(cast, "Other", sealed_tokens(Tokens("access-other", "refresh-other", LATER)))
    token = _source(work)()
    assert _source(team)() == token
    assert _stored(work) == _stored(team)
    assert _source(other)() == "access-other"
    assert signin.refreshes() == 1


def test_a_permission_taken_back_is_said_in_words_and_changes_nothing(
    signin: SignIn, calendar: CalendarIntegration
) -> None:
    before = _sealed(calendar)
    signin.grants.clear()
    with pytest.raises(AuthRevokedError, match="Please connect the calendar anew"):
        _source(calendar)()
    assert _sealed(calendar) == before


def test_trouble_at_the_provider_passes_and_changes_nothing(signin: SignIn, calendar: CalendarIntegration) -> None:
    before = _sealed(calendar)
    signin.faults.append((503, {}, b""))
    source = _source(calendar)
    with pytest.raises(TransientError):
        source()
    assert _sealed(calendar) == before
    assert signin.granted(source())


@pytest.mark.parametrize("stored", ['{"access_token": "a"}', '{"refresh_token": 5}', '"secret"', "[]", "{"])
def test_credentials_that_do_not_let_us_in_for_long_ask_for_new_ones(
    signin: SignIn, calendar: CalendarIntegration, stored: str
) -> None:
    CalendarIntegration.objects.filter(pk=calendar.pk).update(credentials=seal(stored.encode()))
    with pytest.raises(AuthRevokedError, match="connect the calendar anew"):
        _source(calendar)()
    assert signin.asked == []


def test_a_calendar_that_was_disconnected_meanwhile_gives_no_token(
    signin: SignIn, calendar: CalendarIntegration
) -> None:
    source = _source(calendar)
    CalendarIntegration.objects.filter(pk=calendar.pk).delete()
    with pytest.raises(AuthRevokedError):
        source()
    assert signin.asked == []


def test_a_refresh_token_alone_is_enough_to_begin_with(signin: SignIn, calendar: CalendarIntegration) -> None:
    (token,) = signin.grants[0].refresh
    CalendarIntegration.objects.filter(pk=calendar.pk).update(
        credentials=seal(json.dumps({"refresh_token": token}).encode())
    )
    assert signin.granted(_source(calendar)())


def test_a_site_that_no_longer_knows_the_provider_sends_to_the_administrator(
    settings: Settings, calendar: CalendarIntegration
) -> None:
    settings.GOOGLE_CLIENT_ID = ""
    with pytest.raises(RefusedError, match="Please ask an administrator"):
        _source(calendar)()


def test_what_was_given_a_moment_ago_is_given_on_and_cannot_be_renewed() -> None:
    source = given_token(Tokens("access", "refresh", LATER))
    assert source() == "access"
    with pytest.raises(AuthRevokedError):
        source(renew=True)
