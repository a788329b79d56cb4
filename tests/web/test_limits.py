"""Limits on guests: counted by the hour, by address, together over all processes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from meeting_manager.web import limits
from meeting_manager.web.limits import LimitReached
from meeting_manager.web.models import GuestCounter

NOW = datetime(2026, 12, 7, 10, 15, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def client(address: str) -> str:
    return limits.client_of(RequestFactory().get("/", REMOTE_ADDR=address))


def test_bookings_stop_at_the_limit_until_the_next_hour(settings: Settings) -> None:
    settings.GUEST_BOOKINGS_PER_HOUR = 2
    for _ in range(2):
        limits.check_bookings(client="a", now=NOW)
        limits.count_booking(client="a", now=NOW)
    with pytest.raises(LimitReached) as reached:
        limits.check_bookings(client="a", now=NOW)
    assert reached.value.retry_after == 45 * 60
    limits.check_bookings(client="b", now=NOW)
    limits.check_bookings(client="a", now=NOW + timedelta(minutes=45))


def test_a_booking_that_lost_the_race_for_the_last_place_is_refused(settings: Settings) -> None:
    settings.GUEST_BOOKINGS_PER_HOUR = 1
    limits.count_booking(client="a", now=NOW)
    with pytest.raises(LimitReached):
        limits.count_booking(client="a", now=NOW)


def test_zero_switches_a_limit_off_and_counts_nothing(settings: Settings) -> None:
    settings.GUEST_BOOKINGS_PER_HOUR = settings.GUEST_LOOKUPS_PER_HOUR = settings.GUEST_MISSES_PER_HOUR = 0
    for _ in range(3):
        limits.check_bookings(client="a", now=NOW)
        limits.count_booking(client="a", now=NOW)
        limits.count_lookup(client="a", now=NOW)
        limits.count_miss(now=NOW)
        limits.check_misses(now=NOW)
    assert not GuestCounter.objects.exists()


def test_lookups_are_counted_for_each_address(settings: Settings) -> None:
    settings.GUEST_LOOKUPS_PER_HOUR = 1
    limits.count_lookup(client="a", now=NOW)
    limits.count_lookup(client="b", now=NOW)
    with pytest.raises(LimitReached):
        limits.count_lookup(client="a", now=NOW)


def test_misses_are_counted_for_all_together(settings: Settings) -> None:
    settings.GUEST_MISSES_PER_HOUR = 2
    limits.count_miss(now=NOW)
    limits.check_misses(now=NOW)
    limits.count_miss(now=NOW)
    with pytest.raises(LimitReached):
        limits.check_misses(now=NOW)


def test_an_ipv6_customer_is_one_client_and_a_mapped_address_is_its_ipv4() -> None:
    assert client("2001:db8:1:2::1") == client("2001:db8:1:2:ffff::9")
    assert client("2001:db8:1:2::1") != client("2001:db8:1:3::1")
    assert client("::ffff:192.0.2.7") == client("192.0.2.7")
    assert client("192.0.2.7") != client("192.0.2.8")


def test_no_address_is_stored(settings: Settings) -> None:
    settings.GUEST_LOOKUPS_PER_HOUR = 5
    limits.count_lookup(client=client("192.0.2.7"), now=NOW)
    assert "192.0.2.7" not in GuestCounter.objects.get().client


def test_old_counters_are_forgotten(settings: Settings) -> None:
    settings.GUEST_LOOKUPS_PER_HOUR = 5
    limits.count_lookup(client="a", now=NOW - timedelta(hours=1))
    limits.count_lookup(client="a", now=NOW)
    limits.forget_old(NOW)
    assert GuestCounter.objects.get().hour == int(NOW.timestamp()) // 3600
