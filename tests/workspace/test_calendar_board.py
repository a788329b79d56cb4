"""The calendar of staff: who sees what in it, and what dragging does."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from meeting_manager.availability.services import create_rule
from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Details, Host
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.people.models import User
from meeting_manager.workspace.calendar_board import moves
from tests.bookings.desk import Book, block, executive, hosts
from tests.cast import Cast
from tests.mailserver import MailServer, sending_to
from tests.notifications.mailroom import deliver, forget, messages
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

CALENDAR = "/workspace/calendar/"
HALF = timedelta(minutes=30)
CountQueries = Callable[..., Any]


@pytest.fixture
def ten() -> datetime:
    """A Tuesday at ten, one to two weeks from now; pages read the clock themselves."""
    today = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 + (1 - today.weekday()) % 7)


@pytest.fixture
def call(book: Book, ten: datetime) -> Booking:
    """A call with Sarah at ten."""
    return book(start=ten, now=timezone.now())


def wall(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat(timespec="seconds")


def feed(user: User, day: datetime, **query: str) -> dict[str, Any]:
    answer = signed_in(user).get(f"{CALENDAR}feed/", {"date": f"{day:%Y-%m-%d}", **query})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def columns(told: dict[str, Any]) -> list[str]:
    return [each["title"] for each in told["resources"]]


def found(told: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in told["events"] if kind in each["classNames"]]


def of(told: dict[str, Any], kind: str, user: User) -> list[tuple[str, str, str]]:
    mine = [each for each in found(told, kind) if each["resourceIds"] == [str(user.pk)]]
    return [(each.get("title", ""), each["start"][11:16], each["end"][11:16]) for each in mine]


def drop(user: User, booking: Booking, start: datetime, end: datetime, **more: str) -> tuple[int, dict[str, Any]]:
    fields = {"start": wall(start), "end": wall(end), **more}
    answer = signed_in(user).post(f"{CALENDAR}{booking.name}/drop/", fields)
    return answer.status_code, answer.json()


def undo(user: User, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = signed_in(user).post(told["undo"]["address"], told["undo"]["fields"])
    return answer.status_code, answer.json()


def standing_booking() -> Booking:
    return Booking.objects.exclude(booking_status="Rescheduled").get()


# Who sees what


def test_the_workspace_begins_with_the_calendar(cast: Cast) -> None:
    assert signed_in(cast.sarah).get("/workspace/")["Location"] == CALENDAR


def test_leaders_have_a_column_for_each_of_their_hosts_and_members_one_of_their_own(
    cast: Cast, call: Booking, ten: datetime
) -> None:
    told = feed(cast.lead, ten)
    assert columns(told) == ["Sarah", "Mike", "Jane", "Lead"]
    (event,) = found(told, "booking")
    assert (event["id"], event["title"]) == (call.name, "30 Min Call - John Doe")
    assert (event["start"], event["end"]) == (wall(ten), wall(ten + HALF))
    assert event["extendedProps"]["status"] == "Confirmed"
    assert event["editable"] is True
    own = feed(cast.sarah, ten)
    assert (columns(own), len(found(own, "booking"))) == (["Sarah"], 1)
    other = feed(cast.mike, ten)
    assert (columns(other), found(other, "booking")) == (["Mike"], [])
    assert columns(feed(cast.admin, ten)) == ["Outsider", "Sarah", "Mike", "Jane", "Lead"]


def test_a_host_who_has_left_the_department_keeps_a_column_while_there_are_bookings(
    cast: Cast, call: Booking, ten: datetime
) -> None:
    cast.support.members.filter(member=cast.sarah).update(is_active=False)
    assert columns(feed(cast.lead, ten)) == ["Mike", "Jane", "Lead", "Sarah"]
    assert columns(feed(cast.lead, ten + timedelta(days=1))) == ["Mike", "Jane", "Lead"]


def test_titles_of_outside_events_are_read_by_their_owner_alone(cast: Cast, ten: datetime) -> None:
    block(cast.sarah, ten, ten + HALF)
    assert of(feed(cast.sarah, ten), "busy", cast.sarah) == [("Dentist", "10:00", "10:30")]
    for other in (cast.lead, cast.admin):
        answer = signed_in(other).get(f"{CALENDAR}feed/", {"date": f"{ten:%Y-%m-%d}"})
        assert b"Dentist" not in answer.content
        assert of(answer.json(), "busy", cast.sarah) == [("Busy", "10:00", "10:30")]


def test_what_a_filter_leaves_out_still_takes_its_hosts_time(cast: Cast, call: Booking, ten: datetime) -> None:
    told = feed(cast.lead, ten, type=executive(cast).name)
    assert found(told, "booking") == []
    assert of(told, "busy", cast.sarah) == [("Busy", "10:00", "10:30")]
    assert of(feed(cast.lead, ten), "busy", cast.sarah) == []


def test_outside_working_hours_each_column_is_shaded(cast: Cast, ten: datetime) -> None:
    override = {"date": f"{ten:%Y-%m-%d}", "available": True, "reason": "Late"}
    create_rule(
        actor=cast.mike,
        user=cast.mike,
        fields={"rule_name": "Late", "is_default": True},
        date_overrides=[override | {"custom_hours_start": "12:00", "custom_hours_end": "20:00"}],
    )
    told = feed(cast.lead, ten)
    assert of(told, "closed", cast.sarah) == [("", "00:00", "09:00"), ("", "17:00", "00:00")]
    assert of(told, "closed", cast.mike) == [("", "00:00", "12:00"), ("", "20:00", "00:00")]


def test_a_week_shows_hours_where_it_is_one_persons(cast: Cast, ten: datetime) -> None:
    block(cast.sarah, ten, ten + HALF)
    alone = feed(cast.lead, ten, view="week", member=cast.sarah.email)
    assert columns(alone) == ["Sarah"]
    assert len(found(alone, "closed")) == 6, "from Monday to Friday the mornings and nights, which meet, and a weekend"
    assert len(found(alone, "busy")) == 1
    assert not found(feed(cast.lead, ten, view="week"), "busy")


def test_times_are_those_of_the_readers_clocks(cast: Cast, call: Booking, ten: datetime) -> None:
    cast.lead.settings.timezone = "Asia/Kolkata"
    cast.lead.settings.save()
    (event,) = found(feed(cast.lead, ten), "booking")
    assert event["start"] == wall(ten + timedelta(hours=5, minutes=30))


# Filters


def test_department_member_type_and_status_narrow_what_is_shown(cast: Cast, call: Booking, ten: datetime) -> None:
    def shown(**query: str) -> int:
        return len(found(feed(cast.admin, ten, **query), "booking"))

    assert shown(department="support") == shown(type=cast.call.name) == shown(member=cast.sarah.email) == 1
    assert shown(department="sales") == shown(type=cast.planning.name) == shown(member=cast.mike.email) == 0
    assert shown(status="Confirmed") == 1
    services.cancel(booking=call, actor=cast.lead, now=timezone.now())
    assert (shown(), shown(status="Cancelled"), shown(status="every")) == (0, 1, 1)
    assert columns(feed(cast.admin, ten, department="sales")) == ["Outsider"]


def test_what_is_no_choice_counts_as_not_given(cast: Cast, call: Booking, ten: datetime) -> None:
    told = feed(cast.lead, ten, department="sales", member="\x00", type="x", status="x", view="year")
    assert len(found(told, "booking")) == 1
    assert signed_in(cast.lead).get(CALENDAR, {"date": "9999-12-31"}).status_code == 200
    assert signed_in(cast.lead).get(CALENDAR, {"date": "1900-01-01"}).status_code == 200


def test_without_script_the_page_lists_the_period(cast: Cast, call: Booking, ten: datetime) -> None:
    for view in ("day", "week", "month", "list"):
        page = signed_in(cast.lead).get(CALENDAR, {"date": f"{ten:%Y-%m-%d}", "view": view})
        assert "30 Min Call - John Doe Sarah Confirmed" in text(page), view
    empty = signed_in(cast.lead).get(CALENDAR, {"date": f"{ten + timedelta(days=1):%Y-%m-%d}"})
    assert "No bookings in this period." in text(empty)


def test_a_month_goes_on_to_the_next_and_back(cast: Cast) -> None:
    page = signed_in(cast.lead).get(CALENDAR, {"date": "2027-01-31", "view": "month"}).content.decode()
    assert "date=2027-02-01" in page
    assert "date=2026-12-31" in page


# Cost, and what others change


@pytest.mark.parametrize("view", ["day", "list"])
def test_the_feed_asks_as_much_for_three_bookings_as_for_one(
    cast: Cast, book: Book, ten: datetime, view: str, django_assert_max_num_queries: CountQueries
) -> None:
    browser = signed_in(cast.lead)
    query = {"date": f"{ten:%Y-%m-%d}", "view": view}
    counts = []
    for number in (1, 2):
        for each in range(number):
            book(start=ten + number * timedelta(hours=1) + each * HALF, now=timezone.now())
            block(cast.mike, ten + (number + each) * HALF, ten + (number + each + 1) * HALF)
        with django_assert_max_num_queries(19) as fed:
            browser.get(f"{CALENDAR}feed/", query)
        with django_assert_max_num_queries(12) as shown:
            browser.get(CALENDAR, query)
        counts.append((len(fed), len(shown)))
    assert counts[0] == counts[1]


def test_who_has_the_current_version_is_told_so_until_something_changes(
    cast: Cast, call: Booking, ten: datetime, django_assert_max_num_queries: CountQueries
) -> None:
    browser, query = signed_in(cast.lead), {"date": f"{ten:%Y-%m-%d}"}

    def version() -> str:
        return str(browser.get(f"{CALENDAR}feed/", query)["ETag"])

    first = version()
    with django_assert_max_num_queries(12):
        assert browser.get(f"{CALENDAR}feed/", query, headers={"If-None-Match": first}).status_code == 304
    services.reassign(booking=call, new_user=cast.mike, actor=cast.admin, now=timezone.now())
    assert browser.get(f"{CALENDAR}feed/", query, headers={"If-None-Match": first}).status_code == 200
    second = version()
    block(cast.jane, ten, ten + HALF)
    third = version()
    services.reschedule(booking=call, start=ten + timedelta(days=1), actor=cast.admin, now=timezone.now())
    assert len({first, second, third, version()}) == 4


# Dragging


def test_one_question_answers_for_all_hosts_in_the_engines_words(cast: Cast, call: Booking, ten: datetime) -> None:
    block(cast.mike, ten, ten + HALF)
    query = {"start": wall(ten), "end": wall(ten + HALF)}
    told = signed_in(cast.lead).get(f"{CALENDAR}{call.name}/hosts/", query).json()["hosts"]
    assert told[cast.sarah.email] == told[cast.jane.email] == []
    (reason,) = told[cast.mike.email]
    assert reason.startswith("busy with a calendar event from 10:00 to 10:30")
    assert "Dentist" not in json.dumps(told)


def test_questions_about_no_time_are_refused(cast: Cast, call: Booking, ten: datetime) -> None:
    browser, address = signed_in(cast.lead), f"{CALENDAR}{call.name}/hosts/"
    assert browser.get(address, {"start": "x", "end": wall(ten)}).status_code == 422
    assert browser.get(address, {"start": wall(ten), "end": wall(ten - HALF)}).status_code == 422


def test_dropped_in_another_column_it_is_reassigned_and_can_be_taken_back(
    cast: Cast, call: Booking, ten: datetime
) -> None:
    people = {"host": cast.mike.email, "former": cast.sarah.email}
    status, told = drop(cast.lead, call, ten, ten + HALF, **people)
    assert (status, hosts(call)) == (200, ["mike"])
    assert told["said"] == "“30 Min Call - John Doe” is with Mike now."
    assert undo(cast.lead, told)[0] == 200
    assert hosts(call) == ["sarah"]


def test_dragged_along_it_is_moved_and_keeps_its_host(cast: Cast, call: Booking, ten: datetime) -> None:
    later = ten + timedelta(hours=2)
    status, told = drop(cast.sarah, call, later, later + HALF)
    assert status == 200
    moved = standing_booking()
    assert (moved.start_datetime, hosts(moved)) == (later, ["sarah"])
    assert undo(cast.sarah, told)[0] == 200
    back = standing_booking()
    assert (back.start_datetime, back.end_datetime, hosts(back)) == (ten, ten + HALF, ["sarah"])


def test_stretched_it_gets_another_end(cast: Cast, call: Booking, ten: datetime) -> None:
    assert drop(cast.lead, call, ten, ten + 2 * HALF)[0] == 200
    assert (standing_booking().duration, hosts(standing_booking())) == (60, ["sarah"])


def test_dragged_along_and_aside_it_gets_both(cast: Cast, call: Booking, ten: datetime) -> None:
    people = {"host": cast.mike.email, "former": cast.sarah.email}
    status, told = drop(cast.lead, call, ten + HALF, ten + 2 * HALF, **people)
    assert (status, hosts(standing_booking())) == (200, ["mike"])
    assert undo(cast.lead, told)[0] == 200
    assert (standing_booking().start_datetime, hosts(standing_booking())) == (ten, ["sarah"])


def test_a_refused_drop_says_why_and_changes_nothing(cast: Cast, call: Booking, ten: datetime) -> None:
    people = {"host": cast.mike.email, "former": cast.sarah.email}
    block(cast.mike, ten, ten + HALF)
    status, told = drop(cast.lead, call, ten, ten + HALF, **people)
    assert status in {409, 422}
    assert "busy with a calendar event from 10:00 to 10:30" in told["why"]
    night = ten + timedelta(hours=10)
    assert "outside working hours" in drop(cast.lead, call, night, night + HALF)[1]["why"]
    assert drop(cast.lead, call, ten, ten + HALF) == (409, {"why": "This booking is there already."})
    assert (hosts(call), standing_booking().start_datetime) == (["sarah"], ten)


def test_members_may_not_give_their_bookings_away(cast: Cast, call: Booking, ten: datetime) -> None:
    people = {"host": cast.mike.email, "former": cast.sarah.email}
    status, told = drop(cast.sarah, call, ten, ten + HALF, **people)
    assert (status, hosts(call)) == (403, ["sarah"])
    assert told["why"] == "Only a department leader or a System Manager may reassign bookings."


def test_what_others_cannot_see_they_cannot_drop(cast: Cast, call: Booking, ten: datetime) -> None:
    for part in ("", "hosts/"):
        assert signed_in(cast.outsider).get(f"{CALENDAR}{call.name}/{part}").status_code == 404
    assert signed_in(cast.outsider).post(f"{CALENDAR}{call.name}/drop/").status_code == 404


def test_a_drop_of_what_somebody_else_has_moved_meanwhile_is_refused(cast: Cast, call: Booking, ten: datetime) -> None:
    services.reschedule(booking=call, start=ten + HALF, actor=cast.admin, now=timezone.now())
    status, told = drop(cast.lead, call, ten + 2 * HALF, ten + 3 * HALF)
    assert (status, told["why"]) == (409, "Cannot change booking status from 'Rescheduled' to 'Rescheduled'.")


def test_a_move_out_of_the_notice_can_be_taken_back_by_those_who_decide(cast: Cast, book: Book, ten: datetime) -> None:
    booking, now = book(start=ten, now=ten - timedelta(days=3)), ten - timedelta(minutes=45)
    away = moves.Drop(booking, ten + timedelta(hours=4), ten + timedelta(hours=4.5), None, None)
    done = moves.drop(away, actor=cast.lead, now=now, zone="UTC", is_undo=False)
    back = moves.Drop(done.booking, ten, ten + HALF, None, None)
    with pytest.raises(Exception, match="minimum notice"):
        moves.drop(back, actor=cast.lead, now=now, zone="UTC", is_undo=False)
    with pytest.raises(Exception, match="minimum notice"):
        moves.drop(back, actor=cast.sarah, now=now, zone="UTC", is_undo=True)
    moves.drop(back, actor=cast.lead, now=now, zone="UTC", is_undo=True)
    assert standing_booking().start_datetime == ten


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_is_told_to_nobody(cast: Cast, call: Booking, ten: datetime) -> None:
    with MailServer() as server, sending_to(server):
        deliver(timezone.now())
        assert messages()["john"] == "customer_booked"
        forget(server)
        _, told = drop(cast.lead, call, ten, ten + HALF, host=cast.mike.email, former=cast.sarah.email)
        undo(cast.lead, told)
        _, told = drop(cast.lead, call, ten + HALF, ten + 2 * HALF)
        deliver(timezone.now())
        undo(cast.lead, told)
        deliver(timezone.now() + timedelta(minutes=1))
        assert (messages(), server.received) == ({}, [])
        drop(cast.lead, standing_booking(), ten + HALF, ten + 2 * HALF)
        deliver(timezone.now() + timedelta(minutes=1))
        assert messages()["john"] == "customer_rescheduled"


# The dialog


def actions(user: User, booking: Booking) -> list[str]:
    page = text(signed_in(user).get(f"{CALENDAR}{booking.name}/", {"next": "/workspace/calendar/?view=week"}))
    known = ("Approve", "Reject…", "Move…", "Reassign…", "It took place…", "Did not come…", "Edit…", "Cancel…")
    return [each for each in known if each in page]


def test_a_booking_opens_with_what_is_legal_and_allowed_to_its_reader(
    cast: Cast, call: Booking, book: Book, ten: datetime
) -> None:
    assert actions(cast.lead, call) == ["Move…", "Reassign…", "Edit…", "Cancel…"]
    assert actions(cast.sarah, call) == ["Move…", "Edit…", "Cancel…"]
    asked = book(start=ten, meeting_type=executive(cast), now=timezone.now())
    assert actions(cast.lead, asked) == ["Approve", "Reject…", "Move…", "Reassign…", "Edit…", "Cancel…"]
    past = ten - timedelta(days=21)
    over = book(start=past, now=past - timedelta(days=3))
    assert actions(cast.lead, over) == ["Move…", "It took place…", "Did not come…", "Edit…", "Cancel…"]
    services.cancel(booking=over, actor=cast.lead, now=timezone.now())
    assert actions(cast.lead, over) == []


def test_its_actions_lead_back_to_the_calendar_and_nowhere_else(cast: Cast, call: Booking) -> None:
    browser, address = signed_in(cast.lead), f"{CALENDAR}{call.name}/"
    page = browser.get(address, {"next": "/workspace/calendar/?view=week"}).content.decode()
    assert f"/workspace/bookings/{call.name}/reassign/?next=%2Fworkspace%2Fcalendar%2F%3Fview%3Dweek" in page
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert "evil" not in browser.get(address, {"next": elsewhere}).content.decode()


def test_what_is_approved_from_the_calendar_leads_back_to_it(cast: Cast, book: Book, ten: datetime) -> None:
    asked = book(start=ten, meeting_type=executive(cast), now=timezone.now())
    answer = signed_in(cast.lead).post(f"/workspace/bookings/{asked.name}/approve/?next={CALENDAR}")
    assert (answer.status_code, answer["Location"]) == (302, CALENDAR)


def test_an_internal_meeting_stands_in_the_columns_of_all_its_hosts(cast: Cast, ten: datetime) -> None:
    services.book_internal(
        meeting_type=cast.planning,
        start=ten,
        end=ten + HALF,
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        details=Details(title="Plan"),
        source="Internal System",
        actor=cast.lead,
        now=timezone.now(),
    )
    (event,) = found(feed(cast.lead, ten), "booking")
    assert event["resourceIds"] == [str(cast.sarah.pk), str(cast.mike.pk)]
    (own,) = found(feed(cast.mike, ten), "booking")
    assert own["resourceIds"] == [str(cast.mike.pk)]


def test_an_inactive_department_is_still_its_leaders(cast: Cast, call: Booking, ten: datetime) -> None:
    Department.objects.filter(pk=cast.support.pk).update(is_active=False)
    assert len(found(feed(cast.lead, ten, department="support"), "booking")) == 1
