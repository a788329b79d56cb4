"""A member's private calendar over HTTP: who gets it, what programs keep of it, and what is told to nobody."""

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.people.feeds import address_of
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from meeting_manager.people.services import make_feed, switch_feed_off
from meeting_manager.web.models import GuestCounter
from tests.cast import Cast
from tests.public.visits import Book, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

UNKNOWN = f"/calendar/{'a' * 48}.ics"


def path_of(user: User) -> str:
    """Where the feed of `user` is, under a new address."""
    address = address_of(make_feed(actor=user, user=user, now=timezone.now()).key)
    return address.removeprefix("http://127.0.0.1:8000")


def host_of(booking: Booking) -> User:
    return booking.assigned_users.get().user


def description(answer: "Response") -> str:
    (event,) = Calendar.from_ical(answer.content).events
    return str(event["DESCRIPTION"])


def test_whoever_has_the_address_gets_the_calendar(client: Client, book: Book) -> None:
    booking = book()
    answer = client.get(path_of(host_of(booking)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    (event,) = Calendar.from_ical(answer.content).events
    assert (event["UID"], event["SUMMARY"]) == (booking.ical_uid, "30 Min Call - Ada Muster")


def test_a_program_that_has_it_is_told_so_for_two_queries_until_something_happens(
    client: Client, book: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    booking = book()
    path = path_of(host_of(booking))
    with django_assert_num_queries(5):
        first = client.get(path)
    with django_assert_num_queries(2):
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], again["X-Robots-Tag"]) == ("private, no-cache", "noindex")
    services.cancel(booking=booking, actor=system_user(), now=timezone.now())
    after = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert Calendar.from_ical(after.content).events == []


def test_it_travels_packed_and_is_known_again(client: Client, book: Book) -> None:
    path = path_of(host_of(book()))
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get(path, headers=headers).status_code == 304


def test_head_is_answered_and_nothing_else_is_allowed(client: Client, cast: Cast) -> None:
    path = path_of(cast.sarah)
    assert (client.head(path).status_code, client.head(path).content) == (200, b"")
    for ask in (client.post, client.put, client.delete):
        assert ask(path).status_code == 405


def test_it_speaks_the_language_of_the_site_whatever_a_browser_asks_for(client: Client, book: Book) -> None:
    path = path_of(host_of(book()))
    answer = client.get(path, headers={"Accept-Language": "de"})
    assert answer["Content-Language"] == "en"
    assert "Phone: +49 30 901820" in description(answer)
    with override_settings(LANGUAGE_CODE="de"):
        answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "de"
    assert "Telefon: +49 30 901820" in description(answer)


def test_every_address_that_opens_nothing_gets_the_same_answer(client: Client, cast: Cast) -> None:
    old = path_of(cast.sarah)
    renewed = path_of(cast.sarah)
    off, disabled = path_of(cast.mike), path_of(cast.jane)
    switch_feed_off(actor=cast.mike, user=cast.mike)
    User.objects.filter(pk=cast.jane.pk).update(is_active=False)
    answers = [client.get(path) for path in (old, off, disabled, UNKNOWN, "/calendar/x.ics", "/calendar/%00.ics")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({text(answer) for answer in answers}) == 1
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    assert {answer["X-Robots-Tag"] for answer in answers} == {"noindex"}
    assert client.get(renewed).status_code == 200


def test_trying_addresses_ends_at_the_limit_but_a_right_one_always_works(
    client: Client, cast: Cast, settings: Settings
) -> None:
    settings.GUEST_LOOKUPS_PER_HOUR = 2
    path = path_of(cast.sarah)
    assert [client.get(UNKNOWN).status_code for _ in range(3)] == [404, 404, 429]
    assert 0 < int(client.get(UNKNOWN)["Retry-After"]) <= 3600
    assert client.get(path).status_code == 200


def test_programs_that_ask_for_what_was_switched_off_do_not_stop_other_guests(client: Client, cast: Cast) -> None:
    client.get(UNKNOWN)
    assert list(GuestCounter.objects.values_list("scope", flat=True)) == ["lookups"]


def test_reading_a_feed_writes_nothing(client: Client, cast: Cast) -> None:
    client.get(path_of(cast.sarah))
    assert not GuestCounter.objects.exists()


def test_an_address_is_logged_neither_when_it_is_right_nor_when_it_is_wrong(
    client: Client, cast: Cast, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = path_of(cast.sarah)
    with caplog.at_level("DEBUG"):
        client.get(path)
        client.get(path[:-5] + ".ics")
    said = capsys.readouterr()
    logged = "".join((said.out, said.err, caplog.text, json.dumps([str(one.msg) for one in caplog.records])))
    assert "calendar/<str:token>.ics" in logged
    assert path[10:30] not in logged


def test_what_is_long_over_is_not_in_it(client: Client, book: Book) -> None:
    booking = book()
    long_ago = timezone.now().replace(microsecond=0) - timedelta(days=40)
    Booking.objects.filter(pk=booking.pk).update(start_datetime=long_ago, end_datetime=long_ago + timedelta(minutes=30))
    answer = client.get(path_of(host_of(booking)))
    assert Calendar.from_ical(answer.content).events == []
