"""Connecting calendars: consent that only its own session can give, choices, letting in anew, and leaving for good."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import Settings

from meeting_manager.adapters.calendar.errors import AuthRevokedError, NotFoundError
from meeting_manager.adapters.calendar.protocol import Pulled, Subscription
from meeting_manager.calendars.access import Access, offer
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import connecting
from meeting_manager.calendars.services.connecting import (
    Chosen,
    Offer,
    begin_consent,
    connect_account,
    disconnect,
    end_consent,
    reconnect,
    sync_now,
)
from meeting_manager.calendars.services.disconnecting import REVOKE
from meeting_manager.ledger.handlers import PULL
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.people.sealing import unseal
from tests.calendars.accounts import BACK, HOLIDAYS, TEAM, WORK, Account, accounts, agree, consented, know
from tests.calendars.feedserver import HERE
from tests.calendars.feedserver import serving as serving_feed
from tests.cast import NOW, Cast
from tests.providers.signin import SignIn, serving

GOOGLE, CALDAV = IntegrationType.GOOGLE, IntegrationType.CALDAV
TWO_WAY, ONE_WAY = "Two-way (Read & Write)", "One-way (Read Only)"


@pytest.fixture(scope="module")
def provider() -> Iterator[SignIn]:
    with serving() as served:
        yield served


@pytest.fixture
def signin(settings: Settings, provider: SignIn) -> SignIn:
    know(settings, provider)
    provider.asked.clear()
    provider.grants.clear()
    return provider


@pytest.fixture
def account() -> Iterator[Account]:
    with accounts(Account()) as opened:
        yield opened


def _caldav(password: str = "app-password") -> Offer:
    return connecting.test_caldav(url="https://dav.example/", username="sarah", password=password)


def _rows(cast: Cast) -> list[tuple[str, str, str, bool]]:
    rows = CalendarIntegration.objects.filter(user=cast.sarah).order_by("pk")
    return list(rows.values_list("integration_name", "calendar_id", "sync_direction", "is_primary"))


def _stored(calendar: CalendarIntegration) -> CalendarIntegration:
    return CalendarIntegration.objects.get(pk=calendar.pk)


def test_who_agrees_is_offered_the_calendars_of_the_account(signin: SignIn, account: Account) -> None:
    offered = consented()
    assert (offered.kind, offered.account, offered.choices) == (GOOGLE, account.name, (WORK, TEAM, HOLIDAYS))
    credentials = json.loads(unseal(offered.sealed.encode()))
    assert signin.granted(credentials["access_token"])
    assert credentials["refresh_token"] in signin.grants[0].refresh


def test_what_a_session_keeps_of_an_offer_shows_no_token(signin: SignIn, account: Account) -> None:
    offered = consented()
    kept = json.loads(json.dumps(offered.kept()))
    assert Offer.of(kept) == offered
    (refresh,) = signin.grants[0].refresh
    assert refresh not in json.dumps(kept)
    assert offered.sealed not in repr(offered)
    for broken in ({}, {**kept, "sealed": "x"}, {**kept, "choices": [{}]}, {**kept, "kind": "Paper"}):
        with pytest.raises(ValidationError, match="connect the calendar once more"):
            Offer.of(broken)


def test_an_answer_counts_only_for_the_question_it_was_given_to(signin: SignIn, account: Account) -> None:
    address, pending = begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)
    _, other = begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)
    params = agree(address)
    assert len(params["state"]) >= 22
    for kept in (None, {}, other):
        with pytest.raises(ValidationError, match="no question of ours"):
            end_consent(pending=kept, state=params["state"], code=params["code"], now=NOW)
    for state in ("", "é", params["state"][:-1]):
        with pytest.raises(ValidationError, match="no question of ours"):
            end_consent(pending=pending, state=state, code=params["code"], now=NOW)
    assert signin.asked == []


def test_an_answer_is_waited_for_ten_minutes(signin: SignIn, account: Account) -> None:
    address, pending = begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)
    answer = {"pending": pending, "state": pending["state"], "code": agree(address)["code"]}
    with pytest.raises(ValidationError, match="too long"):
        end_consent(**answer, now=NOW + timedelta(minutes=10, seconds=1))
    assert end_consent(**answer, now=NOW + timedelta(minutes=10)).account == account.name


def test_a_member_who_says_no_is_told_so(signin: SignIn, account: Account) -> None:
    _, pending = begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)
    with pytest.raises(ValidationError, match="Google was not allowed to let us in"):
        end_consent(pending=pending, state=pending["state"], code="", error="access_denied", now=NOW)
    assert signin.asked == []


def test_a_code_that_was_used_lets_nobody_in(signin: SignIn, account: Account) -> None:
    address, pending = begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)
    answer = {"pending": pending, "state": pending["state"], "code": agree(address)["code"], "now": NOW}
    end_consent(**answer)
    with pytest.raises(AuthRevokedError):
        end_consent(**answer)


def test_a_site_without_a_client_there_asks_nobody() -> None:
    with pytest.raises(ValidationError, match="not set up"):
        begin_consent(kind=GOOGLE, redirect=BACK, now=NOW)


def test_a_caldav_account_is_tried_before_anything_is_stored(account: Account) -> None:
    offered = _caldav()
    assert account.opened == [({"username": "sarah", "password": "app-password"}, "https://dav.example/")]
    assert offered.choices == (WORK, TEAM, HOLIDAYS)
    with pytest.raises(ValidationError) as refused:
        connecting.test_caldav(url=" ", username="sarah", password="")
    assert set(refused.value.message_dict) == {"url", "password"}


def test_a_feed_is_read_once_before_anything_is_stored(settings: Settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = HERE
    with serving_feed() as feed:
        feed.put("1", NOW, NOW + timedelta(hours=1))
        assert len(connecting.test_feed(url=feed.url, zone="UTC", now=NOW).events) == 1
        feed.trouble = (404, {})
        with pytest.raises(NotFoundError):
            connecting.test_feed(url=feed.url, zone="UTC", now=NOW)
        assert len(feed.answered) == 2
    for wrong in ("", "file:///etc/passwd"):
        with pytest.raises(ValidationError) as refused:
            connecting.test_feed(url=wrong, zone="UTC", now=NOW)
        assert set(refused.value.message_dict) == {"ical_url"}


def test_each_chosen_calendar_is_connected_and_the_first_that_can_gets_the_bookings(
    cast: Cast, account: Account
) -> None:
    chosen = [Chosen(HOLIDAYS.id), Chosen(TEAM.id, name="Support", two_way=True), Chosen(WORK.id, two_way=True)]
    made = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=chosen, now=NOW)
    assert _rows(cast) == [
        ("Holidays", HOLIDAYS.id, ONE_WAY, False),
        ("Support", TEAM.id, TWO_WAY, True),
        ("Work", WORK.id, TWO_WAY, False),
    ]
    assert {_stored(each).account for each in made} == {account.name}
    sealed = {bytes(_stored(each).credentials) for each in made}
    assert [json.loads(unseal(each)) for each in sealed] == [{"username": "sarah", "password": "app-password"}]


def test_the_primary_calendar_is_the_one_that_was_meant_and_is_written_to(cast: Cast, account: Account) -> None:
    chosen = [Chosen(WORK.id, two_way=True), Chosen(TEAM.id, primary=True)]
    connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=chosen, now=NOW)
    assert [(name, way, primary) for name, _, way, primary in _rows(cast)] == [
        ("Work", TWO_WAY, False),
        ("Team", TWO_WAY, True),
    ]


def test_who_has_a_primary_calendar_keeps_it(cast: Cast, account: Account) -> None:
    offered = _caldav()
    connect_account(actor=cast.sarah, user=cast.sarah, offer=offered, chosen=[Chosen(WORK.id, two_way=True)], now=NOW)
    other = replace(offered, account="other@calendars.example")
    connect_account(actor=cast.sarah, user=cast.sarah, offer=other, chosen=[Chosen(TEAM.id, two_way=True)], now=NOW)
    assert [(name, primary) for name, *_, primary in _rows(cast)] == [("Work", True), ("Team", False)]


def test_calendars_of_the_same_name_get_names_of_their_own(cast: Cast, account: Account) -> None:
    account.choices = tuple(replace(WORK, id=f"{WORK.id}{number}/") for number in range(4))
    chosen = [Chosen(choice.id) for choice in account.choices]
    connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=chosen, now=NOW)
    assert [name for name, *_ in _rows(cast)] == ["Work", f"Work ({account.name})", "Work 2", "Work 3"]


@pytest.mark.parametrize(
    "chosen",
    [
        [],
        [Chosen("not-there")],
        [Chosen(HOLIDAYS.id, two_way=True)],
        [Chosen(WORK.id), Chosen(HOLIDAYS.id, primary=True)],
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_stored(
    cast: Cast, account: Account, chosen: list[Chosen]
) -> None:
    with pytest.raises(ValidationError) as refused:
        connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=chosen, now=NOW)
    assert set(refused.value.message_dict) == {"calendars"}
    assert _rows(cast) == []


def test_connecting_an_account_once_more_adds_what_is_new_and_lets_all_of_it_in_anew(
    cast: Cast, account: Account
) -> None:
    connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=[Chosen(WORK.id)], now=NOW)
    both = [Chosen(WORK.id), Chosen(TEAM.id)]
    (new,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav("new"), chosen=both, now=NOW)
    assert [id_ for _, id_, *_ in _rows(cast)] == [WORK.id, TEAM.id]
    passwords = {json.loads(unseal(bytes(row.credentials)))["password"] for row in CalendarIntegration.objects.all()}
    assert (new.calendar_id, passwords) == (TEAM.id, {"new"})


def test_a_calendar_is_let_in_anew_with_all_of_its_account_and_read_at_once(cast: Cast, account: Account) -> None:
    chosen = [Chosen(WORK.id), Chosen(TEAM.id)]
    work, team = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=chosen, now=NOW)
    CalendarIntegration.objects.update(next_sync=NOW + timedelta(hours=1))
    again = reconnect(actor=cast.sarah, integration=work, offer=_caldav("new"), now=NOW)
    assert again.next_sync is None
    assert bytes(again.credentials) == bytes(_stored(team).credentials) != bytes(work.credentials)


def test_another_account_does_not_take_the_place_of_the_one_there_was(cast: Cast, account: Account) -> None:
    (work,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=[Chosen(WORK.id)], now=NOW)
    account.name = "private@calendars.example"
    with pytest.raises(ValidationError, match="private@calendars"):
        reconnect(actor=cast.sarah, integration=work, offer=_caldav("new"), now=NOW)
    assert b"new" not in unseal(bytes(_stored(work).credentials))


def test_a_calendar_is_read_at_once_when_asked_for_but_not_all_the_time(cast: Cast, account: Account) -> None:
    (work,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=[Chosen(WORK.id)], now=NOW)
    undo = offer(CALDAV, lambda access, window, zone: _Calendar(access))  # type: ignore[arg-type]
    try:
        assert sync_now(actor=cast.sarah, integration=work, now=NOW)
        assert not sync_now(actor=cast.sarah, integration=work, now=NOW + timedelta(seconds=9))
        assert sync_now(actor=cast.sarah, integration=work, now=NOW + timedelta(seconds=10))
        run_due(NOW + timedelta(seconds=10), [PULL])
        assert _stored(work).sync_status == "Success"
        CalendarIntegration.objects.filter(pk=work.pk).update(is_active=False)
        with pytest.raises(ValidationError, match="switch it on"):
            sync_now(actor=cast.sarah, integration=work, now=NOW + timedelta(minutes=1))
    finally:
        undo()


class _Calendar:
    """A calendar with nothing in it that remembers which subscriptions were ended, and with what."""

    ended: list[tuple[Subscription, str]] = []

    def __init__(self, access: Access) -> None:
        self._access = access

    def pull(self, cursor: str) -> Pulled:
        return Pulled("1", is_complete=True)

    def subscribe(self, address: str, identity: str, secret: str) -> Subscription:
        raise NotImplementedError

    def renew(self, subscription: Subscription) -> Subscription:
        raise NotImplementedError

    def unsubscribe(self, subscription: Subscription) -> None:
        self.ended.append((subscription, self._access.opened()["refresh_token"]))

    def upsert(self, *_: object) -> None:
        raise NotImplementedError

    def delete(self, *_: object) -> None:
        raise NotImplementedError

    def find(self, *_: object) -> None:
        raise NotImplementedError


def test_leaving_takes_the_consent_back_and_forgets_everything(cast: Cast, signin: SignIn, account: Account) -> None:
    work, team = connect_account(
        actor=cast.sarah, user=cast.sarah, offer=consented(), chosen=[Chosen(WORK.id), Chosen(TEAM.id)], now=NOW
    )
    disconnect(actor=cast.sarah, integration=work, now=NOW)
    run_due(NOW, [REVOKE])
    assert len(signin.grants) == 1
    (refresh,) = signin.grants[0].refresh
    disconnect(actor=cast.sarah, integration=team, now=NOW)
    assert not CalendarIntegration.objects.exists()
    assert refresh not in str(list(Delivery.objects.values_list("payload", flat=True)))
    run_due(NOW, [REVOKE])
    assert signin.grants == []
    first, second = Delivery.objects.filter(kind=REVOKE).order_by("pk")
    assert (first.payload, second.payload) == ({}, {})
    assert (first.note, second.note) == (
        "Another calendar uses the same consent, so that stays.",
        "Consent was taken back.",
    )


def test_a_provider_that_is_away_takes_the_consent_back_later(cast: Cast, signin: SignIn, account: Account) -> None:
    offered = consented()
    (work,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=offered, chosen=[Chosen(WORK.id)], now=NOW)
    signin.faults.append((503, {}, b""))
    disconnect(actor=cast.sarah, integration=work, now=NOW)
    run_due(NOW, [REVOKE])
    assert len(signin.grants) == 1
    assert Delivery.objects.get(kind=REVOKE).payload
    run_due(NOW + timedelta(hours=2), [REVOKE])
    assert signin.grants == []
    assert Delivery.objects.get(kind=REVOKE).payload == {}


def test_leaving_ends_the_subscription_to_changes(cast: Cast, signin: SignIn, account: Account) -> None:
    offered = consented()
    (work,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=offered, chosen=[Chosen(WORK.id)], now=NOW)
    CalendarIntegration.objects.update(push_id="channel-1", push_resource="resource-1", push_until=NOW)
    (refresh,) = signin.grants[0].refresh
    _Calendar.ended.clear()
    undo = offer(GOOGLE, lambda access, window, zone: _Calendar(access))  # type: ignore[arg-type]
    try:
        disconnect(actor=cast.sarah, integration=_stored(work), now=NOW)
        run_due(NOW, [REVOKE])
    finally:
        undo()
    assert _Calendar.ended == [(Subscription("channel-1", int(NOW.timestamp()), "resource-1"), refresh)]
    assert Delivery.objects.get(kind=REVOKE).note == "Its subscription was ended. Consent was taken back."


def test_of_a_caldav_calendar_there_is_nothing_to_end_elsewhere(cast: Cast, account: Account) -> None:
    (work,) = connect_account(actor=cast.sarah, user=cast.sarah, offer=_caldav(), chosen=[Chosen(WORK.id)], now=NOW)
    disconnect(actor=cast.sarah, integration=work, now=NOW)
    disconnect(actor=cast.sarah, integration=work, now=NOW)
    assert not CalendarIntegration.objects.exists()
    assert not Delivery.objects.filter(kind=REVOKE).exists()


def test_members_connect_and_disconnect_their_own_calendars_and_system_managers_any(
    cast: Cast, account: Account
) -> None:
    offered, chosen = _caldav(), [Chosen(WORK.id)]
    (work,) = connect_account(actor=cast.admin, user=cast.sarah, offer=offered, chosen=chosen, now=NOW)
    for actor in (cast.lead, cast.mike, cast.outsider):
        with pytest.raises(PermissionDenied):
            connect_account(actor=actor, user=cast.sarah, offer=offered, chosen=chosen, now=NOW)
        with pytest.raises(PermissionDenied):
            reconnect(actor=actor, integration=work, offer=offered, now=NOW)
        with pytest.raises(PermissionDenied):
            sync_now(actor=actor, integration=work, now=NOW)
        with pytest.raises(PermissionDenied):
            disconnect(actor=actor, integration=work, now=NOW)
    disconnect(actor=cast.admin, integration=work, now=NOW)
