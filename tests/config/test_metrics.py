"""Figures for Prometheus: who reads them, and that they are true at the moment of looking."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries

import meeting_manager
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import Outcome, register
from meeting_manager.ledger.models import Delivery, FailureCount
from meeting_manager.people.models import User
from meeting_manager.people.services import create_token
from tests.cast import NOW, Cast
from tests.workspace.owed import fail, owe

pytestmark = pytest.mark.django_db

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(autouse=True)
def pigeons() -> Iterator[None]:
    """A kind of deliveries that somebody carries out."""
    undo = register("pigeon", lambda _job, _now: Outcome())
    yield
    undo()


def bearer(user: User) -> dict[str, str]:
    _, token = create_token(actor=user, user=user, now=NOW)
    return {"authorization": f"Bearer {token}"}


def scrape(user: User) -> Samples:
    """Every sample by its name and the values of its labels."""
    answer = Client().get("/metrics", headers=bearer(user))
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_depth_age_and_failures_are_told_by_kind(cast: Cast) -> None:
    Delivery.objects.all().delete()
    owe(1, DeliveryState.READY, at=timezone.now() - timedelta(minutes=10))
    owe(2, DeliveryState.READY, at=timezone.now() + timedelta(hours=1))
    owe(3, DeliveryState.DONE)
    fail(4)
    fail(5, kind="sms")
    FailureCount.objects.create(kind="mail", failures=7)
    found = scrape(cast.admin)
    assert found["meeting_manager_deliveries", ("mail", "ready")] == 2
    assert found["meeting_manager_deliveries", ("mail", "dead")] == 1
    assert found["meeting_manager_deliveries", ("sms", "dead")] == 1
    assert ("meeting_manager_deliveries", ("mail", "done")) not in found
    assert found["meeting_manager_delivery_oldest_overdue_seconds", ("mail",)] == pytest.approx(600, abs=30)
    assert found["meeting_manager_delivery_failures_total", ("mail",)] == 7


def test_a_kind_with_nothing_to_tell_is_zero_not_absent(cast: Cast) -> None:
    found = scrape(cast.admin)
    for state in ("ready", "running", "dead"):
        assert found["meeting_manager_deliveries", ("pigeon", state)] == 0
    assert found["meeting_manager_delivery_oldest_overdue_seconds", ("pigeon",)] == 0
    assert found["meeting_manager_delivery_failures_total", ("pigeon",)] == 0


def test_the_build_is_told(cast: Cast) -> None:
    versions = [labels for name, labels in scrape(cast.admin) if name == "meeting_manager_build_info"]
    assert [labels[1] for labels in versions] == [meeting_manager.__version__]


def test_the_form_is_the_one_that_prometheus_asks_for(cast: Cast) -> None:
    headers = bearer(cast.admin)
    plain = Client().get("/metrics", headers=headers)
    modern = Client().get("/metrics", headers={**headers, "accept": "application/openmetrics-text; version=1.0.0"})
    assert plain["Content-Type"].startswith("text/plain")
    assert plain["Cache-Control"] == "no-store"
    assert modern["Content-Type"].startswith("application/openmetrics-text")
    assert modern.content.decode().endswith("# EOF\n")


@pytest.mark.parametrize("who", ["lead", "sarah", "outsider"])
def test_tokens_of_others_than_system_managers_are_refused(cast: Cast, who: str) -> None:
    answer = Client().get("/metrics", headers=bearer(getattr(cast, who)))
    assert answer.status_code == 403
    assert b"meeting_manager_deliveries" not in answer.content


@pytest.mark.parametrize("given", [None, "Bearer nonsense", "Basic YWRtaW46YWRtaW4=", "Bearer"])
def test_without_a_token_there_are_no_figures(cast: Cast, given: str | None) -> None:
    answer = Client().get("/metrics", headers={"authorization": given} if given else {})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_is_no_token(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/metrics").status_code == 401


def test_it_is_for_looking_only(cast: Cast) -> None:
    headers = bearer(cast.admin)
    assert Client().post("/metrics", headers=headers).status_code == 405
    assert Client().head("/metrics", headers=headers).status_code == 200


def test_the_number_of_deliveries_does_not_change_the_number_of_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    headers = bearer(cast.admin)
    counted = []
    for numbers in (range(1), range(1, 3)):
        for number in numbers:
            fail(number, kind=f"kind{number}")
        with django_assert_max_num_queries(4) as context:  # the token, and three for the figures
            Client().get("/metrics", headers=headers)
        counted.append(len(context))
    assert counted == [4, 4]
