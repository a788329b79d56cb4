"""What was told of bookings, through the API."""

import pytest
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from tests.api.caller import Api
from tests.bookings.desk import NOW, Book, after
from tests.cast import Cast
from tests.workspace.owed import fail, owe


@pytest.fixture
def booking(cast: Cast, book: Book) -> Booking:
    """A call with Sarah that owes nothing yet."""
    made = book()
    Delivery.objects.all().delete()
    return made


def path(booking: Booking, *parts: object) -> str:
    return "/".join(["/bookings", booking.name, "deliveries", *map(str, parts)])


def test_a_delivery_says_what_to_whom_when_and_what_became_of_it(api: Api, cast: Cast, booking: Booking) -> None:
    failed = fail(1, about=booking.name, note="By hand")
    (row,) = api.get(path(booking), by=cast.sarah).body["results"]
    assert row == {
        "id": failed.pk,
        "kind": "mail",
        "what": "Customer: booking confirmed",
        "about": booking.name,
        "recipient": "ada@customer.example",
        "state": "dead",
        "attempts": 48,
        "created_at": "2025-12-08T07:00:00+00:00",
        "due": "2025-12-08T07:00:00+00:00",
        "finished_at": "2025-12-08T07:01:00+00:00",
        "last_error": "AdapterError: The mail server said: 451 Try later",
        "note": "By hand",
    }


def test_the_timeline_goes_back_through_moves_a_page_at_a_time(api: Api, cast: Cast, booking: Booking) -> None:
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.lead, now=NOW).booking
    Delivery.objects.all().delete()
    ids = [owe(1, about=booking.name).pk, owe(2, about=moved.name).pk]
    owe(3, about="MM-MB-other")
    first = api.get(f"{path(moved)}?limit=1", by=cast.lead).body
    second = api.get(f"{path(moved)}?limit=1&cursor={first['next_cursor']}", by=cast.lead).body
    assert [row["id"] for row in (*first["results"], *second["results"])] == ids
    assert second["next_cursor"] is None


@pytest.mark.parametrize(("verb", "state"), [("retry", "ready"), ("discard", "discarded")])
@pytest.mark.parametrize("who", ["admin", "lead"])
def test_deciders_retry_and_discard_what_failed(
    api: Api, cast: Cast, booking: Booking, verb: str, state: str, who: str
) -> None:
    failed = fail(1, about=booking.name)
    answer = api.post(path(booking, failed.pk, verb), by=getattr(cast, who))
    assert (answer.status, answer.body["state"], answer.body["id"]) == (200, state, failed.pk)
    assert Delivery.objects.get(pk=failed.pk).state == state


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_what_waits_after_a_failure_may_be_changed_too(api: Api, cast: Cast, booking: Booking, verb: str) -> None:
    waiting = owe(1, DeliveryState.READY, about=booking.name, failures=2)
    assert api.post(path(booking, waiting.pk, verb), by=cast.lead).status == 200


@pytest.mark.parametrize("verb", ["retry", "discard"])
@pytest.mark.parametrize("state", ["ready", "running", "done", "skipped", "discarded"])
def test_what_did_not_fail_is_left_alone(api: Api, cast: Cast, booking: Booking, state: str, verb: str) -> None:
    fine = owe(1, state, about=booking.name)
    answer = api.post(path(booking, fine.pk, verb), by=cast.lead)
    assert (answer.status, answer.body["detail"]) == (
        409,
        "It has not failed, or is being tried at this moment: it can be neither retried nor discarded.",
    )
    assert Delivery.objects.get(pk=fine.pk).state == state


@pytest.mark.parametrize("verb", ["retry", "discard"])
@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "1e3", "٣"])
def test_an_unknown_delivery_is_not_found(api: Api, cast: Cast, booking: Booking, number: str, verb: str) -> None:
    assert api.post(path(booking, number, verb), by=cast.lead).status == 404


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_a_delivery_of_another_booking_is_not_found_here(api: Api, cast: Cast, booking: Booking, verb: str) -> None:
    other = fail(1, about="MM-MB-other")
    assert api.post(path(booking, other.pk, verb), by=cast.admin).status == 404
    assert Delivery.objects.get(pk=other.pk).state == DeliveryState.DEAD


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_hosts_may_not_and_others_find_nothing(api: Api, cast: Cast, booking: Booking, verb: str) -> None:
    failed = fail(1, about=booking.name)
    people = (cast.sarah, cast.mike, cast.outsider, None)
    assert [api.post(path(booking, failed.pk, verb), by=who).status for who in people] == [403, 404, 404, 401]
    assert [api.get(path(booking), by=who).status for who in people] == [200, 404, 404, 401]
    assert Delivery.objects.get(pk=failed.pk).state == DeliveryState.DEAD


def test_leaders_list_what_is_about_their_departments_and_managers_all(
    api: Api, cast: Cast, booking: Booking, book: Book
) -> None:
    elsewhere = book(meeting_type=cast.consultation)
    Delivery.objects.all().delete()
    mine, theirs, nobodys = owe(1, about=booking.name), owe(2, about=elsewhere.name), owe(3, kind="tick")
    listed = {
        who: [row["id"] for row in api.get("/deliveries", by=getattr(cast, who)).body["results"]]
        for who in ("lead", "admin")
    }
    assert listed == {"lead": [mine.pk], "admin": [mine.pk, theirs.pk, nobodys.pk]}


def test_the_list_is_narrowed_by_state_and_kind(api: Api, cast: Cast) -> None:
    owe(1)
    failed, text = fail(2), fail(3, kind="sms")

    def ids(query: str) -> list[int]:
        return [row["id"] for row in api.get(f"/deliveries?{query}", by=cast.admin).body["results"]]

    assert ids("state=dead") == [failed.pk, text.pk]
    assert ids("state=dead&kind=sms") == [text.pk]
    assert ids("kind=pigeon") == []


def test_an_unknown_state_is_refused_with_those_there_are(api: Api, cast: Cast) -> None:
    answer = api.get("/deliveries?state=lost", by=cast.admin)
    assert answer.status == 422
    assert answer.fields["state"].endswith("ready, running, done, skipped, dead, discarded.")


def test_the_list_comes_in_pages(api: Api, cast: Cast) -> None:
    ids = [owe(number).pk for number in range(3)]
    first = api.get("/deliveries?limit=2", by=cast.admin).body
    second = api.get(f"/deliveries?limit=2&cursor={first['next_cursor']}", by=cast.admin).body
    assert [row["id"] for row in first["results"]] == ids[:2]
    assert ([row["id"] for row in second["results"]], second["next_cursor"]) == (ids[2:], None)


@pytest.mark.parametrize("who", ["admin", "lead"])
def test_the_number_of_deliveries_does_not_change_the_number_of_queries(
    api: Api, cast: Cast, booking: Booking, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = getattr(cast, who)
    api.token(user)
    counted = []
    for more in (range(1), range(1, 3)):
        for number in more:
            owe(number, about=booking.name)
        for address in ("/deliveries", path(booking)):
            with django_assert_max_num_queries(8) as context:
                api.get(address, by=user)
            counted.append(len(context))
    assert counted[:2] == counted[2:]
