"""A customer books, and the right member gets it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import override_settings

from meeting_manager.bookings import services, times
from meeting_manager.bookings.errors import TAKEN, TimeTaken
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, events, executive, host_changes, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return error.value.message_dict


def test_a_guest_booking_is_confirmed_at_once_and_tells_its_story(book: Book) -> None:
    booking = Booking.objects.get(pk=book().pk)
    assert booking.name == "MM-MB-MM-MT-support-30-min-call-0001"
    assert re.fullmatch(r"BK-[A-Z0-9]{8}", booking.booking_reference)
    assert booking.booking_status == "Confirmed"
    assert booking.booking_date == NOW.date()
    assert booking.duration == 30
    assert booking.end_datetime - booking.start_datetime == timedelta(minutes=30)
    assert booking.meeting_title == "30 Min Call - John Doe"
    assert booking.customer_timezone == "America/New_York"
    assert booking.booking_source == "Public Booking Page"
    assert booking.created_by == system_user()
    assert events(booking) == ["Created", "Confirmed"]
    texts = list(booking.booking_history.values_list("event_description", flat=True))
    assert texts == [
        "Booking created by John Doe: 30 Min Call - John Doe",
        "Booking status changed from Pending to Confirmed",
    ]


def test_the_customer_becomes_an_external_participant(book: Book) -> None:
    row = book().participants.get()
    assert (row.participant_type, row.name1, row.email) == ("External", "John Doe", "john@customer.example")
    assert row.response_status == "Pending"


def test_the_place_comes_from_the_meeting_type_unless_the_details_say_otherwise(cast: Cast, book: Book) -> None:
    cast.call.video_meeting_url = "https://meet.example/support"
    cast.call.save()
    assert book().video_meeting_url == "https://meet.example/support"
    other = Details(title="In person", location_type="Physical Location", location="Room 4")
    moved = book(details=other)
    assert (moved.meeting_title, moved.location_type, moved.meeting_location) == (
        "In person",
        "Physical Location",
        "Room 4",
    )


def test_turns_go_round_and_the_counters_follow(cast: Cast, book: Book) -> None:
    starts = [after(hours=hour) for hour in range(6)]
    order = [hosts(book(start=start))[0] for start in starts]
    assert sorted(order[:4]) == ["jane", "lead", "mike", "sarah"]
    assert order[4:] == order[:2]
    rows = {row.member.email.split("@")[0]: row for row in DepartmentMember.objects.filter(department=cast.support)}
    assert rows[order[0]].total_assignments == 2
    assert rows[order[3]].total_assignments == 1


def test_turns_are_kept_apart_even_within_one_instant(cast: Cast, book: Book) -> None:
    order = [hosts(book(start=after(hours=index))) for index in range(4)]
    assert len({host for (host,) in order}) == 4


def test_a_full_time_is_refused_in_general_words_and_leaves_nothing(cast: Cast, book: Book) -> None:
    for _ in range(4):
        book()
    before = (Booking.objects.count(), BusyTime.objects.count())
    with pytest.raises(TimeTaken) as error:
        book()
    assert str(error.value) == TAKEN == "The selected time is no longer available. Please choose another time."
    assert (Booking.objects.count(), BusyTime.objects.count()) == before
    assert book(start=after(hours=1)).name.endswith("-0005")


def test_a_guest_takes_offered_starts_only(cast: Cast, book: Book) -> None:
    with pytest.raises(TimeTaken):
        book(start=after(minutes=10))
    by_staff = try_to_book(cast, actor=cast.lead, start=after(minutes=10)).booking
    assert by_staff.start_datetime == after(minutes=10)


def test_a_guest_cannot_stretch_a_meeting(book: Book) -> None:
    with pytest.raises(ValidationError) as error:
        book(end=after(hours=1))
    assert refused(error) == {"end_datetime": ["End DateTime must be 30 minutes after Start DateTime."]}


@pytest.mark.parametrize(
    ("start", "end", "field", "message"),
    [
        (after(hours=1), after(), "end_datetime", "End DateTime must be after Start DateTime."),
        (
            NOW - timedelta(days=1),
            None,
            "start_datetime",
            "Cannot create a booking in the past. Please select a future date and time.",
        ),
        (
            datetime(1789, 7, 14, tzinfo=UTC),
            None,
            "start_datetime",
            "Cannot create a booking in the past. Please select a future date and time.",
        ),
        (
            datetime(2789, 7, 14, tzinfo=UTC),
            None,
            "start_datetime",
            "Invalid datetime format for Start or End DateTime.",
        ),
    ],
)
def test_impossible_times_are_named(
    book: Book, start: datetime, end: datetime | None, field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as error:
        book(start=start, end=end)
    assert refused(error) == {field: [message]}


def test_the_customer_is_checked_whole_so_that_every_problem_shows_at_once(book: Book) -> None:
    with pytest.raises(ValidationError) as error:
        book(customer=Customer("  ", "nobody", "call me", "", "Mars/Olympus"))
    problems = refused(error)
    assert problems["customer_name"] == ["Customer Name is required for external bookings."]
    assert problems["customer_email"] == ["Invalid email format for Customer Email: 'nobody'"]
    assert problems["customer_phone"] == ["Invalid phone number format. Please provide a valid phone number."]
    assert "customer_timezone" in problems


def test_an_address_that_no_mail_server_could_write_to_is_refused(book: Book) -> None:
    with pytest.raises(ValidationError) as error:
        book(customer=Customer("Jörg", "jörg@customer.example"))
    assert refused(error) == {"customer_email": ["Invalid email format for Customer Email: 'jörg@customer.example'"]}


def test_an_international_domain_is_fine(book: Book) -> None:
    assert book(customer=Customer("Ada", "ada@münchen.example")).customer_email == "ada@münchen.example"


@pytest.mark.parametrize("phone", ["+1-555-123-4567", "(555) 123-4567", "555-123-4567", "+44 20 7123 4567", ""])
def test_the_founding_documents_phone_numbers_are_fine(book: Book, phone: str) -> None:
    assert book(customer=Customer("Jo", "jo@customer.example", phone)).customer_phone == phone


@pytest.mark.parametrize("phone", ["123-456", "call me", "555.123.4567", "١٢٣٤٥٦٧"])
def test_other_phone_numbers_are_not(book: Book, phone: str) -> None:
    with pytest.raises(ValidationError):
        book(customer=Customer("Jo", "jo@customer.example", phone))


def test_a_name_with_a_line_break_is_refused(book: Book) -> None:
    with pytest.raises(ValidationError) as error:
        book(customer=Customer("Jo\r\nBcc: all@customer.example", "jo@customer.example"))
    assert list(refused(error)) == ["customer_name"]


def test_inactive_and_internal_types_are_named(cast: Cast, book: Book) -> None:
    with pytest.raises(ValidationError) as error:
        book(meeting_type=cast.planning)
    assert refused(error)["meeting_type"] == [
        (
            "Meeting Type 'MM-MT-support-internal-planning' is not available for public bookings. "
            "Please select a meeting type that allows public bookings."
        )
    ]
    cast.call.is_active = False
    cast.call.save()
    with pytest.raises(ValidationError) as error:
        book()
    assert refused(error)["meeting_type"] == [
        "Meeting Type 'MM-MT-support-30-min-call' is not active. Please select an active meeting type."
    ]


def test_nothing_of_an_inactive_department_can_be_booked(cast: Cast, book: Book) -> None:
    cast.support.is_active = False
    cast.support.save()
    with pytest.raises(ValidationError, match="is not active"):
        book()


def test_staff_name_a_host_and_learn_why_it_cannot_be(cast: Cast, book: Book) -> None:
    named = try_to_book(cast, actor=cast.lead, host=cast.mike).booking
    assert hosts(named) == ["mike"]
    assert named.assignment_method == "Manual"
    with pytest.raises(TimeTaken) as error:
        try_to_book(cast, actor=cast.lead, host=cast.mike)
    assert str(error.value).startswith("User 'mike@bestsecurity.example' is not available at the selected time: ")
    with pytest.raises(TimeTaken, match="outside working hours on Tuesday 8 December 2026"):
        try_to_book(cast, actor=cast.lead, host=cast.mike, start=after(hours=10))


def test_notice_and_advance_are_refused_in_the_founding_words(cast: Cast) -> None:
    soon = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, host=cast.mike, start=soon, now=soon - timedelta(minutes=30))
    assert refused(error) == {
        "start_datetime": [
            (
                "Booking does not meet minimum notice requirement for user 'mike@bestsecurity.example'. "
                "Minimum notice is 2 hours."
            )
        ]
    }
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, host=cast.mike, start=TUESDAY_TEN + timedelta(days=70))
    assert refused(error) == {
        "start_datetime": [
            "Booking is too far in advance for user 'mike@bestsecurity.example'. Maximum advance booking is 60 days."
        ]
    }


def test_a_stranger_to_the_department_cannot_be_its_host(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, host=cast.outsider)
    assert "assigned_users" in refused(error)


def test_a_reason_forces_a_time_but_never_a_clash(cast: Cast) -> None:
    night = datetime(2026, 12, 8, 22, 0, tzinfo=UTC)
    forced = try_to_book(cast, actor=cast.lead, start=night, host=cast.jane, force_reason="Outage").booking
    assert hosts(forced) == ["jane"]
    assert forced.assignment_receipt["forced"] == "Outage"
    assert "Forced: Outage" in forced.booking_history.get(event_type="Created").event_description
    with pytest.raises(TimeTaken):
        try_to_book(cast, actor=cast.lead, start=night, host=cast.jane, force_reason="Outage")
    others = [hosts(try_to_book(cast, actor=cast.lead, start=night, force_reason="Outage").booking) for _ in range(3)]
    assert sorted(others) == [["lead"], ["mike"], ["sarah"]]
    with pytest.raises(TimeTaken):
        try_to_book(cast, actor=cast.lead, start=night, force_reason="Outage")


def test_only_those_who_decide_may_force_or_book_for_others(cast: Cast) -> None:
    for actor in (cast.sarah, cast.outsider):
        with pytest.raises(PermissionDenied):
            try_to_book(cast, actor=actor, host=cast.mike)
        with pytest.raises(PermissionDenied):
            try_to_book(cast, actor=actor, force_reason="Because")


def test_members_book_for_themselves_where_the_department_lets_them(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        try_to_book(cast, actor=cast.sarah)
    cast.support.members_may_book = True
    cast.support.save()
    assert hosts(try_to_book(cast, actor=cast.sarah).booking) == ["sarah"]
    with pytest.raises(PermissionDenied):
        try_to_book(cast, actor=cast.outsider)


def test_a_type_with_approval_waits_and_holds_its_time(cast: Cast, book: Book) -> None:
    booking = book(meeting_type=executive(cast))
    assert (booking.booking_status, booking.approval_status) == ("Pending", "Pending")
    assert events(booking) == ["Created"]
    assert BusyTime.objects.filter(booking=booking).count() == 1


def test_those_who_decide_approve_their_own_bookings_at_once(cast: Cast) -> None:
    booking = try_to_book(cast, actor=cast.admin, meeting_type=executive(cast)).booking
    assert (booking.booking_status, booking.approval_status) == ("Confirmed", "Approved")
    assert booking.approved_by == cast.admin
    assert events(booking) == ["Created", "Approved", "Confirmed"]


def test_repeated_no_shows_make_a_customer_wait_for_approval(cast: Cast, book: Book) -> None:
    first = book()
    services.mark_no_show(booking=first, actor=cast.admin, now=after(hours=1))
    with override_settings(NO_SHOW_BLOCK_AFTER=2):
        assert book(start=after(hours=1)).booking_status == "Confirmed"
    with override_settings(NO_SHOW_BLOCK_AFTER=1):
        waiting = book(start=after(hours=2), customer=Customer("J", "JOHN@customer.example"))
        assert (waiting.booking_status, waiting.requires_approval) == ("Pending", True)


def test_warnings_never_hold_a_booking_up(cast: Cast) -> None:
    warnings = try_to_book(cast, details=Details(video_url="")).warnings
    assert warnings == ("Video Meeting URL is recommended when Location Type is 'Video Call'.",)
    on_site = Details(location_type="Physical Location")
    assert try_to_book(cast, details=on_site).warnings == (
        "Meeting Location is recommended when Location Type is 'Physical Location'.",
    )


def test_a_video_address_must_be_one(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, details=Details(video_url="javascript:alert(1)"))
    assert refused(error) == {"video_meeting_url": ["Video Meeting URL must start with http:// or https://"]}


def test_rich_text_is_sanitised_when_written(cast: Cast) -> None:
    details = Details(description="<h3>Agenda</h3><script>alert(1)</script><b onclick='x()'>Go</b>")
    assert try_to_book(cast, details=details).booking.meeting_description == "<h3>Agenda</h3><b>Go</b>"


def test_further_participants_are_invited_once_each(cast: Cast) -> None:
    guests = [Invitee("ann@customer.example", "Ann"), Invitee(user=cast.sarah, participant_type="Internal")]
    booking = try_to_book(cast, actor=cast.lead, participants=guests).booking
    assert [row.email for row in booking.participants.all()] == [
        "john@customer.example",
        "ann@customer.example",
        "sarah@bestsecurity.example",
    ]
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, participants=[Invitee("John@Customer.example", "John")])
    assert refused(error) == {"participants": ["Duplicate participants found. Each participant email must be unique."]}


@pytest.mark.parametrize(
    ("invitee", "message"),
    [
        (Invitee("nobody", "N"), "Invalid email format for participant: 'nobody'"),
        (Invitee("a@customer.example", " "), "External participant must have a Name: 'a@customer.example'"),
        (
            Invitee("a@customer.example", participant_type="Internal"),
            "Internal participant must have a User selected: 'a@customer.example'",
        ),
    ],
)
def test_participants_are_checked_in_the_founding_words(cast: Cast, invitee: Invitee, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, participants=[invitee])
    assert refused(error) == {"participants": [message]}


def test_the_receipt_says_who_took_part_and_what_decided(cast: Cast, book: Book) -> None:
    book()
    receipt = book(start=after(hours=1)).assignment_receipt
    assert receipt["algorithm"] == "Round Robin"
    assert len(receipt["members"]) == 4
    assert all(member["free"] for member in receipt["members"])
    assert receipt["chosen"][0] in receipt["reason"]


def test_every_host_starts_with_an_assigned_entry(book: Book) -> None:
    booking = book()
    assert host_changes(booking) == [("Assigned", hosts(booking)[0])]


def test_whole_seconds_are_the_finest_unit(cast: Cast) -> None:
    fine = TUESDAY_TEN.replace(microsecond=999_999)
    assert try_to_book(cast, start=fine, actor=cast.lead).booking.start_datetime == TUESDAY_TEN


def test_a_day_long_booking_is_held_in_pieces_that_leave_no_gap(cast: Cast) -> None:
    start = after(hours=12)
    booking = try_to_book(
        cast, actor=cast.lead, host=cast.sarah, start=start, end=start + timedelta(hours=50), force_reason="Offsite"
    ).booking
    rows = list(BusyTime.objects.filter(booking=booking).order_by("starts").values_list("starts", "ends", "kind"))
    first = int(start.timestamp())
    day = 86_400
    assert rows == [
        (first, first + day, 1),
        (first + day, first + 2 * day, 2),
        (first + 2 * day, first + 2 * day + 7200, 2),
    ]
    with pytest.raises(TimeTaken):
        try_to_book(
            cast, actor=cast.lead, host=cast.sarah, start=start + timedelta(hours=49), force_reason="Squeezed in"
        )


@pytest.mark.parametrize("reason", ["  ", ""])
def test_a_blank_reason_forces_nothing(cast: Cast, reason: str) -> None:
    with pytest.raises(TimeTaken):
        try_to_book(cast, actor=cast.lead, start=after(hours=12), force_reason=reason)


def test_a_reason_that_no_database_could_keep_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        try_to_book(cast, actor=cast.lead, start=after(hours=12), force_reason="a\x00b")
    assert list(refused(error)) == ["force_reason"]


def test_a_forced_booking_still_prefers_whoever_is_free(cast: Cast, book: Book) -> None:
    for _ in range(3):
        book(start=after(hours=1))
    last = hosts(book(start=after(hours=1)))
    assert len(last) == 1
    services.cancel(booking=Booking.objects.latest("pk"), actor=cast.lead, now=NOW)
    forced = try_to_book(cast, actor=cast.lead, start=after(hours=1), force_reason="Urgent").booking
    assert hosts(forced) == last


def test_a_refusal_of_named_hosts_remembers_them_for_the_alternatives(cast: Cast) -> None:
    try_to_book(cast, actor=cast.lead, host=cast.sarah)
    with pytest.raises(TimeTaken) as error:
        try_to_book(cast, actor=cast.lead, host=cast.sarah)
    assert error.value.hosts == (cast.sarah.pk,)
    near = times.alternatives(meeting_type=cast.call, start=TUESDAY_TEN, now=NOW, hosts=error.value.hosts)
    assert [start for start, _ in near] == [after(minutes=-30), after(minutes=30), after(hours=-1)]


def test_a_customer_may_meet_several_hosts_and_each_of_them_is_counted(cast: Cast) -> None:
    both = [Host(cast.sarah, is_primary=True), Host(cast.mike)]
    booking = try_to_book(cast, actor=cast.lead, hosts=both).booking
    assert hosts(booking) == ["sarah", "mike"]
    assert [row.is_primary_host for row in booking.assigned_users.all()] == [True, False]
    assert BusyTime.objects.count() == 2
    rows = DepartmentMember.objects.filter(member__in=[cast.sarah, cast.mike])
    assert set(rows.values_list("total_assignments", flat=True)) == {1}
    with pytest.raises(TimeTaken, match=r"mike@bestsecurity\.example"):
        try_to_book(cast, actor=cast.lead, hosts=[Host(cast.jane, is_primary=True), Host(cast.mike)])
    with pytest.raises(ValidationError, match="Duplicate users found"):
        try_to_book(cast, actor=cast.lead, hosts=[Host(cast.jane, is_primary=True), Host(cast.jane)])
    with pytest.raises(ValidationError, match="must be marked as Primary Host"):
        try_to_book(cast, actor=cast.lead, hosts=[Host(cast.jane)])
