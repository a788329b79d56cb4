"""What staff do to one booking on its pages: by role, by rule, and what a refusal leaves behind."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host, Invitee
from meeting_manager.bookings.models import Booking, BookingTombstone
from tests.bookings.desk import JOHN, block, hosts
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db


def _ten() -> datetime:
    """Ten o'clock on a weekday in a week or more."""
    day = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


@pytest.fixture
def call(cast: Cast) -> Booking:
    """Sarah's."""
    return services.book(
        meeting_type=cast.call, start=_ten(), customer=JOHN, host=cast.sarah, actor=cast.lead, now=timezone.now()
    ).booking


@pytest.fixture
def past(cast: Cast) -> Booking:
    """One of Sarah's that was held two weeks ago, on a weekday."""
    start = _ten() - timedelta(days=21)
    return services.book(
        meeting_type=cast.call,
        start=start,
        customer=JOHN,
        host=cast.sarah,
        actor=cast.lead,
        now=start - timedelta(days=2),
    ).booking


def _at(booking: Booking, part: str = "") -> str:
    return f"/workspace/bookings/{booking.name}/{part}"


def _status(booking: Booking) -> str:
    return Booking.objects.get(pk=booking.pk).booking_status


PARTS = ("cancel/", "reschedule/", "reassign/", "edit/", "delete/", "invite/")


@pytest.mark.parametrize(
    ("who", "open_to_them"),
    [
        ("admin", set(PARTS)),
        ("lead", set(PARTS) - {"delete/"}),
        ("sarah", set(PARTS) - {"delete/", "reassign/"}),
        ("mike", set()),
        ("outsider", set()),
    ],
)
def test_each_act_is_open_to_those_whom_the_rules_name(
    cast: Cast, call: Booking, who: str, open_to_them: set[str]
) -> None:
    client = signed_in(getattr(cast, who))
    assert {part for part in PARTS if client.get(_at(call, part)).status_code == 200} == open_to_them
    if open_to_them:
        page = client.get(_at(call)).content.decode()
        assert {part for part in PARTS if part in page and _at(call, part) in page} == open_to_them


def test_a_host_cancels_with_a_reason_and_comes_back_to_where_they_were(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.sarah)
    answer = client.post(_at(call, "cancel/?next=/workspace/find/"), {"reason": "Ill"})
    assert answer["Location"] == "/workspace/find/"
    call.refresh_from_db()
    assert (call.booking_status, call.cancellation_reason) == ("Cancelled", "Ill")
    assert client.get(_at(call, "cancel/"))["Location"] == _at(call)


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(cast: Cast, call: Booking, away: str) -> None:
    assert signed_in(cast.sarah).post(_at(call, f"cancel/?next={away}"))["Location"] == _at(call)


def test_what_was_held_is_completed_and_corrected_and_what_is_to_come_is_not(
    cast: Cast, call: Booking, past: Booking
) -> None:
    client = signed_in(cast.sarah)
    client.post(_at(past, "complete/"), {"notes": "Fine"})
    assert _status(past) == "Completed"
    client.post(_at(past, "no-show/"))
    assert _status(past) == "No-Show"
    told = text(client.post(_at(call, "complete/"), follow=True))
    assert "This cannot be done now: the booking is “Confirmed”." in told
    assert _status(call) == "Confirmed"


def test_reassigning_shows_who_is_free_and_why_others_are_not(cast: Cast, call: Booking) -> None:
    block(cast.mike, call.start_datetime, call.end_datetime)
    client = signed_in(cast.lead)
    page = client.get(_at(call, "reassign/"))
    assert [one.user.email.split("@")[0] for one in page.context["free"]] == ["jane", "lead"]
    assert "Give it to Jane" in text(page)
    assert "Mike has" in text(page) or "calendar" in text(page)
    answer = client.post(_at(call, "reassign/"), {"new_user": cast.jane.email}, follow=True)
    assert "Jane has the booking now." in text(answer)
    assert hosts(call) == ["jane"]


def test_a_refused_reassignment_says_why_and_keeps_what_was_typed(cast: Cast, call: Booking) -> None:
    block(cast.mike, call.start_datetime, call.end_datetime)
    given = {"new_user": cast.mike.email, "reassignment_reason": "Knows the customer", "force_reason": "He asked"}
    answer = signed_in(cast.lead).post(_at(call, "reassign/"), given)
    assert answer.status_code in {409, 422}
    assert "Knows the customer" in answer.content.decode()
    assert hosts(call) == ["sarah"]


def test_a_leader_sets_hours_aside_with_a_reason(cast: Cast, call: Booking) -> None:
    late = call.start_datetime.replace(hour=20)
    given = {"start_datetime": late.strftime("%Y-%m-%dT%H:%M"), "minutes": "30", "reason": ""}
    client = signed_in(cast.lead)
    refused = client.post(_at(call, "reschedule/"), given)
    assert refused.status_code == 409
    assert "The nearest times that are free" in text(refused)
    client.post(_at(call, "reschedule/"), given | {"force_reason": "The customer is in Tokyo"})
    assert _status(call) == "Rescheduled"
    sarah = signed_in(cast.sarah)
    new = Booking.objects.get(rescheduled_from=call)
    earlier = given | {"start_datetime": late.replace(hour=21).strftime("%Y-%m-%dT%H:%M"), "force_reason": "I may"}
    assert sarah.post(_at(new, "reschedule/"), earlier).status_code == 403


def test_an_offered_time_moves_the_booking_and_leads_to_the_new_one(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.sarah)
    page = client.get(_at(call, "reschedule/"), {"day": call.start_datetime.date().isoformat()})
    times = page.context["times"]
    assert len(times) == 16
    answer = client.post(_at(call, "reschedule/"), {"slot": times[0].value})
    new = Booking.objects.get(rescheduled_from=call)
    assert answer["Location"] == _at(new)
    assert hosts(new) == ["sarah"]


def test_times_at_which_another_host_would_take_it_are_marked(cast: Cast, call: Booking) -> None:
    block(cast.sarah, call.start_datetime.replace(hour=9), call.start_datetime)
    page = signed_in(cast.lead).get(_at(call, "reschedule/"))
    assert [time.stays for time in page.context["times"][:3]] == [False, False, True]


@pytest.mark.parametrize("day", ["", "yesterday", "1800-01-01", "9999-12-31"])
def test_whatever_day_is_asked_for_there_is_a_page(cast: Cast, call: Booking, day: str) -> None:
    assert signed_in(cast.lead).get(_at(call, "reschedule/"), {"day": day}).status_code == 200


def test_editing_changes_what_was_changed_and_shows_what_is_refused(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.sarah)
    given = client.get(_at(call, "edit/")).context["form"].initial | {"customer_name": "John B. Doe"}
    client.post(_at(call, "edit/"), given)
    call.refresh_from_db()
    assert call.customer_name == "John B. Doe"
    assert (
        call.booking_history.order_by("-sequence")[0].event_description == "customer name: 'John Doe' → 'John B. Doe'"
    )
    answer = client.post(_at(call, "edit/"), given | {"customer_email": "nobody"})
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()


def test_what_a_colleague_changed_meanwhile_is_not_written_back(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.sarah)
    opened = client.get(_at(call, "edit/")).context["form"].initial
    given = opened | {f"initial-{name}": value for name, value in opened.items()}
    services.edit(booking=call, changes={"customer_phone": "+1 555 0100"}, actor=cast.lead, now=timezone.now())
    client.post(_at(call, "edit/"), given | {"customer_notes": "Bring the plans"})
    call.refresh_from_db()
    assert (call.customer_phone, call.customer_notes) == ("+1 555 0100", "Bring the plans")


def test_a_second_click_is_told_that_it_is_done_already(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.lead)
    client.post(_at(call, "cancel/"))
    assert "This cannot be done now: the booking is “Cancelled”." in text(
        client.post(_at(call, "cancel/"), follow=True)
    )
    for who, part in (("sarah", "reassign/"), ("lead", "delete/")):
        assert signed_in(getattr(cast, who)).post(_at(call, part)).status_code == 403


def test_deleting_is_asked_for_twice_and_leaves_a_tombstone(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.admin)
    assert client.post(_at(call, "delete/"), {"reference": "BK-WRONG"}).status_code == 422
    client.post(_at(call, "delete/"), {"reference": call.booking_reference.lower()})
    assert not Booking.objects.filter(pk=call.pk).exists()
    assert BookingTombstone.objects.get().booking_reference == call.booking_reference


def test_somebody_is_invited_and_taken_off(cast: Cast, call: Booking) -> None:
    client = signed_in(cast.sarah)
    client.post(_at(call, "invite/"), {"email": cast.mike.email})
    assert call.participants.get(email=cast.mike.email).user == cast.mike
    assert client.post(_at(call, "invite/"), {"email": cast.mike.email}).status_code == 422
    client.post(_at(call, "uninvite/"), {"email": cast.mike.email})
    assert not call.participants.filter(email=cast.mike.email).exists()
    answer = client.post(_at(call, "uninvite/"), {"email": JOHN.email}, follow=True)
    assert "The customer takes part in any case." in text(answer)


@pytest.fixture
def meeting(cast: Cast) -> Booking:
    """A planning of the leader's, to which the outsider is invited."""
    start = _ten()
    return services.book_internal(
        meeting_type=cast.planning,
        start=start,
        end=start + timedelta(hours=1),
        hosts=[Host(cast.lead, is_primary=True)],
        participants=[Invitee(cast.outsider.email, "", cast.outsider, "Internal")],
        actor=cast.lead,
        now=timezone.now(),
    ).booking


def test_an_invited_colleague_reads_the_meeting_and_answers(cast: Cast, meeting: Booking) -> None:
    client: Client = signed_in(cast.outsider)
    page = text(client.get(_at(meeting)))
    assert "Will you come?" in page
    assert "History" not in page
    client.post(_at(meeting, "answer/"), {"response": "Declined"})
    assert meeting.participants.get(user=cast.outsider).response_status == "Declined"
    assert client.get(_at(meeting, "edit/")).status_code == 404
    assert client.post(_at(meeting, "answer/"), {"response": "Perhaps"}, follow=True).status_code == 200
    assert signed_in(cast.mike).get(_at(meeting)).status_code == 404


def test_the_leader_reads_why_this_host_was_chosen(cast: Cast) -> None:
    booked = services.book(
        meeting_type=cast.call, start=_ten(), customer=JOHN, actor=cast.lead, now=timezone.now()
    ).booking
    page = text(signed_in(cast.lead).get(_at(booked)))
    assert "Why this host" in page
    assert "sarah@bestsecurity.example has never been assigned" in page
    assert "Why this host" not in text(signed_in(cast.sarah).get(_at(booked)))
