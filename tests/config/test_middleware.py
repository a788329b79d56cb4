"""What stands around every view: probes, proxies, logs, outages, headers."""

import json
import logging
from collections.abc import Callable

import pytest
from django.db.utils import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from meeting_manager.config.logs import failure, without_mail_addresses
from meeting_manager.config.outages import OutageMiddleware
from meeting_manager.config.proxies import ProxyMiddleware

SITE = "meeting_manager.config.urls"


def seen_through_proxy(**meta: str) -> HttpRequest:
    """The request as views see it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    ProxyMiddleware(view)(RequestFactory().get("/", **meta))  # type: ignore[arg-type] # META's names are free
    return seen[0]


@override_settings(TRUSTED_PROXIES=())
def test_a_stranger_cannot_claim_an_address_or_https() -> None:
    request = seen_through_proxy(
        REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https"
    )
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not request.is_secure()
    assert "HTTP_X_FORWARDED_FOR" not in request.META


@override_settings(TRUSTED_PROXIES=("10.0.0.0/8",))
@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("198.51.100.1, nonsense", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_names_the_client_and_nobody_before_it(chain: str, client: str) -> None:
    request = seen_through_proxy(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=chain, HTTP_X_FORWARDED_PROTO="https")
    assert request.META["REMOTE_ADDR"] == client
    assert request.is_secure()


def test_probes_need_no_host_and_no_database(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.1.2.3"}).status_code == 200


@pytest.mark.django_db
def test_a_migrated_site_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "reasons": []})


@pytest.mark.django_db
def test_a_site_with_migrations_to_apply_is_not_ready(client: Client) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="people").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "run `meeting-manager migrate`" in answer.json()["reasons"][0]


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/api/v1/slots", "*/*", "application/problem+json"),
        ("/book", "text/html", "text/html; charset=utf-8"),
        ("/book", "application/json", "application/problem+json"),
    ],
)
@pytest.mark.django_db
def test_a_lost_database_is_a_clear_503(path: str, accept: str, kind: str) -> None:
    request = RequestFactory().get(path, headers={"accept": accept})
    answer = OutageMiddleware(lambda _: HttpResponse()).process_exception(request, OperationalError("gone"))
    assert answer
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, kind, "5")
    assert b"database cannot be reached" in answer.content


def test_other_errors_stay_errors() -> None:
    request = RequestFactory().get("/")
    assert OutageMiddleware(lambda _: HttpResponse()).process_exception(request, IntegrityError()) is None


def test_pages_cannot_be_framed_or_run_foreign_scripts(client: Client) -> None:
    answer = client.get("/no-such-page")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything logged during the test, as the formatter of the product writes it."""
    from django.conf import settings

    factory = dict(settings.LOGGING["formatters"]["structured"])
    formatter = factory.pop("()")(**factory)
    caplog.set_level(logging.INFO)
    return lambda: "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.django_db
def test_a_request_is_logged_by_route_without_path_query_or_name(client: Client, log_lines: Callable[[], str]) -> None:
    answer = client.get("/booking/SECRETREF?token=SECRETTOKEN", headers={"referer": "http://ann@x.example/"})
    entry = next(json.loads(line) for line in log_lines().splitlines() if '"request"' in line)
    assert entry["status"] == answer.status_code
    assert entry["request"] == answer["X-Request-ID"]
    assert isinstance(entry["ms"], float)
    assert "SECRET" not in log_lines()
    assert "ann@" not in log_lines()


def test_of_an_exception_the_kind_and_place_are_logged_but_not_the_message() -> None:
    try:
        raise IntegrityError("Key (email)=(ann@example.com) already exists")
    except IntegrityError as error:
        described = failure(error)
    assert described["error"] == "IntegrityError"
    assert "test_middleware.py" in described["places"][-1]
    assert "ann@" not in str(described)


def test_mail_addresses_that_slip_into_an_entry_are_blanked() -> None:
    entry = without_mail_addresses(None, "info", {"event": "to <ann@example.com>", "list": ["bob@x.org"], "n": 1})
    assert entry == {"event": "to <[address]>", "list": ["[address]"], "n": 1}
