"""A calendar that could not be read for long is noted; its department says whether its owner is still offered."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from meeting_manager.adapters.calendar.errors import TransientError
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import edit_integration
from meeting_manager.calendars.services.staleness import note_unread
from meeting_manager.departments.models import Department
from meeting_manager.departments.services import edit_department
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User, UserSettings
from tests.bookings import desk
from tests.bookings.desk import NOW, Book
from tests.calendars.agenda import Agenda
from tests.calendars.carrying import Connect, read
from tests.cast import Cast

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def agenda(cast: Cast, connect: Connect) -> Agenda:
    """Sarah's, read two days ago and never since."""
    found = connect(cast.sarah)
    read(NOW - 2 * DAY)
    return found


def _since(user: User) -> datetime | None:
    return UserSettings.objects.get(user=user).calendars_unread_since


def _strict(cast: Cast) -> Department:
    return edit_department(actor=cast.admin, department=cast.support, changes={"offer_unread_calendars": False})


def test_a_calendar_that_nobody_could_read_for_a_day_is_noted(cast: Cast, agenda: Agenda) -> None:
    note_unread(NOW - DAY - HOUR)
    assert _since(cast.sarah) is None
    note_unread(NOW)
    assert _since(cast.sarah) == NOW - 2 * DAY


def test_the_first_successful_reading_takes_the_note_away(cast: Cast, agenda: Agenda) -> None:
    note_unread(NOW)
    agenda.faults = [TransientError("away")]
    read(NOW)
    assert _since(cast.sarah)
    read(NOW + HOUR)
    assert _since(cast.sarah) is None


def test_one_that_was_never_read_counts_from_its_first_failure(cast: Cast, connect: Connect) -> None:
    connect(cast.sarah).faults = [TransientError("away")]
    read(NOW - 2 * DAY)
    note_unread(NOW)
    assert _since(cast.sarah) == NOW - 2 * DAY


def test_a_calendar_that_is_not_to_be_read_is_no_reason(cast: Cast, agenda: Agenda) -> None:
    note_unread(NOW)
    calendar = CalendarIntegration.objects.get()
    edit_integration(actor=cast.sarah, integration=calendar, changes={"is_active": False}, now=NOW)
    note_unread(NOW)
    assert _since(cast.sarah) is None


def test_who_is_noted_is_offered_unless_the_department_says_no(cast: Cast, agenda: Agenda, book: Book) -> None:
    note_unread(NOW)
    assert desk.hosts(book()) == ["sarah"]
    _strict(cast)
    with pytest.raises(TimeTaken, match="their calendar could not be read since"):
        book(host=cast.sarah, start=desk.after(days=1), actor=cast.lead)
    assert "sarah" not in [desk.hosts(book(start=desk.after(days=2)))[0] for _ in range(3)]


def test_a_leader_may_force_it(cast: Cast, agenda: Agenda, book: Book) -> None:
    note_unread(NOW)
    _strict(cast)
    assert book(host=cast.sarah, actor=cast.lead, force_reason="She knows").booking_status == "Confirmed"


def test_noting_costs_the_same_for_any_number_of_calendars(
    cast: Cast, connect: Connect, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for user in (cast.sarah, cast.mike, cast.jane):
        connect(user)
    read(NOW)
    with django_assert_num_queries(2):
        note_unread(NOW)


def test_owner_and_leader_are_told_once_a_day_and_the_leader_no_contents(cast: Cast, agenda: Agenda) -> None:
    agenda.faults = [TransientError("The server of my secret therapist is in trouble.")] * 5
    for hours in (0, 1, 2):
        read(NOW + hours * HOUR)
    notices = Delivery.objects.filter(kind="notice")
    assert sorted(notices.values_list("recipient", flat=True)) == [cast.lead.email, cast.sarah.email]


def test_the_department_says_what_follows_by_the_api_alone_with_known_words(cast: Cast) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="Calendar Changes"):
        edit_department(actor=cast.admin, department=cast.support, changes={"calendar_changes": "perhaps"})
    changed = edit_department(actor=cast.admin, department=cast.support, changes={"calendar_changes": "follow"})
    assert changed.calendar_changes == "follow"
