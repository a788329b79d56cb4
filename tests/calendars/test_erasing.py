"""Whoever is erased here is no longer named by the entries that bookings have in their hosts' calendars."""

from datetime import timedelta

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.web.privacy.erasing import erase
from tests.bookings.desk import JOHN, NOW, Book, after
from tests.calendars.carrying import Connect, carry
from tests.cast import Cast

LATER = after(days=30)


def test_an_entry_of_a_meeting_long_over_is_written_anew_without_the_name(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.complete(booking=booking, actor=cast.lead, now=after(hours=1))
    (before,) = agenda.titles.values()
    erase(actor=cast.admin, email=JOHN.email, now=LATER)
    carry(LATER)
    (entry,) = agenda.titles.values()
    assert (entry.title, entry.attendees, entry.start) == ("30 Min Call - Erased person", (), before.start)
    assert not any(word in str(entry).lower() for word in ("john", "555-123", "help with"))
    assert entry.sequence > before.sequence
    row = CalendarEventSync.objects.get()
    assert (row.event_title, row.attendees_json, row.sync_status) == (entry.title, [], "Synced")


def test_what_is_over_and_was_not_erased_stays_as_it_is(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    book(host=cast.sarah)
    book(host=cast.sarah, start=after(hours=2), participants=[Invitee("eve@customer.example", "Eve")])
    carry()
    before = dict(agenda.titles)
    erase(actor=cast.admin, email="eve@customer.example", now=LATER)
    carry(LATER)
    changed = [id_ for id_, entry in agenda.titles.items() if entry != before[id_]]
    assert len(changed) == 1
    assert "eve@" not in str(agenda.titles[changed[0]])
    assert JOHN.email in str(agenda.titles[changed[0]])


def test_a_meeting_that_was_never_there_gets_no_entry_by_being_erased(cast: Cast, connect: Connect, book: Book) -> None:
    booking = book(host=cast.sarah)
    agenda = connect(cast.sarah)
    CalendarEventSync.objects.all().delete()
    erase(actor=cast.admin, email=JOHN.email, now=booking.end_datetime + timedelta(minutes=1))
    carry(booking.end_datetime + timedelta(minutes=2))
    assert not agenda.ours
    assert booking.end_datetime > NOW
