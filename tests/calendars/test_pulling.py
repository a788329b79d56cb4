"""A feed makes its owner busy, end to end: from a real server through the ledger to what guests can book."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent, Window
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import cancel, reschedule
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import create_integration, delete_integration, edit_integration, pulling
from meeting_manager.calendars.services.mirroring import KEPT_DELETED
from meeting_manager.calendars.services.zones import zone_of
from meeting_manager.ledger.handlers import PULL
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from tests.bookings import desk
from tests.bookings.desk import TUESDAY_TEN, Book
from tests.calendars.feedserver import HERE, Feed, serving
from tests.cast import NOW, Cast
from tests.together import together

START = NOW + timedelta(days=1, hours=2)
END = START + timedelta(hours=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERVAL = timedelta(minutes=15)


@pytest.fixture
def feed(settings: Settings) -> Iterator[Feed]:
    settings.ALLOW_PRIVATE_ADDRESSES = HERE
    with serving() as served:
        served.put("1", START, END)
        yield served


@pytest.fixture
def calendar(cast: Cast, feed: Feed) -> CalendarIntegration:
    fields = {"integration_type": "iCal", "integration_name": "Private", "ical_url": feed.url}
    return create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)


def _pull(now: datetime = NOW) -> None:
    """What the worker does in the interval that ends now."""
    pulling.plan_due(now)
    run_due(now, [PULL])


def _blocked() -> list[tuple[datetime, datetime]]:
    rows = BusyTime.objects.filter(event__isnull=False).order_by("starts").values_list("starts", "ends")
    return [(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)) for starts, ends in rows]


def _stored(calendar: CalendarIntegration) -> CalendarIntegration:
    return CalendarIntegration.objects.get(pk=calendar.pk)


def test_an_event_of_a_new_feed_blocks_its_owner(calendar: CalendarIntegration) -> None:
    _pull()
    assert _blocked() == [(START, END)]
    event = CalendarEventSync.objects.get()
    assert (event.event_title, event.event_type, event.sync_direction) == ("Dentist", "External Event", "Inbound")
    stored = _stored(calendar)
    assert (stored.sync_status, stored.last_sync, stored.sync_error_log) == ("Success", NOW, "")


def test_a_guest_is_not_offered_the_time_of_an_event(
    cast: Cast, feed: Feed, calendar: CalendarIntegration, book: Book
) -> None:
    feed.put("1", TUESDAY_TEN, TUESDAY_TEN + HOUR)
    _pull(desk.NOW)
    with pytest.raises(TimeTaken):
        book(host=cast.sarah)
    assert desk.hosts(book()) != ["sarah"]


def test_what_changes_there_is_here_within_one_interval(feed: Feed, calendar: CalendarIntegration) -> None:
    _pull()
    feed.put("1", START + DAY, END + DAY)
    feed.put("2", START, START + 2 * HOUR)
    _pull(NOW + INTERVAL)
    assert _blocked() == [(START, START + 2 * HOUR), (START + DAY, END + DAY)]
    assert CalendarEventSync.objects.count() == 2
    del feed.events["2"]
    _pull(NOW + 2 * INTERVAL)
    assert _blocked() == [(START + DAY, END + DAY)]
    assert CalendarEventSync.objects.get(external_event_id="2").sync_status == "Deleted Externally"


def test_an_event_that_comes_back_blocks_again(feed: Feed, calendar: CalendarIntegration) -> None:
    _pull()
    kept = feed.events.pop("1")
    _pull(NOW + INTERVAL)
    assert _blocked() == []
    feed.events["1"] = kept
    _pull(NOW + 2 * INTERVAL)
    assert _blocked() == [(START, END)]
    assert CalendarEventSync.objects.get().sync_status == "Synced"


def test_a_series_blocks_each_of_its_occurrences(feed: Feed, calendar: CalendarIntegration) -> None:
    feed.put("1", START, END, "RRULE:FREQ=DAILY;COUNT=3", f"EXDATE:{START + DAY:%Y%m%dT%H%M%SZ}")
    _pull()
    assert _blocked() == [(START, END), (START + 2 * DAY, END + 2 * DAY)]


def test_nothing_is_pulled_before_its_time_and_everything_within_its_interval(calendar: CalendarIntegration) -> None:
    _pull()
    for minute in range(1, 11):
        assert pulling.plan_due(NOW + timedelta(minutes=minute)) == 0
    assert pulling.plan_due(NOW + timedelta(minutes=14)) == 1


def test_calendars_that_were_connected_together_come_apart(cast: Cast, feed: Feed) -> None:
    for number in range(20):
        fields = {"integration_type": "iCal", "integration_name": f"No. {number}", "ical_url": feed.url}
        create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)
    pulling.plan_due(NOW)
    assert len(set(CalendarIntegration.objects.values_list("next_sync", flat=True))) == 20


@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"auto_sync_enabled": False}], ids=["inactive", "not by itself"]
)
def test_a_calendar_that_should_not_be_read_is_not(
    cast: Cast, feed: Feed, calendar: CalendarIntegration, changes: dict[str, object]
) -> None:
    pulling.plan_due(NOW)
    edit_integration(actor=cast.sarah, integration=calendar, changes=changes, now=NOW)
    assert pulling.plan_due(NOW + DAY) == 0
    run_due(NOW + DAY, [PULL])
    assert feed.answered == []


def test_calendars_of_disabled_users_and_of_other_kinds_are_not_read(cast: Cast, calendar: CalendarIntegration) -> None:
    fields = {"integration_type": "Google Calendar", "integration_name": "Work"}
    create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)
    cast.sarah.is_active = False
    cast.sarah.save()
    assert pulling.plan_due(NOW) == 0


def test_a_new_address_is_read_at_once(cast: Cast, calendar: CalendarIntegration) -> None:
    _pull()
    with serving() as other:
        other.put("9", START + DAY, END + DAY)
        edit_integration(actor=cast.sarah, integration=calendar, changes={"ical_url": other.url}, now=NOW)
        _pull(NOW + timedelta(seconds=15))
    assert _blocked() == [(START + DAY, END + DAY)]


def test_a_server_that_is_away_leaves_what_was_read(feed: Feed, calendar: CalendarIntegration) -> None:
    _pull()
    feed.trouble = (500, {})
    _pull(NOW + INTERVAL)
    assert _blocked() == [(START, END)]
    stored = _stored(calendar)
    assert (stored.sync_status, stored.last_sync, stored.failing_since) == ("Failed", NOW, NOW + INTERVAL)
    assert stored.sync_error_log == "The server is in trouble (HTTP 500)."
    feed.trouble = None
    _pull(NOW + 2 * INTERVAL)
    stored = _stored(calendar)
    assert (stored.sync_status, stored.failing_since, stored.sync_error_log) == ("Success", None, "")


@pytest.mark.parametrize("raw", [b"", b"<html>Sign in</html>", b"BEGIN:VCALENDAR\nVERSION:2.0\n"])
def test_an_answer_that_is_no_calendar_leaves_what_was_read(
    feed: Feed, calendar: CalendarIntegration, raw: bytes
) -> None:
    _pull()
    feed.raw = raw
    _pull(NOW + INTERVAL)
    assert _blocked() == [(START, END)]
    assert _stored(calendar).sync_status == "Failed"


def test_a_failed_pull_is_no_dead_letter(feed: Feed, calendar: CalendarIntegration) -> None:
    feed.trouble = (404, {})
    _pull()
    assert list(Delivery.objects.filter(kind=PULL).values_list("state", flat=True)) == ["skipped"]


def test_a_refusal_is_asked_again_after_an_hour_and_a_limit_when_it_says(
    feed: Feed, calendar: CalendarIntegration
) -> None:
    feed.trouble = (404, {})
    _pull()
    assert _stored(calendar).next_sync == NOW + HOUR
    feed.trouble = (429, {"Retry-After": "7200"})
    _pull(NOW + HOUR)
    assert _stored(calendar).next_sync == NOW + 3 * HOUR


def test_an_event_that_can_no_longer_be_read_goes_on_blocking_and_is_listed(
    feed: Feed, calendar: CalendarIntegration
) -> None:
    feed.put("2", START + DAY, END + DAY)
    _pull()
    feed.events["1"] = feed.events["1"].replace("DTEND:2026", "DTEND:next")
    del feed.events["2"]
    _pull(NOW + INTERVAL)
    assert _blocked() == [(START, END)]
    stored = _stored(calendar)
    assert stored.sync_status == "Success"
    assert stored.sync_error_log == "An event of 20261201T100000Z was left out: its times cannot be read."


def test_a_file_that_did_not_change_writes_nothing_but_that_it_was_read(
    feed: Feed, calendar: CalendarIntegration
) -> None:
    _pull()
    before = list(CalendarEventSync.objects.values()), list(BusyTime.objects.values())
    _pull(NOW + INTERVAL)
    assert feed.answered == [200, 304]
    assert (list(CalendarEventSync.objects.values()), list(BusyTime.objects.values())) == before
    assert _stored(calendar).last_sync == NOW + INTERVAL


def test_the_window_rolls_forward_with_the_days(feed: Feed, calendar: CalendarIntegration) -> None:
    feed.put("2", START + 100 * DAY, END + 100 * DAY)
    _pull()
    assert _blocked() == [(START, END)]
    _pull(NOW + 20 * DAY)
    assert _blocked() == [(START, END), (START + 100 * DAY, END + 100 * DAY)]
    _pull(NOW + 40 * DAY)
    assert _blocked() == [(START + 100 * DAY, END + 100 * DAY)]
    assert CalendarEventSync.objects.count() == 1


def test_whole_days_are_those_of_the_member(cast: Cast, feed: Feed, calendar: CalendarIntegration) -> None:
    cast.sarah.settings.timezone = "America/New_York"
    cast.sarah.settings.save()
    feed.events = {"1": "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261201\r\nSUMMARY:Off\r\nEND:VEVENT\r\n"}
    _pull()
    assert _blocked() == [(datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 2, 5, tzinfo=UTC))]
    assert CalendarEventSync.objects.get().event_type == "All-Day Event"


def test_without_a_zone_of_their_own_members_live_in_their_departments(cast: Cast) -> None:
    assert zone_of(cast.sarah.pk) == "UTC"
    cast.support.timezone = "Asia/Tokyo"
    cast.support.save()
    assert zone_of(cast.sarah.pk) == "Asia/Tokyo"
    assert zone_of(cast.admin.pk) == "UTC"


def _host(booking: Booking, cast: Cast, feed: Feed) -> None:
    """Have the feed be that of the booking's host, with the booking's entry in it."""
    feed.put(booking.ical_uid, booking.start_datetime, booking.end_datetime)
    host = booking.assigned_users.get().user
    fields = {"integration_type": "iCal", "integration_name": "Private", "ical_url": feed.url}
    create_integration(actor=host, user=host, fields=fields, now=NOW)


def test_a_booking_that_comes_back_from_the_calendar_is_not_counted_twice(cast: Cast, feed: Feed, book: Book) -> None:
    feed.events.clear()
    booking = book()
    _host(booking, cast, feed)
    _pull()
    event = CalendarEventSync.objects.get()
    assert (event.event_type, event.meeting_booking) == ("Meeting Booking", booking)
    assert _blocked() == []
    cancel(booking=booking, actor=cast.admin, now=NOW)
    _pull(NOW + DAY)
    assert _blocked() == []


def test_a_moved_booking_is_recognised_by_the_identity_it_keeps(cast: Cast, feed: Feed, book: Book) -> None:
    feed.events.clear()
    booking = book()
    moved = reschedule(booking=booking, start=booking.start_datetime + DAY, actor=cast.admin, now=NOW).booking
    _host(moved, cast, feed)
    _pull()
    assert CalendarEventSync.objects.get().meeting_booking == moved
    assert _blocked() == []


def test_a_colleagues_booking_takes_time_like_any_event(cast: Cast, feed: Feed, book: Book) -> None:
    feed.events.clear()
    booking = book()
    feed.put(booking.ical_uid, START, END)
    fields = {"integration_type": "iCal", "integration_name": "Private", "ical_url": feed.url}
    create_integration(actor=cast.outsider, user=cast.outsider, fields=fields, now=NOW)
    _pull()
    assert _blocked() == [(START, END)]


def test_the_owner_is_told_once_a_day_when_a_calendar_was_not_read_for_a_day(
    cast: Cast, feed: Feed, calendar: CalendarIntegration
) -> None:
    _pull()
    feed.trouble = (404, {})
    _pull(NOW + 23 * HOUR)
    assert not Delivery.objects.filter(kind="notice").exists()
    for hours in (24, 26, 28):
        _pull(NOW + hours * HOUR)
    notice = Delivery.objects.get(kind="notice", recipient=cast.sarah.email)
    assert notice.payload["facts"]["label"] == "Private"
    assert "HTTP 404" in notice.payload["facts"]["error"]
    assert notice.payload["facts"]["since"] == NOW.isoformat()


def test_system_managers_are_told_when_it_goes_on(cast: Cast, feed: Feed, calendar: CalendarIntegration) -> None:
    feed.trouble = (404, {})
    _pull()
    _pull(NOW + 25 * HOUR)
    told = set(Delivery.objects.filter(kind="notice").values_list("recipient", flat=True))
    assert told == {cast.sarah.email, cast.lead.email}
    _pull(NOW + 73 * HOUR)
    assert cast.admin.email in Delivery.objects.filter(kind="notice").values_list("recipient", flat=True)


def test_what_is_told_of_a_failure_keeps_titles_and_the_address_secret(
    feed: Feed, calendar: CalendarIntegration
) -> None:
    feed.events["1"] = feed.events["1"].replace("DTEND:2026", "DTEND:next")
    _pull()
    feed.trouble = (500, {})
    told = _stored(calendar).sync_error_log
    _pull(NOW + INTERVAL)
    told += _stored(calendar).sync_error_log + str(list(Delivery.objects.values()))
    assert "Dentist" not in told
    assert "secret" not in told


def test_a_pull_that_another_has_begun_is_left_to_it(feed: Feed, calendar: CalendarIntegration) -> None:
    assert pulling.begin(calendar.pk, NOW)
    _pull(NOW + timedelta(minutes=1))
    assert feed.answered == []
    _pull(NOW + INTERVAL)
    assert feed.answered == [200]


def test_a_pull_that_was_taken_over_records_nothing(calendar: CalendarIntegration) -> None:
    lost = pulling.begin(calendar.pk, NOW)
    assert lost
    _pull(NOW + INTERVAL)
    late = NOW + INTERVAL + HOUR
    assert pulling.keep(lost, Pulled("old", is_complete=True), late) is None
    assert not pulling.give_up(lost, ValueError(), late)
    assert _blocked() == [(START, END)]
    assert _stored(calendar).sync_status == "Success"


def test_a_calendar_that_is_deleted_while_it_is_read_stays_deleted(cast: Cast, calendar: CalendarIntegration) -> None:
    begun = pulling.begin(calendar.pk, NOW)
    assert begun
    delete_integration(actor=cast.sarah, integration=calendar)
    assert pulling.keep(begun, Pulled("new", _many(3), is_complete=True), NOW) is None
    assert not CalendarEventSync.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_pulls_that_begin_together_one_has_the_calendar(calendar: CalendarIntegration) -> None:
    begun = together([lambda: pulling.begin(calendar.pk, NOW)] * 8)
    assert sum(isinstance(each, pulling.Pull) for each in begun) == 1
    assert begun.count(None) == 7


@pytest.mark.django_db(transaction=True)
def test_planners_that_meet_owe_one_pull_each(calendar: CalendarIntegration) -> None:
    together([lambda: pulling.plan_due(NOW)] * 4)
    assert Delivery.objects.filter(kind=PULL).count() == 1


def _many(count: int, *, title: str = "", prefix: str = "m") -> list[PulledEvent]:
    start = int(START.timestamp())
    return [
        PulledEvent(f"{prefix}{at}", f"{prefix}{at}", start + at * 60, start + at * 60 + 3600, True, title=title)
        for at in range(count)
    ]


def _keep(calendar: CalendarIntegration, events: list[PulledEvent], now: datetime) -> int | None:
    begun = pulling.begin(calendar.pk, now)
    assert begun
    return pulling.keep(begun, Pulled("", events, is_complete=True), now)


def test_many_events_are_written_with_few_queries(
    calendar: CalendarIntegration, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(25):
        assert _keep(calendar, _many(400), NOW) == 400
    with django_assert_max_num_queries(25):
        assert _keep(calendar, _many(400, title="New"), NOW) == 400
    with django_assert_max_num_queries(12):
        assert _keep(calendar, _many(400, title="New"), NOW) == 0
    with django_assert_max_num_queries(25):
        assert _keep(calendar, [], NOW) == 400
    assert _blocked() == []


def test_a_feed_that_names_everything_anew_each_time_fills_no_disk(calendar: CalendarIntegration) -> None:
    for at in range(4):
        _keep(calendar, _many(300, prefix=f"{at}-"), NOW + at * INTERVAL)
    assert len(_blocked()) == 300
    assert CalendarEventSync.objects.filter(sync_status="Deleted Externally").count() == KEPT_DELETED


def test_everything_holds_afterwards(feed: Feed, calendar: CalendarIntegration) -> None:
    feed.put("2", START - 300 * DAY, END + 300 * DAY)
    feed.put("3", START, END, "RRULE:FREQ=DAILY")
    _pull()
    feed.put("3", START, END, "RRULE:FREQ=WEEKLY")
    _pull(NOW + INTERVAL)
    call_command("verify", verbosity=0)


def test_the_window_is_made_of_whole_days(calendar: CalendarIntegration) -> None:
    midnight = int(datetime(2026, 11, 30, tzinfo=UTC).timestamp())
    for hour in (0, 23):
        window = pulling.window_of(calendar, datetime(2026, 11, 30, hour, 59, tzinfo=UTC))
        assert window == Window(midnight - 30 * 86_400, midnight + 91 * 86_400)
