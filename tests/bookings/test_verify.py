"""Whoever breaks the database behind the services' back is found out, and only what is broken is named."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters import guards
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.services import create_rule
from meeting_manager.bookings import guards as booking_guards
from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.models import AssignedUser, AssignmentHistory, Booking, BookingHistory, BookingTombstone
from meeting_manager.busy import guards as busy_guards
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import create_integration
from meeting_manager.departments.models import Department, DepartmentLogo, DepartmentMember, MeetingType
from meeting_manager.departments.services import set_logo
from meeting_manager.ledger.models import Delivery
from meeting_manager.names.models import NameCounter
from tests.bookings.desk import NOW, after, block, executive, try_to_book
from tests.cast import Cast
from tests.departments.pictures import picture


@dataclass(frozen=True)
class Office:
    """A database in which everything has happened once."""

    cast: Cast
    confirmed: Booking
    pending: Booking
    rejected: Booking
    moved: Booking
    successor: Booking
    completed: Booking
    missed: Booking
    internal: Booking
    event: CalendarEventSync


@pytest.fixture
def office(cast: Cast) -> Iterator[Office]:
    made = furnish(cast)
    assert verify() == []
    yield made
    if connection.vendor == "sqlite":
        execute("PRAGMA ignore_check_constraints = OFF")


def furnish(cast: Cast) -> Office:
    approval = executive(cast)
    confirmed = try_to_book(cast, start=after(hours=0)).booking
    services.reassign(booking=confirmed, new_user=cast.lead, now=NOW, reason="Knows them", actor=cast.lead)
    pending = try_to_book(cast, meeting_type=approval, start=after(hours=1)).booking
    rejected = try_to_book(cast, meeting_type=approval, start=after(hours=2)).booking
    services.reject(booking=rejected, reason="Not our field", now=NOW, actor=cast.lead)
    moved = try_to_book(cast, start=after(hours=3)).booking
    successor = services.reschedule(booking=moved, start=after(days=1), now=NOW, actor=cast.lead).booking
    completed, missed = (try_to_book(cast, start=after(hours=hour)).booking for hour in (4, 5))
    services.complete(booking=completed, now=after(days=1), actor=cast.lead)
    services.mark_no_show(booking=missed, now=after(days=1), actor=cast.lead)
    internal = services.book_internal(
        meeting_type=cast.planning,
        start=after(days=2),
        end=after(days=4),
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        force_reason="Offsite",
        now=NOW,
        actor=cast.lead,
    ).booking
    deleted = try_to_book(cast, start=after(hours=6)).booking
    services.delete(booking=deleted, now=NOW, actor=cast.admin)
    block(cast.jane, after(days=3), after(days=5))
    create_rule(actor=cast.jane, user=cast.jane, fields={"rule_name": "Mine", "is_default": True})
    create_rule(actor=cast.jane, user=cast.jane, fields={"rule_name": "Other"})
    create_integration(
        actor=cast.jane, user=cast.jane, fields={"integration_type": "CalDAV", "integration_name": "Private"}, now=NOW
    )
    rows = (confirmed, pending, rejected, moved, successor, completed, missed, internal)
    return Office(cast, *rows, CalendarEventSync.objects.get())


def verify() -> list[str]:
    """What the command names, one line each."""
    output = StringIO()
    with contextlib.suppress(CommandError):
        call_command("verify", stdout=output, stderr=StringIO())
    lines = output.getvalue().splitlines()
    return [] if "every invariant holds" in lines[-1] else lines


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def loosen(table: str) -> None:
    """Have the database no longer refuse anything about this table."""
    if connection.vendor == "sqlite":
        execute("PRAGMA ignore_check_constraints = ON")
        for guard in (*busy_guards.GUARDS, *booking_guards.GUARDS):
            for name, _ in guard.sqlite if guard.table == table else ():
                execute(f"DROP TRIGGER {name}")
        return
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x') AND conrelid = %s::regclass", [table]
        )
        constraints = [name for (name,) in cursor.fetchall()]
    for name in constraints:
        execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    if table in {guard.table for guard in booking_guards.GUARDS}:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def change(booking: Booking, **values: object) -> None:
    loosen("bookings_booking")
    Booking.objects.filter(pk=booking.pk).update(**values)


def named(record: object, *phrases: str) -> None:
    """Exactly one violation is found, of this record and with these words."""
    lines = verify()
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{record}: ")
    for phrase in phrases:
        assert phrase in lines[0]


Break = Callable[[Office], object]
BROKEN_FIELDS: dict[str, tuple[str, Break, str]] = {
    "duration": (
        "confirmed",
        lambda o: change(o.confirmed, duration=31),
        "Its duration is 31 minutes, but it lasts 30.",
    ),
    "reference": ("confirmed", lambda o: change(o.confirmed, booking_reference="BK-123"), "Its reference 'BK-123'"),
    "decision without a signature": (
        "rejected",
        lambda o: change(o.rejected, approved_by=None),
        "who made it, when, do not go together",
    ),
    "pending for nothing": (
        "pending",
        lambda o: change(o.pending, requires_approval=False, approval_status=""),
        "It is Pending, but awaits no decision.",
    ),
    "approval nobody asked for": (
        "missed",
        lambda o: change(o.missed, requires_approval=True),
        "Requires Approval and Approval Status do not go together",
    ),
    "rejection without a reason": ("rejected", lambda o: change(o.rejected, rejection_reason=""), "with a reason"),
    "cancellation without a time": (
        "rejected",
        lambda o: change(o.rejected, cancelled_at=None),
        "the time of its cancellation do not go together",
    ),
    "answers that nobody can read": (
        "pending",
        lambda o: change(o.pending, answers=[{"key": "roof", "label": "Roof", "type": "Text", "value": True}]),
        "Its answers are not a list of key, label, type and value, each question once.",
    ),
    "no primary host": (
        "confirmed",
        lambda o: AssignedUser.objects.filter(booking=o.confirmed).update(is_primary_host=False),
        "None of its hosts is the primary one.",
    ),
    "busy time lost": (
        "internal",
        lambda o: BusyTime.objects.filter(booking=o.internal, kind=2).order_by("pk")[0].delete(),
        "Its busy time is not what its status, hosts and span ask for",
    ),
    "busy time of a booking that is over": (
        "missed",
        lambda o: BusyTime.objects.create(
            booking=o.missed, user=o.cast.jane, starts=1_800_000_000, ends=1_800_000_060, kind=1
        ),
        "(1 rows, 0 due, 1 differ)",
    ),
    "busy time of the wrong kind": (
        "completed",
        lambda o: BusyTime.objects.filter(booking=o.completed).update(kind=1),
        "Its busy time is not what",
    ),
    "head of the chain": ("moved", lambda o: change(o.moved, history_head="0" * 64), "does not end at the head"),
}


@pytest.mark.parametrize("what", BROKEN_FIELDS)
def test_a_booking_that_contradicts_itself_is_named(office: Office, what: str) -> None:
    which, break_it, phrase = BROKEN_FIELDS[what]
    break_it(office)
    named(getattr(office, which), phrase)


def test_a_host_with_two_bookings_at_one_time_is_found_without_the_busy_table(office: Office) -> None:
    loosen("busy_busytime")
    span = {"start_datetime": office.confirmed.start_datetime, "end_datetime": office.confirmed.end_datetime}
    AssignedUser.objects.filter(booking=office.successor).update(user=office.cast.lead)
    change(office.successor, **span)
    overlaps = [line for line in verify() if "overlaps" in line]
    assert len(overlaps) == 1
    assert f"overlaps {office.confirmed.name}, and 'lead@bestsecurity.example' hosts both." in overlaps[0]


def test_a_booking_that_ends_before_it_starts_is_named(office: Office) -> None:
    BusyTime.objects.filter(booking=office.rejected).delete()
    change(office.rejected, end_datetime=F("start_datetime") - timedelta(hours=1))
    named(office.rejected, "It ends before it starts.")


def test_a_time_that_is_no_whole_second_is_named(office: Office) -> None:
    start = office.missed.start_datetime + timedelta(milliseconds=250)
    change(office.missed, start_datetime=start)
    named(office.missed, "not a whole second")


def test_a_booking_without_hosts_is_named(office: Office) -> None:
    AssignedUser.objects.filter(booking=office.missed).delete()
    lines = verify()
    assert len(lines) == 2
    assert "It has no host. Assign one, or cancel it." in lines[0]
    assert "but its assignment history leads to" in lines[1]


def test_a_host_whom_history_does_not_know_is_named(office: Office) -> None:
    AssignedUser.objects.filter(booking=office.missed).update(user=office.cast.lead)
    named(office.missed, f"Its hosts are users [{office.cast.lead.pk}], but its assignment history leads to")


def test_a_status_that_history_does_not_lead_to_is_named(office: Office) -> None:
    change(office.missed, booking_status="Confirmed")
    lines = verify()
    assert any("Its status is Confirmed, but its history ends in No-Show." in line for line in lines)
    assert all(line.startswith(office.missed.name) for line in lines)
    assert len(lines) == 2


def test_a_moved_booking_that_lives_on_is_named(office: Office) -> None:
    """Its history and busy time disagree as well, which is said too."""
    change(office.moved, booking_status="Pending", requires_approval=True, approval_status="Pending")
    assert f"{office.moved.name}: It is Pending, but was moved to {office.successor.name}." in "\n".join(verify())


def test_a_moved_booking_without_a_successor_is_named(office: Office) -> None:
    BookingTombstone.objects.all().delete()
    Booking.objects.filter(pk=office.successor.pk).update(rescheduled_from=None)
    named(office.moved, "there is no booking that it was moved to, nor was one deleted")


def test_a_moved_booking_may_lose_its_successor_to_a_deletion(office: Office) -> None:
    services.delete(booking=office.successor, actor=office.cast.admin, now=NOW)
    assert verify() == []


def test_a_gap_in_the_history_is_named(office: Office) -> None:
    BookingHistory.objects.filter(booking=office.confirmed, event_type="Assignment Changed").delete()
    named(office.confirmed, "Its history should have the entries 1 to 7, but has [1, 2, 3, 4, 5, 6].")


def test_a_history_that_does_not_begin_with_created_is_named(office: Office) -> None:
    loosen("bookings_bookinghistory")
    BookingHistory.objects.filter(booking=office.pending, sequence=1).update(event_type="Details Updated")
    lines = [line for line in verify() if not line.startswith("guard")]
    assert len(lines) == 2
    assert "Entry 1 of its history was changed: its hash is another." in lines[0]
    assert "Its history does not begin with Created." in lines[1]


def test_an_illegal_change_in_the_history_is_named(office: Office) -> None:
    loosen("bookings_bookinghistory")
    BookingHistory.objects.filter(booking=office.rejected, event_type="Rejected").update(event_type="Completed")
    lines = "\n".join(verify())
    assert f"{office.rejected.name}: Its history goes from Pending to Completed, which is not legal." in lines


def test_a_changed_text_is_named_and_an_erased_one_is_not(office: Office) -> None:
    BookingHistory.objects.filter(booking=office.confirmed, sequence=1).update(event_description="", salt="")
    assert verify() == []
    BookingHistory.objects.filter(booking=office.pending, sequence=1).update(event_description="Nothing happened")
    named(office.pending, "The text of entry 1 of its history was changed.")


def test_an_entry_that_does_not_follow_the_one_before_is_named(office: Office) -> None:
    loosen("bookings_assignmenthistory")
    AssignmentHistory.objects.filter(booking=office.pending).update(previous_hash="f" * 64)
    lines = [line for line in verify() if not line.startswith("guard")]
    assert any("does not follow the one before it." in line for line in lines)
    assert all(line.startswith(office.pending.name) for line in lines)


def test_a_name_of_another_type_is_named(office: Office) -> None:
    MeetingType.objects.filter(pk=office.cast.planning.pk).update(name="MM-MT-support-other")
    named(office.internal, "The document name should be MM-MB-MM-MT-support-other-#### with a number.")


def test_a_counter_behind_a_number_in_use_is_named(office: Office) -> None:
    prefix = f"MM-MB-{office.cast.call.name}"
    NameCounter.objects.filter(prefix=prefix).update(last_number=5)
    named(f"name counter {prefix}", "The counter stands at 5, but number 6 is in use.")


def test_a_deleted_name_in_use_is_named(office: Office) -> None:
    BookingTombstone.objects.update(name=office.confirmed.name)
    named(office.confirmed, "A deleted booking had this document name or reference.")


@pytest.mark.parametrize("guard", [*busy_guards.GUARDS, *booking_guards.GUARDS], ids=lambda guard: guard.name)
def test_a_missing_guard_is_named(office: Office, guard: guards.Guard) -> None:
    name, _ = guard.statements(connection.vendor)[0]
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER {name}")
    elif guard in busy_guards.GUARDS:
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"ALTER TABLE {guard.table} DROP CONSTRAINT {name}")
    else:
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"DROP TRIGGER {name} ON {guard.table}")
    named(f"guard {name}", "Run `meeting-manager migrate`, which puts it back.")


def test_a_leader_who_is_no_member_is_named(office: Office) -> None:
    Department.objects.filter(pk=office.cast.support.pk).update(department_leader=office.cast.admin)
    named(office.cast.support, "Its leader 'admin@bestsecurity.example' is not an active member.")


def test_a_department_without_active_members_is_named(office: Office) -> None:
    DepartmentMember.objects.filter(department=office.cast.sales).update(is_active=False)
    named(office.cast.sales, "It has no active member.")


def test_names_of_the_wrong_kind_are_named(office: Office) -> None:
    Department.objects.filter(pk=office.cast.sales.pk).update(name="Sales")
    named("Sales", "does not begin as one of its kind does")


def test_counters_of_a_member_that_do_not_go_together_are_named(office: Office) -> None:
    DepartmentMember.objects.filter(member=office.cast.outsider).update(total_assignments=3)
    named("MM-DEPT-sales, member outsider@bestsecurity.example", "3 assignments do not go with the time")


def test_balances_that_do_not_add_up_are_named(office: Office) -> None:
    DepartmentMember.objects.filter(member=office.cast.jane).update(weighted_balance=2)
    named(office.cast.support, "The balances of Weighted add up to 2 instead of 0.")


def test_a_logo_that_is_not_what_its_digest_says_is_named(office: Office) -> None:
    set_logo(actor=office.cast.lead, department=office.cast.support, content=picture(), content_type="image/png")
    assert verify() == []
    DepartmentLogo.objects.update(content=picture("GIF"))
    named("MM-DEPT-support, logo", "The picture is not what its digest says.")


def test_two_default_rules_are_named(office: Office) -> None:
    execute("DROP INDEX one_default_rule_for_user")
    AvailabilityRule.objects.update(is_default=True)
    named("jane@bestsecurity.example", "This user has 2 default availability rules.")


def test_two_primary_calendars_are_named(office: Office) -> None:
    execute("DROP INDEX one_active_primary_calendar")
    CalendarIntegration.objects.update(is_primary=True)
    named("jane@bestsecurity.example", "This user has 2 active primary calendars.")


def test_an_event_without_its_busy_time_is_named(office: Office) -> None:
    BusyTime.objects.filter(event=office.event).delete()
    named(office.event, "It blocks, but no busy time is kept for it.")


def test_an_event_that_blocks_too_little_is_named(office: Office) -> None:
    BusyTime.objects.filter(event=office.event).order_by("-starts")[0].delete()
    named(office.event, "Its busy time is not the time of the event.")


def test_an_event_that_blocks_somebody_else_is_named(office: Office) -> None:
    BusyTime.objects.filter(event=office.event).update(user=office.cast.mike)
    named(office.event, "Its busy time is another user's.")


def test_an_event_shown_as_free_that_blocks_is_named(office: Office) -> None:
    CalendarEventSync.objects.update(is_blocking_availability=False)
    named(office.event, "It does not block, but busy time is kept for it.")


def test_a_delivery_nobody_would_finish_is_named(office: Office) -> None:
    loosen("ledger_delivery")
    delivery = Delivery.objects.create(
        key="k", kind="mail", payload={}, state="running", attempt=1, owner="w", created_at=NOW, due=NOW
    )
    named(f"delivery {delivery.pk} (k)", "It is running without a lease")


def test_a_delivery_without_a_kind_and_of_no_state_is_named(office: Office) -> None:
    loosen("ledger_delivery")
    Delivery.objects.create(key="k", kind="", payload=[], state="odd", created_at=NOW, due=NOW)
    lines = verify()
    assert len(lines) == 3
    assert all("delivery" in line for line in lines)


def test_ten_bookings_cost_as_many_queries_as_one(cast: Cast) -> None:
    try_to_book(cast, start=after(hours=0))
    with CaptureQueriesContext(connection) as few:
        assert verify() == []
    for hour in range(9):
        try_to_book(cast, start=after(days=1 + hour // 5, hours=hour % 5))
    with CaptureQueriesContext(connection) as many:
        assert verify() == []
    assert len(many) == len(few)


def test_a_reference_to_nothing_is_named(office: Office) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL enforces references by itself, at any time")
    row = AssignedUser.objects.create(booking_id=987_654, user=office.cast.jane, assigned_at=NOW, assigned_by_id=1)
    lines = [line for line in verify() if line.startswith("bookings_assigneduser row")]
    row.delete()
    assert len(lines) == 1
    assert "It refers to a row of bookings_booking that is not there." in lines[0]
