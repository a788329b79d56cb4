"""Something done to many bookings: what is said first, what is done, once and each by itself, and what is said then."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import MeetingType
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User
from meeting_manager.workspace.choices import Verb
from meeting_manager.workspace.many.foreseen import words_for
from meeting_manager.workspace.many.verbs import DEEDS
from meeting_manager.workspace.models import BulkItem, BulkRun
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, block, events, executive, hosts
from tests.cast import Cast
from tests.notifications.mailroom import deliver
from tests.workspace.visits import signed_in, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def two(cast: Cast) -> list[Booking]:
    """Calls with Sarah on Tuesday, an hour apart, of two customers."""
    return [
        services.book(
            meeting_type=cast.call,
            start=TUESDAY_TEN + hours * HOUR,
            customer=Customer(f"Customer {hours}", f"{hours}@customer.example"),
            host=cast.sarah,
            actor=cast.lead,
            now=NOW,
        ).booking
        for hours in (0, 1)
    ]


def address(verb: str, bookings: list[Booking], more: str = "") -> str:
    picks = "&".join(f"pick={booking.booking_reference}" for booking in bookings)
    return f"/workspace/bulk/{verb}/?{picks}{more}"


def hidden(page: "Response", name: str) -> str:
    (value,) = re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return str(value)


def confirm(client: Client, there: str, **more: str) -> "Response":
    """Press the button of the page that asks, and follow to the result."""
    page = client.get(there)
    return client.post(there, {name: hidden(page, name) for name in ("chosen", "key")} | more, follow=True)


def begin_past(bookings: list[Booking]) -> None:
    """As if they had begun an hour ago."""
    start = timezone.now() - HOUR
    for number, booking in enumerate(bookings):
        moved = {"start_datetime": start - number * HOUR, "end_datetime": start - number * HOUR + HOUR / 2}
        Booking.objects.filter(pk=booking.pk).update(**moved)


# What is said first


def test_the_page_says_what_will_happen_and_changes_nothing(cast: Cast, two: list[Booking]) -> None:
    deliver()
    before = Delivery.objects.count()
    seen = text(signed_in(cast.lead).get(address("cancel", two)))
    assert "Cancel 2 bookings?" in seen
    assert "6 mails will go out, to 4 people" in seen
    assert "Customer: booking cancelled (2)" in seen
    assert "Host: booking cancelled (2)" in seen
    assert Delivery.objects.count() == before
    assert {booking.booking_status for booking in Booking.objects.all()} == {"Confirmed"}


@pytest.mark.parametrize("verb", ["cancel", "reassign", "approve", "complete"])
def test_the_mails_foretold_are_the_mails_that_go_out(cast: Cast, two: list[Booking], book: Book, verb: str) -> None:
    bookings = two
    if verb == "complete":
        MeetingType.objects.update(thank_you_mail=True)
        begin_past(two)
    if verb == "approve":
        bookings = [book(meeting_type=executive(cast), start=TUESDAY_TEN + n * HOUR) for n in (3, 4)]
    deliver()
    client, there = signed_in(cast.lead), address(verb, bookings)
    seen = text(client.get(there))
    known = set(Delivery.objects.values_list("pk", flat=True))
    confirm(client, there, words="Because")
    deliver(timezone.now() + timedelta(minutes=1))
    sent = Delivery.objects.exclude(pk__in=known).filter(kind="mail")
    people = set(sent.values_list("recipient", flat=True))
    assert sent.exists()
    assert f"{sent.count()} mails will go out, to {len(people)} " in seen


def test_what_can_not_be_done_is_named_with_the_reason(cast: Cast, two: list[Booking]) -> None:
    services.cancel(booking=two[0], actor=cast.lead, now=NOW)
    seen = text(signed_in(cast.lead).get(address("cancel", two)))
    assert "Cancel 1 booking?" in seen
    assert "1 other can’t be changed" in seen
    assert "Cannot change booking status from 'Cancelled' to 'Cancelled'." in seen
    none = text(signed_in(cast.lead).get(address("complete", two)))
    assert "None of these bookings can be changed in this way." in none
    assert "Cannot mark a future booking as 'Completed'." in none


def put_into(booking: Booking, status: str) -> Booking:
    """A booking in any status, as the database may have it."""
    now = timezone.now()
    cancelled = now if status == BookingStatus.CANCELLED else None
    Booking.objects.filter(pk=booking.pk).update(booking_status=status, cancelled_at=cancelled)
    return Booking.objects.get(pk=booking.pk)


@pytest.mark.parametrize("verb", [verb for verb in DEEDS if verb != Verb.REASSIGN])
@pytest.mark.parametrize("is_past", [False, True])
def test_what_is_foreseen_is_what_the_service_says(cast: Cast, book: Book, verb: str, is_past: bool) -> None:
    deed = DEEDS[verb]
    plain, asking = book(), book(meeting_type=executive(cast), start=TUESDAY_TEN + HOUR)
    if is_past:
        begin_past([plain, asking])
    wrong = []
    for booking, statuses in (
        (plain, BookingStatus.values),
        (asking, [s for s in BookingStatus.values if s != "Confirmed"]),
    ):
        for status in statuses:
            for who in (cast.lead, cast.mike):
                current = put_into(booking, status)
                foreseen, told = refusal_of(deed.check, current, who, timezone.now()), said_by(verb, current, who)
                if foreseen != told:
                    wrong.append(f"{status} by {who.email}: {foreseen!r}, not {told!r}")
    assert wrong == []


def refusal_of(check: object, *arguments: object) -> str:
    try:
        check(*arguments)  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001 - that is the answer
        return words_for(error)
    return ""


def said_by(verb: str, booking: Booking, who: User) -> str:
    """What the service says, with everything undone afterwards."""
    run = BulkRun(user=who, verb=verb, words="Because")
    with transaction.atomic():
        told = refusal_of(DEEDS[verb].service, run, BulkItem(booking=booking), timezone.now())
        transaction.set_rollback(True)
    return told


def test_all_that_fit_the_filters_are_meant_where_that_is_ticked(cast: Cast, two: list[Booking], book: Book) -> None:
    book(start=TUESDAY_TEN + timedelta(days=1))
    seen = text(signed_in(cast.lead).get("/workspace/bulk/cancel/?all=1&period=all&q=1@customer"))
    assert "Cancel 1 booking?" in seen
    assert "Cancel 3 bookings?" in text(signed_in(cast.lead).get("/workspace/bulk/cancel/?all=1&period=all"))


def test_more_than_can_be_done_at_once_is_said(cast: Cast, two: list[Booking]) -> None:
    template = Booking.objects.get(pk=two[0].pk)
    rows = []
    for number in range(DEEDS["reassign"].most):
        template.pk, template.name, template.booking_reference = None, f"MM-MB-x-{number}", f"BK-X{number:07}"
        rows.append(
            Booking(**{f.attname: getattr(template, f.attname) for f in Booking._meta.fields if f.attname != "id"})
        )
    Booking.objects.bulk_create(rows)
    seen = text(signed_in(cast.admin).get("/workspace/bulk/reassign/?all=1&period=all"))
    assert "These are more than 300 bookings" in seen


def test_without_a_choice_the_page_says_how_to_choose(cast: Cast) -> None:
    client = signed_in(cast.lead)
    for query in ("", "?pick=BK-NOTTHERE", "?pick=%00", "?pick=BK-1&pick=x"):
        assert "No booking is chosen." in text(client.get(f"/workspace/bulk/cancel/{query}"))


def test_what_one_may_not_see_is_not_there(cast: Cast, two: list[Booking]) -> None:
    assert "No booking is chosen." in text(signed_in(cast.mike).get(address("cancel", two)))
    forged = {"chosen": two[0].booking_reference, "key": str(uuid4())}
    signed_in(cast.mike).post(address("cancel", two), forged)
    two[0].refresh_from_db()
    assert two[0].booking_status == "Confirmed"


def test_hosts_do_what_is_theirs_to_do(cast: Cast, two: list[Booking]) -> None:
    client = signed_in(cast.sarah)
    for verb, status in (("reassign", 403), ("approve", 403), ("reject", 403), ("delete", 404), ("cancel", 200)):
        assert client.get(address(verb, two)).status_code == status


def test_a_preview_costs_no_queries_for_each_booking(cast: Cast, two: list[Booking], book: Book) -> None:
    client, three = signed_in(cast.lead), [*two, book(start=TUESDAY_TEN + timedelta(days=1))]

    def cost(verb: str, bookings: list[Booking]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(verb, bookings)).status_code == 200
        return len(queries)

    assert cost("cancel", two[:1]) == cost("cancel", three)
    assert cost("reassign", two[:1]) == cost("reassign", three)


# What is done


def test_cancelling_tells_the_reason_and_the_result(cast: Cast, two: list[Booking]) -> None:
    answer = confirm(signed_in(cast.lead), address("cancel", two), words="Power cut")
    assert "2 bookings cancelled" in text(answer)
    for booking in Booking.objects.all():
        assert (booking.booking_status, booking.cancellation_reason) == ("Cancelled", "Power cut")


def test_completing_takes_notes(cast: Cast, two: list[Booking]) -> None:
    begin_past(two)
    answer = confirm(signed_in(cast.sarah), address("complete", two), words="All went well")
    assert "2 bookings completed" in text(answer)
    assert "Completed" in events(two[1])


def test_rejecting_needs_a_reason_and_keeps_the_choice(cast: Cast, book: Book) -> None:
    waiting = book(meeting_type=executive(cast))
    client, there = signed_in(cast.lead), address("reject", [waiting])
    refused = confirm(client, there, words="  ")
    assert refused.status_code == 422
    assert "Rejection Reason is required when rejecting a booking." in text(refused)
    again = {name: hidden(refused, name) for name in ("chosen", "key")} | {"words": "Full"}
    assert "1 booking rejected" in text(client.post(there, again, follow=True))
    waiting.refresh_from_db()
    assert waiting.rejection_reason == "Full"


def test_the_assignment_finds_a_free_host_for_each(cast: Cast, two: list[Booking]) -> None:
    block(cast.mike, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    block(cast.jane, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    client, there = signed_in(cast.lead), address("reassign", two)
    assert "Reassign 2 bookings?" in text(client.get(there))
    confirm(client, there)
    assert hosts(two[0]) == ["lead"]
    assert hosts(two[1])[0] in {"mike", "jane"}


def test_a_chosen_host_gets_what_they_can_take_and_the_rest_says_why(cast: Cast, two: list[Booking]) -> None:
    block(cast.mike, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    client, there = signed_in(cast.lead), address("reassign", two, "&to=mike@bestsecurity.example")
    seen = text(client.get(there))
    assert "Reassign 1 booking?" in seen
    assert "User 'mike@bestsecurity.example' is not available at the selected time: " in seen
    confirm(client, there)
    assert (hosts(two[0]), hosts(two[1])) == (["sarah"], ["mike"])


def test_a_host_who_has_it_already_and_one_of_another_department_are_refused_in_words(
    cast: Cast, two: list[Booking]
) -> None:
    client = signed_in(cast.admin)
    seen = text(client.get(address("reassign", two, "&to=sarah@bestsecurity.example")))
    assert seen.count("Duplicate users found") == 2
    seen = text(client.get(address("reassign", two, "&to=outsider@bestsecurity.example")))
    assert "User 'outsider@bestsecurity.example' is not an active member of department 'Support'." in seen


def test_two_at_the_same_time_are_not_both_given_to_one_host(cast: Cast, two: list[Booking]) -> None:
    beside = services.book(
        meeting_type=cast.call, start=TUESDAY_TEN, customer=JOHN, host=cast.jane, actor=cast.lead, now=NOW
    ).booking
    seen = text(signed_in(cast.lead).get(address("reassign", [two[0], beside], "&to=mike@bestsecurity.example")))
    assert "Reassign 1 booking?" in seen
    assert "two meetings at once, with the others of these bookings" in seen


def test_where_nobody_is_free_each_colleague_is_named_with_the_reason(cast: Cast, two: list[Booking]) -> None:
    for who in (cast.mike, cast.jane, cast.lead):
        block(who, TUESDAY_TEN, TUESDAY_TEN + HOUR)
    seen = text(signed_in(cast.lead).get(address("reassign", two[:1])))
    assert "Nobody else is free: mike@bestsecurity.example:" in seen


# Once, and each by itself


def test_what_was_sent_twice_is_done_once(cast: Cast, two: list[Booking]) -> None:
    client, there = signed_in(cast.lead), address("cancel", two)
    page = client.get(there)
    sent = {name: hidden(page, name) for name in ("chosen", "key")}
    first, second = client.post(there, sent), client.post(there, sent)
    assert first["Location"] == second["Location"]
    assert BulkRun.objects.count() == 1
    assert "2 bookings cancelled" in text(client.get(second["Location"]))
    assert [events(booking).count("Cancelled") for booking in two] == [1, 1]


def test_one_that_fails_meanwhile_keeps_no_other_waiting(cast: Cast, two: list[Booking]) -> None:
    client, there = signed_in(cast.lead), address("cancel", two)
    page = client.get(there)
    services.cancel(booking=two[0], actor=cast.admin, now=NOW)
    sent = {name: hidden(page, name) for name in ("chosen", "key")}
    seen = client.post(there, sent, follow=True)
    assert "1 booking cancelled; 1 could not be changed" in text(seen)
    assert "Cannot change booking status from 'Cancelled' to 'Cancelled'." in text(seen)
    assert f'href="/workspace/bookings/{two[0].name}/"' in seen.content.decode()


def test_the_page_leads_back_to_where_one_came_from_and_nowhere_else(cast: Cast, two: list[Booking]) -> None:
    client = signed_in(cast.lead)
    ours = client.get(address("cancel", two, "&next=/workspace/approvals/")).content.decode()
    assert 'href="/workspace/approvals/"' in ours
    evil = client.get(address("cancel", two, "&next=https://evil.example/")).content.decode()
    assert 'href="https://evil.example' not in evil
