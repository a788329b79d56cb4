"""Erasing who somebody was from a booking: the booking and the chain of its histories stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from meeting_manager.adapters.inspection import Inspection
from meeting_manager.bookings import services, verify
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Details, Host, Invitee
from meeting_manager.bookings.models import Booking, BookingHistory
from meeting_manager.bookings.personal import bookings_with, is_ours, kept_too_long
from meeting_manager.people.erasure import ERASED_NAME, ERASED_TEXT, Person, is_erased, scrub
from meeting_manager.people.models import User
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after, events, executive, try_to_book
from tests.cast import Cast

LATER = after(days=30)
MAX = Invitee("max@customer.example", "Max")
EVE = Invitee("eve@customer.example", "Eve Stone")


def wrong() -> list[str]:
    inspection = Inspection(LATER, lambda _: None)
    return [str(violation) for check in verify.CHECKS for violation in check.find(inspection)]


def erase(booking: Booking, by: User, address: str = "") -> services.Erased | None:
    return services.erase(booking=booking, actor=by, now=LATER, address=address)


def texts(booking: Booking) -> str:
    told = booking.booking_history.values_list("event_description", flat=True)
    return " | ".join([*told, *booking.assignment_history.values_list("notes", flat=True)])


def eventful(cast: Cast, book: Book) -> Booking:
    """Booked, changed, given to somebody else, and called off with words of its customer."""
    booking = book()
    services.edit(booking=booking, changes={"customer_phone": "+49 30 901820"}, actor=cast.lead, now=NOW)
    services.edit(booking=booking, changes={"meeting_title": "Help for Doe"}, actor=cast.lead, now=NOW)
    host = booking.assigned_users.get().user
    new = cast.lead if host != cast.lead else cast.sarah
    services.reassign(booking=booking, new_user=new, actor=cast.lead, now=NOW, reason="John Doe asked for it")
    return services.cancel(booking=booking, actor=cast.lead, now=NOW, reason="Flu, says the customer").booking


def test_nothing_of_a_customer_is_left_and_the_chain_is_whole(cast: Cast, book: Book) -> None:
    booking = eventful(cast, book)
    head = booking.history_head
    erased = erase(booking, cast.admin, JOHN.email)
    assert erased is not None
    assert [one.address for one in erased.people] == [JOHN.email]
    booking.refresh_from_db()
    told = " ".join(str(getattr(booking, field.name)) for field in Booking._meta.concrete_fields)
    told += " ".join(booking.participants.values_list("email", flat=True)) + texts(booking)
    assert not any(word in told for word in ("john", "John", "Doe", "123-4567", "901820", "MFA", "New_York", "Flu"))
    assert (booking.customer_name, booking.meeting_title) == (ERASED_NAME, "30 Min Call")
    assert is_erased(booking.customer_email)
    assert booking.participants.get().email == booking.customer_email
    assert booking.erased_at == LATER
    assert booking.history_head != head
    assert wrong() == []


def test_of_the_histories_only_our_own_words_stay(cast: Cast, book: Book) -> None:
    booking = eventful(cast, book)
    erase(booking, cast.admin)
    kept = {text for text in texts(booking).split(" | ") if text != ERASED_TEXT}
    assert all("changed from" in text or text.startswith("Assigned by") for text in kept)
    assert events(booking)[-1] == "Details Updated"


def test_a_tombstone_with_its_salt_or_in_other_words_is_found_out(cast: Cast, book: Book) -> None:
    erase(eventful(cast, book), cast.admin)
    entry = BookingHistory.objects.filter(event_description=ERASED_TEXT, salt="").first()
    assert entry is not None
    BookingHistory.objects.filter(pk=entry.pk).update(event_description="Something else")
    assert len(wrong()) == 1


def test_erasing_again_finds_nothing(cast: Cast, book: Book) -> None:
    booking = eventful(cast, book)
    assert erase(booking, cast.admin, JOHN.email)
    booking.refresh_from_db()
    length = booking.history_length
    assert erase(booking, cast.admin, JOHN.email) is None
    assert erase(booking, cast.admin) is None
    booking.refresh_from_db()
    assert booking.history_length == length


def test_a_meeting_to_come_is_cancelled_first(cast: Cast, book: Book) -> None:
    booking = book()
    with pytest.raises(Conflict, match="still to take place"):
        services.erase(booking=booking, actor=cast.admin, now=NOW, address=JOHN.email)
    booking.refresh_from_db()
    assert booking.customer_name == JOHN.name


def test_only_system_managers_erase(cast: Cast, book: Book) -> None:
    booking = book()
    for user in (cast.lead, cast.sarah):
        with pytest.raises(PermissionDenied):
            erase(booking, user, JOHN.email)


def test_of_a_guest_who_only_took_part_the_rest_stays(cast: Cast, book: Book) -> None:
    booking = book(participants=[EVE])
    services.respond(booking=booking, email=EVE.email, response="Accepted", actor=cast.lead, now=NOW)
    services.edit(booking=booking, changes={"meeting_title": "With Eve Stone"}, actor=cast.lead, now=NOW)
    erased = erase(booking, cast.admin, EVE.email)
    assert erased is not None
    assert erased.customer is None
    booking.refresh_from_db()
    assert (booking.customer_email, booking.meeting_title) == (JOHN.email, "30 Min Call")
    assert "eve" not in texts(booking).lower()
    assert JOHN.name in texts(booking)
    assert sorted(is_erased(row.email) for row in booking.participants.all()) == [False, True]
    assert booking.participants.filter(response_status="Accepted").exists()
    assert wrong() == []


def test_colleagues_of_an_internal_meeting_stay_and_its_guests_go(cast: Cast) -> None:
    booking = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        end=after(hours=1),
        hosts=[Host(cast.sarah, is_primary=True)],
        participants=[
            EVE,
            Invitee("max@customer.example", "Max"),
            Invitee(user=cast.mike, participant_type="Internal"),
        ],
        details=Details(title="Plans"),
        actor=cast.lead,
        now=NOW,
    ).booking
    assert erase(booking, cast.admin)
    left = set(booking.participants.values_list("email", flat=True))
    assert {one for one in left if not is_erased(one)} == {cast.mike.email}
    assert len(left) == 3
    assert wrong() == []


def test_a_rejected_booking_keeps_that_there_was_a_reason(cast: Cast) -> None:
    booking = try_to_book(cast, meeting_type=executive(cast)).booking
    services.reject(booking=booking, reason="We do not serve Mr. Doe", actor=cast.lead, now=NOW)
    erase(booking, cast.admin)
    booking.refresh_from_db()
    assert booking.rejection_reason == ERASED_TEXT
    assert wrong() == []


def test_who_was_taken_off_or_had_another_address_is_found_in_the_histories(cast: Cast, book: Book) -> None:
    booking = book(participants=[EVE])
    services.uninvite(booking=booking, email=EVE.email, actor=cast.lead, now=NOW)
    services.edit(booking=booking, changes={"customer_email": "new@customer.example"}, actor=cast.lead, now=NOW)
    for address in (EVE.email, JOHN.email):
        assert list(bookings_with(address)) == [booking]
        assert services.erase(booking=booking, actor=cast.admin, now=NOW, address=address)
        assert address not in texts(booking)
        assert not bookings_with(address).exists()
    booking.refresh_from_db()
    assert booking.customer_email == "new@customer.example"


def test_kept_too_long_is_what_ended_before_and_still_names_somebody(cast: Cast, book: Book) -> None:
    old, other = book(), book(start=after(hours=1))
    assert list(kept_too_long(after(days=1))) == [old, other]
    assert not kept_too_long(TUESDAY_TEN).exists()
    erase(old, cast.admin)
    assert list(kept_too_long(after(days=1))) == [other]


def test_somebody_is_known_by_whole_words_only() -> None:
    ada = Person("ada@customer.example", frozenset({"Ada Muster", "Al"}))
    assert ada.is_named_in("For ADA MUSTER, at last")
    assert ada.is_named_in("to ada@customer.example: no")
    assert not any(map(ada.is_named_in, ("Canada Musters", "Ada", "Also Al", "grada@customer.example.org")))
    assert ada.is_hinted_in("Muster calls back")
    found = scrub(
        {"a": ["ada@customer.example", 5, None], "b": "Ada Muster", "c": "x Ada Muster", "reason": "ill"},
        [ada],
        free=["reason"],
    )
    assert found == {
        "a": ["erased-0@erased.invalid", 5, None],
        "b": ERASED_NAME,
        "c": ERASED_TEXT,
        "reason": ERASED_TEXT,
    }


def test_our_own_words_name_nobody() -> None:
    assert is_ours("Booking status changed from Pending to Cancelled. Not approved in time")
    assert not is_ours("Booking status changed from Confirmed to Cancelled. By Ada Muster")
    assert not is_ours("Assigned by Ada")


def test_the_time_of_what_was_erased_is_still_the_hosts(cast: Cast, book: Book) -> None:
    booking = book()
    services.complete(booking=booking, actor=cast.lead, now=after(hours=1))
    erase(booking, cast.admin)
    booking.refresh_from_db()
    assert (booking.booking_status, booking.end_datetime - booking.start_datetime) == (
        "Completed",
        timedelta(minutes=30),
    )
    assert booking.assigned_users.count() == 1
    assert wrong() == []
