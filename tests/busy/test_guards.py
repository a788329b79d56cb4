"""The database's own refusal of two bookings of one host at one time."""

import pytest
from django.db import IntegrityError, connection, transaction

from meeting_manager.adapters import guards
from meeting_manager.bookings.guards import GUARDS as HISTORY
from meeting_manager.bookings.models import Booking
from meeting_manager.busy import services
from meeting_manager.busy.guards import GUARDS
from meeting_manager.busy.models import BusyTime
from tests.bookings.desk import Book, after, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(cast: Cast) -> tuple[Booking, Booking]:
    """Two bookings of Sarah, an hour apart."""
    first = try_to_book(cast, actor=cast.lead, host=cast.sarah).booking
    second = try_to_book(cast, actor=cast.lead, host=cast.sarah, start=after(hours=1)).booking
    return first, second


def span(booking: Booking) -> tuple[int, int]:
    row = BusyTime.objects.get(booking=booking)
    return row.starts, row.ends


def test_an_overlap_is_refused_on_insert(cast: Cast, two: tuple[Booking, Booking]) -> None:
    start, end = span(two[0])
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        services.occupy(two[1].pk, [cast.sarah.pk], start + 60, end + 60)
    assert services.is_overlap(error.value)


def test_an_overlap_is_refused_on_update(two: tuple[Booking, Booking]) -> None:
    start, end = span(two[0])
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        BusyTime.objects.filter(booking=two[1]).update(starts=start, ends=end)
    assert services.is_overlap(error.value)


def test_meetings_may_touch_and_colleagues_may_meet_at_once(cast: Cast, two: tuple[Booking, Booking]) -> None:
    _, end = span(two[0])
    services.occupy(two[1].pk, [cast.sarah.pk], end, end + 60)
    services.occupy(two[1].pk, [cast.mike.pk], *span_of_first(two))
    assert BusyTime.objects.count() == 4


def span_of_first(two: tuple[Booking, Booking]) -> tuple[int, int]:
    row = BusyTime.objects.filter(booking=two[0]).first()
    assert row is not None
    return row.starts, row.ends


def test_a_long_piece_is_seen_from_its_far_end(cast: Cast, two: tuple[Booking, Booking]) -> None:
    start, _ = span(two[1])
    day = 86_400
    services.occupy(two[1].pk, [cast.jane.pk], start, start + day)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.occupy(two[0].pk, [cast.jane.pk], start + day - 1, start + day + 60)
    services.occupy(two[0].pk, [cast.jane.pk], start + day, start + day + 60)


def test_completed_time_and_external_events_may_overlap(cast: Cast, two: tuple[Booking, Booking]) -> None:
    start, end = span(two[0])
    BusyTime.objects.filter(booking=two[0]).update(kind=3)
    services.occupy(two[1].pk, [cast.sarah.pk], start, end)


def test_missing_guards_are_named_and_put_back(book: Book) -> None:
    every = [*GUARDS, *HISTORY]
    assert guards.missing(connection, every) == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER busy_no_overlap_insert")
        else:
            cursor.execute("ALTER TABLE busy_busytime DROP CONSTRAINT busy_no_overlap")
    (name, _), *rest = guards.missing(connection, every)
    assert name.startswith("busy_no_overlap")
    assert rest == []
    guards.install(connection, every)
    assert guards.missing(connection, every) == []
