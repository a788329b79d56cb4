"""What is known of somebody in all rooms, told as one document, and erased from all of them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import override_settings

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Customer, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.calendars.services import create_integration, record_event
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.notifications.models import Heard, Unsubscription
from meeting_manager.notifications.services.unsubscribing import unsubscribe
from meeting_manager.people.services import create_token
from meeting_manager.web.guests import admit
from meeting_manager.web.idempotency import Answer, once, scope_of_guest
from meeting_manager.web.models import IdempotencyKey
from meeting_manager.web.privacy import erasing, retention
from meeting_manager.web.privacy.exporting import as_text, export
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after
from tests.cast import Cast

OUTBOX = "meeting_manager.adapters.mail.outbox.OutboxBackend"
LATER = after(days=30)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Path]:
    """Mail goes into files here."""
    with override_settings(EMAIL_BACKEND=OUTBOX, EMAIL_FILE_PATH=str(tmp_path)):
        yield tmp_path


def live(cast: Cast, book: Book) -> Booking:
    """John everywhere: booked, told, in a host's own calendar, with an answer kept and a request that waits."""
    booking = book()
    run_due(NOW)
    services.cancel(booking=booking, actor=cast.lead, now=NOW, reason="John is ill")
    run_due(NOW)
    _remember(cast)
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"confirm_email": True})
    services.request(meeting_type=cast.call, start=TUESDAY_TEN, customer=JOHN, now=NOW)
    booking.refresh_from_db()
    return booking


def _remember(cast: Cast) -> None:
    ical = {"integration_type": "iCal", "integration_name": "Mine", "ical_url": "https://calendar.example/a.ics"}
    calendar = create_integration(actor=cast.sarah, user=cast.sarah, fields=ical, now=NOW)
    event = ExternalEvent(
        "event",
        after(days=2),
        after(days=2, hours=1),
        title="Lunch with john@customer.example",
        attendees=[{"email": "John@customer.example", "name": "John Doe"}, {"email": "eve@customer.example"}],
        organizer_email="john@customer.example",
    )
    record_event(integration=calendar, event=event, now=NOW)
    answer = Answer(201, {"customer_name": "John Doe"})
    once(scope=scope_of_guest(JOHN.email), key="k", request={}, now=NOW, work=lambda: answer)
    unsubscribe(address=JOHN.email, now=NOW)


def everything() -> str:
    """All that is stored in all tables."""
    rows = [row for model in apps.get_models() for row in model._base_manager.values()]
    return json.dumps(rows, default=str).lower()


def erase(cast: Cast) -> erasing.Done:
    return erasing.erase(actor=cast.admin, email=JOHN.email, now=LATER)


def test_nothing_of_somebody_is_left_in_any_table_or_file(cast: Cast, book: Book, outbox: Path) -> None:
    booking = live(cast, book)
    assert any(JOHN.email in file.read_text() for file in outbox.glob("*.eml"))
    found = erasing.look(actor=cast.admin, email=" John@Customer.example ", now=LATER)
    assert (found.address, found.bookings, found.requests, found.events) == (JOHN.email, 1, 1, 1)
    done = erase(cast)
    assert (done.bookings, done.requests, done.events, done.sending) == (1, 1, 1, 0)
    assert (done.mails, done.deliveries) == (found.mails, done.deliveries)
    left = everything()
    for word in ("john", " doe", "555-123", "help with", "is ill"):
        assert word not in left, left[max(0, left.index(word) - 300) : left.index(word) + 100]
    assert not any(b"john@" in file.read_bytes().lower() for file in outbox.glob("*.eml"))
    assert Booking.objects.get().booking_reference == booking.booking_reference
    assert erasing.look(actor=cast.admin, email=JOHN.email, now=LATER).is_nothing
    call_command("verify", verbosity=0)


def test_others_are_left_as_they_are(cast: Cast, book: Book, outbox: Path) -> None:
    other = book(start=after(hours=2), customer=Customer("Ada Muster", "ada@customer.example", "+49 30 901820"))
    run_due(NOW)
    live(cast, book)
    erase(cast)
    other.refresh_from_db()
    assert (other.customer_name, other.customer_phone) == ("Ada Muster", "+49 30 901820")
    assert Heard.objects.filter(address="ada@customer.example").exists()
    assert any("ada@customer.example" in file.read_text() for file in outbox.glob("*.eml"))
    row = CalendarEventSync.objects.get()
    assert [one["email"] for one in row.attendees_json] == ["eve@customer.example"]


def test_whoever_was_erased_gets_no_mail_at_any_address(cast: Cast, book: Book, outbox: Path) -> None:
    booking = book()
    run_due(NOW)
    done = erasing.erase(actor=cast.admin, email=JOHN.email, now=NOW, also_cancel=True)
    assert (done.cancelled, done.bookings) == (1, 1)
    before = set(outbox.glob("*.eml"))
    run_due(NOW + timedelta(minutes=1))
    told = [file.read_text() for file in set(outbox.glob("*.eml")) - before]
    assert told
    assert not any("erased.invalid" in text.split("\n\n")[0] or "john" in text.lower() for text in told)
    booking.refresh_from_db()
    assert booking.booking_status == "Cancelled"
    assert not Delivery.objects.filter(state="dead").exists()


def test_meetings_to_come_are_named_and_nothing_is_erased(cast: Cast, book: Book) -> None:
    booking = book()
    with pytest.raises(erasing.StillUpcoming, match=booking.name) as refused:
        erasing.erase(actor=cast.admin, email=JOHN.email, now=NOW)
    assert refused.value.bookings == [booking]
    booking.refresh_from_db()
    assert booking.customer_name == JOHN.name


def test_a_run_that_was_cut_short_is_repeated(cast: Cast, book: Book, outbox: Path) -> None:
    for hour in range(3):
        book(start=after(hours=hour))
    first = Booking.objects.order_by("pk").first()
    assert first is not None
    erasing.erase_from(first, cast.admin, LATER, JOHN.email)
    assert erase(cast).bookings == 2
    assert erase(cast) == erasing.Done()
    assert "john@" not in everything()


def test_what_is_being_sent_keeps_its_state_and_is_told(cast: Cast, book: Book) -> None:
    booking = book()
    run_due(NOW)
    row = Delivery.objects.filter(about=booking.name, recipient=JOHN.email).first()
    assert row is not None
    waiting = Delivery.objects.create(
        key="w", kind="mail", payload={}, about=booking.name, recipient=JOHN.email, created_at=NOW, due=NOW
    )
    busy = {"state": "running", "owner": "w", "attempt": 1, "lease_until": LATER, "finished_at": None}
    Delivery.objects.filter(pk=row.pk).update(**busy)
    assert erase(cast).sending == 1
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, waiting.state) == ("running", "discarded")


def test_colleagues_and_strangers_to_the_house_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Disable the account"):
        erasing.erase(actor=cast.admin, email=cast.sarah.email, now=NOW)
    with pytest.raises(ValidationError, match="enter an e-mail address"):
        erasing.look(actor=cast.admin, email="john", now=NOW)
    for user in (cast.lead, cast.sarah):
        with pytest.raises(PermissionDenied):
            erasing.erase(actor=user, email=JOHN.email, now=NOW)
        with pytest.raises(PermissionDenied):
            export(actor=user, email=JOHN.email, now=NOW)


def test_the_document_tells_a_guest_everything(cast: Cast, book: Book, outbox: Path) -> None:
    live(cast, book)
    found = json.loads(as_text(export(actor=cast.admin, email=JOHN.email, now=LATER)))
    (told,) = found["bookings"]
    assert (told["role"], told["customer_phone"], told["cancellation_reason"]) == (
        "customer",
        JOHN.phone,
        "John is ill",
    )
    assert told["participation"][0]["name"] == JOHN.name
    assert any("John Doe" in entry["text"] for entry in told["history"])
    assert found["requests_to_confirm"][0]["customer"]["notes"] == JOHN.notes
    assert found["wants_no_follow_ups_since"]
    assert {row["state"] for row in found["deliveries"]} >= {"done"}
    assert "30 Min Call" in found["mails_in_the_outbox"][0]["message"]
    assert found["calendar_events"][0]["is_organizer"]
    assert (found["account"], "eve@" in json.dumps(found["calendar_events"])) == (None, False)


def test_the_document_of_a_colleague_has_their_part_and_no_secret(cast: Cast, book: Book) -> None:
    host = book().assigned_users.get().user
    _, token = create_token(actor=host, user=host, label="script", now=NOW)
    found = as_text(export(actor=cast.admin, email=host.email, now=LATER))
    account = json.loads(found)["account"]
    assert account["tokens"][0]["label"] == "script"
    assert len(account["hosted_bookings"]) == 1
    assert account["departments"][0]["department"] == "Support"
    assert JOHN.email not in found
    assert token not in found
    assert "digest" not in found
    assert "password" not in found


def test_guests_of_old_bookings_are_forgotten_where_the_site_says_so(cast: Cast, book: Book) -> None:
    old, young = book(), book(start=after(days=7))
    now = old.end_datetime + timedelta(days=30, minutes=1)
    assert retention.erase_old(now) == 0
    with override_settings(RETENTION_DAYS=30):
        assert retention.erase_old(now - timedelta(minutes=2)) == 0
        assert retention.erase_old(now) == 1
        assert retention.erase_old(now) == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.customer_name, young.customer_name) == ("Erased person", JOHN.name)
    call_command("verify", verbosity=0)


def test_what_was_moved_is_kept_as_long_as_what_it_became(cast: Cast, book: Book) -> None:
    first = book()
    second = services.reschedule(booking=first, start=after(days=1), actor=cast.lead, now=NOW).booking
    third = services.reschedule(booking=second, start=after(days=20), actor=cast.lead, now=NOW).booking
    with override_settings(RETENTION_DAYS=5):
        assert retention.erase_old(after(days=15)) == 0
        assert retention.erase_old(third.end_datetime + timedelta(days=5, minutes=1)) == 3


def test_who_takes_part_is_told_nothing_of_the_customer(cast: Cast, book: Book, outbox: Path) -> None:
    booking = book(participants=[Invitee("eve@customer.example", "Eve")])
    run_due(NOW)
    services.cancel(booking=booking, actor=cast.lead, now=NOW, reason="John is ill")
    text = as_text(export(actor=cast.admin, email="eve@customer.example", now=LATER))
    found = json.loads(text)
    assert found["bookings"][0]["role"] == "participant"
    assert [row["booking"] for row in found["told"]] == [booking.name]
    mails = found.pop("mails_in_the_outbox")
    assert mails
    assert not any(word in json.dumps(found) for word in ("john", "John", "555-123", "MFA"))


def test_the_address_that_stands_in_its_place_opens_nothing(cast: Cast, book: Book) -> None:
    booking = book()
    erase(cast)
    booking.refresh_from_db()
    with pytest.raises(Booking.DoesNotExist):
        admit(reference=booking.booking_reference, token="", email=booking.customer_email, client="x", now=LATER)


def test_notices_to_others_name_nobody_who_was_erased(cast: Cast, book: Book) -> None:
    payload = {"message": "x", "facts": {"dead": ["Mail to john@customer.example", "Mail to ada@customer.example"]}}
    row = Delivery.objects.create(
        key="n",
        kind="notice",
        payload=payload,
        recipient=cast.admin.email,
        created_at=NOW,
        due=LATER,
        note="550 John@customer.example",
    )
    erase(cast)
    row.refresh_from_db()
    assert row.payload["facts"]["dead"] == ["Personal data was erased.", "Mail to ada@customer.example"]
    assert (row.state, row.note, row.recipient) == ("ready", "Personal data was erased.", cast.admin.email)


def test_from_the_command_line(cast: Cast, book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    booking = book()
    call_command("privacy", "export", JOHN.email)
    assert json.loads(capsys.readouterr().out)["bookings"][0]["booking"] == booking.name
    with pytest.raises(CommandError, match="--also-cancel"):
        call_command("privacy", "erase", JOHN.email, "--yes")
    with pytest.raises(CommandError, match="Disable the account"):
        call_command("privacy", "erase", cast.sarah.email, "--yes")
    call_command("privacy", "erase", JOHN.email, "--yes", "--also-cancel")
    assert "Erased: 1 bookings" in capsys.readouterr().err
    assert not Booking.objects.filter(customer_email=JOHN.email).exists()


def test_what_was_kept_besides_is_gone(cast: Cast, book: Book) -> None:
    live(cast, book)
    erase(cast)
    for model in (BookingRequest, IdempotencyKey, Unsubscription):
        assert not model.objects.exists()
