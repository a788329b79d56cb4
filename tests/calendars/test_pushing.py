"""Providers tell that something changed: whom we believe, what that costs, and how subscriptions are kept alive."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.adapters.calendar.errors import NotFoundError, RateLimitedError, TransientError
from meeting_manager.adapters.calendar.protocol import Pulled, Subscription
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.calendars.access import offer
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration, edit_integration
from meeting_manager.calendars.services.pushing import PUSH, can_be_told, hear, plan_due
from meeting_manager.ledger.handlers import PULL
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from tests.cast import NOW, Cast

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

GOOGLE, OUTLOOK = IntegrationType.GOOGLE, IntegrationType.OUTLOOK
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SECRET = "s" * 43


@dataclass
class Telling:
    """A calendar that tells of changes for a week, and remembers what it was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    """What, and of which subscription; of a new one where it leads."""
    secrets: list[str] = field(default_factory=list)
    trouble: list[AdapterError] = field(default_factory=list)
    now: datetime = NOW
    pulls: list[str] = field(default_factory=list)

    def pull(self, cursor: str) -> Pulled:
        self.pulls.append(cursor)
        return Pulled(f"cursor-{len(self.pulls)}", is_complete=not cursor)

    def subscribe(self, address: str, identity: str, secret: str) -> Subscription:
        self.asked.append(("subscribe", address))
        self._fail()
        self.secrets.append(secret)
        return Subscription(identity, int((self.now + WEEK).timestamp()), "resource-1")

    def renew(self, subscription: Subscription) -> Subscription:
        self.asked.append(("renew", subscription.id))
        self._fail()
        return Subscription(subscription.id, int((self.now + WEEK).timestamp()), subscription.resource)

    def unsubscribe(self, subscription: Subscription) -> None:
        self.asked.append(("unsubscribe", subscription.id))

    def _fail(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)


@pytest.fixture
def telling(settings: Settings) -> Iterator[Telling]:
    settings.SITE_URL = "https://meet.example"
    calendar = Telling()
    undoings = [offer(kind, lambda access, window, zone: calendar) for kind in (GOOGLE, OUTLOOK)]  # type: ignore[arg-type]
    yield calendar
    for undo in undoings:
        undo()


@pytest.fixture
def calendar(cast: Cast, telling: Telling) -> CalendarIntegration:
    return _connect(cast, GOOGLE)


def _connect(cast: Cast, kind: IntegrationType) -> CalendarIntegration:
    fields = {
        "integration_type": str(kind),
        "integration_name": str(kind),
        "credentials": {"refresh_token": "very secret"},
    }
    return create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)


def _subscribed(cast: Cast, kind: IntegrationType, id_: str) -> CalendarIntegration:
    made = _connect(cast, kind)
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    CalendarIntegration.objects.filter(pk=made.pk).update(
        push_id=id_, push_digest=digest, push_until=NOW + WEEK, sync_cursor="known", next_sync=NOW + DAY
    )
    return _stored(made)


def _stored(calendar: CalendarIntegration) -> CalendarIntegration:
    return CalendarIntegration.objects.get(pk=calendar.pk)


def _plan(now: datetime) -> int:
    owed = plan_due(now)
    run_due(now, [PUSH])
    return owed


def _tell_google(id_: str = "channel-1", secret: str = SECRET, state: str = "exists") -> int:
    headers = {"X-Goog-Channel-ID": id_, "X-Goog-Channel-Token": secret, "X-Goog-Resource-State": state}
    answer = Client(enforce_csrf_checks=True).post("/hooks/calendars/google", headers=headers)
    assert answer.content == b""
    return int(answer.status_code)


def _tell_outlook(*notices: object) -> int:
    return int(_post(json.dumps({"value": notices}).encode()).status_code)


def _post(body: bytes, query: str = "") -> "Response":
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/hooks/calendars/outlook{query}", body, content_type="application/json")


def _about(id_: str, secret: object = SECRET, **more: str) -> dict[str, object]:
    return {"subscriptionId": id_, "clientState": secret, "changeType": "updated", **more}


def _owed_pulls() -> list[int]:
    return list(Delivery.objects.filter(kind=PULL).values_list("payload__calendar", flat=True))


def test_a_calendar_is_subscribed_once_and_its_secret_is_not_kept(
    calendar: CalendarIntegration, telling: Telling
) -> None:
    assert _plan(NOW) == 1
    stored = _stored(calendar)
    assert telling.asked == [("subscribe", "https://meet.example/hooks/calendars/google")]
    assert (stored.push_until, stored.push_resource) == (NOW + WEEK, "resource-1")
    assert stored.push_digest == hashlib.sha256(telling.secrets[0].encode()).hexdigest()
    assert len(telling.secrets[0]) >= 22
    assert _plan(NOW + 5 * DAY) == 0


def test_a_subscription_is_prolonged_on_its_last_day(calendar: CalendarIntegration, telling: Telling) -> None:
    _plan(NOW)
    before = _stored(calendar)
    telling.now = NOW + 6 * DAY
    assert _plan(telling.now) == 1
    after = _stored(calendar)
    assert telling.asked[1:] == [("renew", before.push_id)]
    assert (after.push_id, after.push_digest) == (before.push_id, before.push_digest)
    assert after.push_until == NOW + 6 * DAY + WEEK


def test_one_that_cannot_be_prolonged_is_made_anew_and_the_old_one_ended(
    calendar: CalendarIntegration, telling: Telling
) -> None:
    _plan(NOW)
    before = _stored(calendar)
    telling.now = NOW + 6 * DAY
    telling.trouble.append(NotFoundError("It cannot be prolonged."))
    _plan(telling.now)
    after = _stored(calendar)
    assert [what for what, _ in telling.asked[1:]] == ["renew", "subscribe", "unsubscribe"]
    assert telling.asked[-1] == ("unsubscribe", before.push_id)
    assert after.push_id != before.push_id
    assert after.push_digest == hashlib.sha256(telling.secrets[1].encode()).hexdigest()


def test_one_that_has_ended_is_made_anew_without_asking_for_more_of_it(
    calendar: CalendarIntegration, telling: Telling
) -> None:
    _plan(NOW)
    telling.now = NOW + 8 * DAY
    _plan(telling.now)
    assert [what for what, _ in telling.asked[1:]] == ["subscribe", "unsubscribe"]


def test_a_provider_that_does_not_tell_is_asked_again_some_hours_later(
    calendar: CalendarIntegration, telling: Telling
) -> None:
    telling.trouble.append(RefusedError("Push is not supported."))
    _plan(NOW)
    delivery = Delivery.objects.get(kind=PUSH)
    assert (delivery.state, delivery.note) == ("skipped", "It does not tell of changes: Push is not supported.")
    assert _plan(NOW + timedelta(hours=1)) == 0
    assert _plan(NOW + timedelta(hours=7)) == 1
    assert _stored(calendar).push_id


def test_one_that_is_away_or_asks_us_to_wait_is_asked_again(calendar: CalendarIntegration, telling: Telling) -> None:
    telling.trouble += [TransientError("Away."), RateLimitedError("Wait.", timedelta(hours=1))]
    _plan(NOW)
    assert not _stored(calendar).push_id
    run_due(NOW + timedelta(minutes=1), [PUSH])
    run_due(NOW + timedelta(minutes=59), [PUSH])
    assert len(telling.asked) == 2
    run_due(NOW + timedelta(minutes=62), [PUSH])
    assert _stored(calendar).push_id


def test_one_that_stays_away_troubles_nobody(calendar: CalendarIntegration, telling: Telling) -> None:
    telling.trouble += [TransientError("Away.") for _ in range(50)]
    plan_due(NOW)
    for hour in range(1, 20):
        run_due(NOW + timedelta(hours=hour), [PUSH])
    delivery = Delivery.objects.get(kind=PUSH)
    assert (delivery.state, delivery.note) == ("skipped", "It could not be asked: Away.")


@pytest.mark.parametrize(
    ("url", "is_on", "can"),
    [
        ("https://meet.example", True, True),
        ("https://meet.example", False, False),
        ("http://meet.example", True, False),
        ("https://localhost", True, False),
        ("https://127.0.0.1:8443", True, False),
        ("https://[::1]", True, False),
        ("https://10.0.0.5", True, False),
    ],
)
def test_only_a_site_that_providers_can_reach_asks_to_be_told(
    calendar: CalendarIntegration, settings: Settings, url: str, is_on: bool, can: bool
) -> None:
    settings.SITE_URL, settings.CALENDAR_PUSH = url, is_on
    assert can_be_told() is can
    assert plan_due(NOW) == (1 if can else 0)


def test_calendars_that_are_not_read_are_not_subscribed(cast: Cast, calendar: CalendarIntegration) -> None:
    plan_due(NOW)
    edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": False}, now=NOW)
    run_due(NOW, [PUSH])
    assert Delivery.objects.get(kind=PUSH).note == "It is not read any more."
    assert plan_due(NOW + DAY) == 0


def test_a_notice_of_google_owes_a_pull_that_goes_on_where_the_last_ended(cast: Cast, telling: Telling) -> None:
    made = _subscribed(cast, GOOGLE, "channel-1")
    assert _tell_google() == 204
    assert _owed_pulls() == [made.pk]
    run_due(datetime.now(UTC) + timedelta(seconds=4), [PULL])
    assert telling.pulls == ["known"]


def test_the_first_word_of_a_channel_costs_nothing(cast: Cast, telling: Telling) -> None:
    _subscribed(cast, GOOGLE, "channel-1")
    assert _tell_google(state="sync") == 204
    assert _owed_pulls() == []


@pytest.mark.parametrize(
    ("id_", "secret"),
    [
        ("channel-1", "wrong"),
        ("channel-1", ""),
        ("channel-2", SECRET),
        ("", SECRET),
        ("", ""),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_who_does_not_know_the_secret_is_not_listened_to(cast: Cast, telling: Telling, id_: str, secret: str) -> None:
    _subscribed(cast, GOOGLE, "channel-1")
    _connect(cast, OUTLOOK)
    assert _tell_google(id_, secret) == 404
    assert _tell_outlook(_about(id_, secret), _about(id_, None), _about("\0"), "x", None) == 202
    assert not Delivery.objects.filter(kind__in=(PULL, PUSH)).exists()


def test_a_calendar_without_a_secret_is_opened_by_none(cast: Cast, telling: Telling) -> None:
    made = _subscribed(cast, GOOGLE, "channel-1")
    CalendarIntegration.objects.filter(pk=made.pk).update(push_digest="")
    assert _tell_google(secret="") == 404


def test_the_secret_of_one_provider_means_nothing_to_the_other(cast: Cast, telling: Telling) -> None:
    _subscribed(cast, GOOGLE, "channel-1")
    _tell_outlook(_about("channel-1"))
    assert _owed_pulls() == []


def test_a_storm_of_notices_owes_few_pulls(
    cast: Cast, telling: Telling, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = _subscribed(cast, OUTLOOK, "sub-1")
    with django_assert_max_num_queries(200):
        for _ in range(10):
            assert _tell_outlook(*[_about("sub-1")] * 10) == 202
    assert 1 <= len(_owed_pulls()) <= 3
    assert set(_owed_pulls()) == {made.pk}


def test_what_is_told_while_a_pull_waits_comes_with_it(cast: Cast, telling: Telling) -> None:
    """A pull is due when its seconds are over, so that no notice comes between it and the next."""
    _subscribed(cast, GOOGLE, "channel-1")
    _tell_google()
    owed = Delivery.objects.get(kind=PULL)
    assert owed.due > owed.created_at


def test_what_microsoft_says_of_a_subscription_is_done(cast: Cast, telling: Telling) -> None:
    made = _subscribed(cast, OUTLOOK, "sub-1")
    assert _tell_outlook(_about("sub-1", lifecycleEvent="reauthorizationRequired")) == 202
    assert _owed_pulls() == []
    run_due(datetime.now(UTC), [PUSH])
    telling.asked.clear()

    assert _tell_outlook(_about("sub-1", lifecycleEvent="missed")) == 202
    assert _stored(made).sync_cursor == ""
    assert _owed_pulls() == [made.pk]

    assert _tell_outlook(_about("sub-1", lifecycleEvent="subscriptionRemoved")) == 202
    assert (_stored(made).push_id, _stored(made).push_until) == ("", None)
    run_due(datetime.now(UTC), [PUSH])
    assert telling.asked == [("subscribe", "https://meet.example/hooks/calendars/outlook")]


def test_a_subscription_that_runs_out_is_prolonged_when_told(cast: Cast, telling: Telling) -> None:
    made = _subscribed(cast, OUTLOOK, "sub-1")
    CalendarIntegration.objects.filter(pk=made.pk).update(push_until=datetime.now(UTC) + DAY)
    _tell_outlook(_about("sub-1", lifecycleEvent="reauthorizationRequired"))
    run_due(datetime.now(UTC), [PUSH])
    assert telling.asked == [("renew", "sub-1")]


def test_microsofts_question_whether_we_are_there_is_answered_as_text(db: None) -> None:
    token = "Validation: Testing client application reachability for subscription Request-Id: 4f-1 & more"
    answer = _post(b"", f"?validationToken={token.replace(' ', '%20').replace('&', '%26')}")
    assert (answer.status_code, answer.content.decode()) == (200, token)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", ["%3Cscript%3E", "", "a%0Ab", "x" * 2001])
def test_a_question_that_is_none_of_microsofts_is_not_echoed(db: None, token: str) -> None:
    answer = _post(b"", f"?validationToken={token}")
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"value": 5}', b'{"value": [[]]}', b"[" * 99_999, b"\xff"])
def test_a_body_that_means_nothing_does_nothing(db: None, body: bytes) -> None:
    assert _post(body).status_code == 202


def test_a_body_that_is_too_large_is_not_read(db: None) -> None:
    assert _post(b" " * (256 * 1024 + 1)).status_code == 413


def test_hooks_are_there_for_those_who_post(db: None) -> None:
    for name in ("google", "outlook"):
        assert Client().get(reverse(f"calendar-hook-{name}")).status_code == 405


def test_nobody_tells_of_no_calendar(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert hear(GOOGLE, [], NOW) == 0
