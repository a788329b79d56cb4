"""The list of deliveries: what of it who sees, and what they may do about what failed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from tests.bookings.desk import Book
from tests.cast import Cast
from tests.workspace.owed import LONG_AGO, fail, owe
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

LIST = "/workspace/deliveries/"
FAILED = f"{LIST}failed/"


@pytest.fixture
def booking(book: Book) -> Booking:
    made = book()
    Delivery.objects.all().delete()  # whatever it owed; each test says what there is
    return made


@pytest.fixture
def elsewhere(cast: Cast, booking: Booking, book: Book) -> Booking:
    """A booking of Sales, whose only decider is the System Manager."""
    made = book(meeting_type=cast.consultation)
    Delivery.objects.all().delete()
    return made


def state_of(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


@pytest.mark.parametrize(("who", "status"), [("admin", 200), ("lead", 200), ("sarah", 403), ("outsider", 403)])
def test_the_list_is_for_system_managers_and_leaders(cast: Cast, who: str, status: int) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(LIST).status_code == status
    assert client.get(f"{FAILED}retry/").status_code == status
    assert client.get(f"{FAILED}discard/").status_code == status


def test_leaders_see_what_is_about_bookings_of_their_departments(
    cast: Cast, booking: Booking, elsewhere: Booking
) -> None:
    owe(1, about=booking.name, recipient="one@x.example")
    owe(2, about=elsewhere.name, recipient="two@x.example")
    owe(3, recipient="three@x.example")
    leader, manager = (text(signed_in(who).get(LIST)) for who in (cast.lead, cast.admin))
    assert "one@x.example" in leader
    assert "two@x.example" not in leader
    assert "three@x.example" not in leader
    assert all(name in manager for name in ("one@x.example", "two@x.example", "three@x.example"))


def test_a_line_tells_what_to_whom_when_and_what_became_of_it(cast: Cast, booking: Booking) -> None:
    fail(1, about=booking.name)
    page = signed_in(cast.lead).get(LIST)
    for told in (
        "Customer: booking confirmed",
        "ada@customer.example",
        "Failed",
        "The mail server said: 451 Try later",
        "8 December 2025, 07:01",
        "48 attempts",
        booking.name,
    ):
        assert told in text(page)
    assert f'href="/workspace/bookings/{booking.name}/"' in page.content.decode()


def test_periodic_work_that_went_well_is_shown_to_those_who_ask_for_it(cast: Cast) -> None:
    owe(1, kind="tick", message="", about="forget expired sessions", recipient="")
    fail(2, kind="tick", message="", about="owe reminders that fell due", recipient="")
    client = signed_in(cast.admin)
    everything, ticks = client.get(LIST), client.get(f"{LIST}?kind=tick")
    assert "forget expired sessions" not in text(everything)
    assert "owe reminders that fell due" in text(everything)
    assert "Periodic work forget expired sessions" in text(ticks)
    assert "/workspace/bookings/MM-" not in ticks.content.decode()


def test_errors_are_shown_as_text(cast: Cast) -> None:
    fail(1, last_error="<script>alert(1)</script>", note="<b>note</b>", recipient="<i>@x.example")
    html = signed_in(cast.admin).get(LIST).content.decode()
    assert "&lt;script&gt;" in html
    for raw in ("<script>alert", "<b>note", "<i>@"):
        assert raw not in html


def test_an_empty_list_names_the_next_step(cast: Cast) -> None:
    seen = signed_in(cast.admin).get(LIST)
    assert "Nothing was told yet." in text(seen)
    assert 'href="/book"' in seen.content.decode()
    assert "failed" not in text(seen).partition("State")[0]


def test_filters_narrow_the_list_and_stay_in_the_form(cast: Cast, booking: Booking) -> None:
    owe(1, recipient="done@x.example")
    fail(2, recipient="dead@x.example")
    owe(3, kind="sms", message="", recipient="+49 30 1", about=booking.name)
    client = signed_in(cast.admin)
    by_state, by_kind = client.get(f"{LIST}?state=dead"), client.get(f"{LIST}?kind=sms")
    by_booking, by_recipient = client.get(f"{LIST}?q={booking.name[-6:]}"), client.get(f"{LIST}?q=DONE@")
    assert "dead@x.example" in text(by_state)
    assert "done@x.example" not in text(by_state)
    assert '<option value="dead" selected>' in by_state.content.decode()
    assert ("+49 30 1" in text(by_kind), "x.example" in text(by_kind)) == (True, False)
    assert ("+49 30 1" in text(by_booking), "x.example" in text(by_booking)) == (True, False)
    assert ("done@x.example" in text(by_recipient), "dead@x.example" in text(by_recipient)) == (True, False)
    nothing = client.get(f"{LIST}?q=nobody")
    assert "No delivery fits." in text(nothing)
    assert f'href="{LIST}"' in nothing.content.decode()


def test_what_waits_too_long_comes_longest_first(cast: Cast) -> None:
    now = timezone.now()
    owe(1, DeliveryState.READY, recipient="b@x.example", at=now - timedelta(hours=1))
    owe(2, DeliveryState.READY, recipient="a@x.example", at=now - timedelta(hours=2))
    owe(3, DeliveryState.READY, recipient="later@x.example", at=now + timedelta(hours=1))
    owe(4, recipient="done@x.example", at=now - timedelta(hours=3))
    seen = text(signed_in(cast.admin).get(f"{LIST}?state=overdue"))
    assert seen.index("a@x.example") < seen.index("b@x.example")
    assert "later@x.example" not in seen
    assert "done@x.example" not in seen


@pytest.mark.parametrize("query", ["state=lost", "kind=pigeon", "q=%00", "state=dead&q=" + "x" * 400])
def test_a_filter_that_makes_no_sense_is_told_and_nothing_is_done_with_it(cast: Cast, query: str) -> None:
    failed = fail(1)
    client = signed_in(cast.admin)
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 422
    assert "There is a problem" in text(page)
    assert client.post(f"{FAILED}discard/?{query}", {"as_of": timezone.now().isoformat()}).status_code == 404
    assert state_of(failed) == "dead"


def test_newest_come_first_and_a_long_list_has_pages(cast: Cast) -> None:
    for number in range(51):
        owe(number, recipient=f"r{number}@x.example")
    client = signed_in(cast.admin)
    first, second = client.get(f"{LIST}?kind=mail"), client.get(f"{LIST}?kind=mail&page=2")
    assert text(first).index("r50@") < text(first).index("r49@")
    assert "r0@" not in text(first)
    assert "r0@" in text(second)
    assert 'href="?kind=mail&amp;page=2"' in first.content.decode()
    assert 'href="?kind=mail&amp;page=1"' in second.content.decode()
    assert "There is nothing on this page." in text(client.get(f"{LIST}?page=9"))


@pytest.mark.parametrize("who", ["admin", "lead"])
def test_the_number_of_deliveries_does_not_change_the_number_of_queries(
    cast: Cast, booking: Booking, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(getattr(cast, who))
    owe(1, about=booking.name)
    with django_assert_max_num_queries(7) as one:
        client.get(LIST)
    fail(2, about=booking.name)
    fail(3, about=booking.name)
    with django_assert_max_num_queries(7) as three:
        client.get(LIST)
    assert len(one) == len(three)


def test_what_failed_is_counted_on_top(cast: Cast, booking: Booking) -> None:
    fail(1, about=booking.name)
    fail(2)
    assert "1 delivery failed and is not tried any more." in text(signed_in(cast.lead).get(LIST))
    assert "2 deliveries failed and are not tried any more." in text(signed_in(cast.admin).get(LIST))


@pytest.mark.parametrize("who", ["admin", "lead"])
@pytest.mark.parametrize(("verb", "state"), [("retry", "ready"), ("discard", "discarded")])
def test_one_that_failed_is_retried_or_discarded(cast: Cast, booking: Booking, who: str, verb: str, state: str) -> None:
    failed = fail(1, about=booking.name)
    client = signed_in(getattr(cast, who))
    answer = client.post(f"{LIST}{failed.pk}/{verb}/?state=dead&kind=mail")
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?state=dead&kind=mail")
    assert state_of(failed) == state
    assert 'class="notice"' in client.get(answer["Location"]).content.decode()


def test_after_a_retry_it_is_due_at_once_with_all_its_attempts(cast: Cast) -> None:
    failed = fail(1)
    before = timezone.now()
    signed_in(cast.admin).post(f"{LIST}{failed.pk}/retry/")
    failed.refresh_from_db()
    assert (failed.failures, failed.finished_at) == (0, None)
    assert before <= failed.due <= timezone.now()


@pytest.mark.parametrize("state", ["done", "skipped", "running", "ready", "discarded"])
@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_what_did_not_fail_stays_as_it_is_and_the_page_says_so(cast: Cast, state: str, verb: str) -> None:
    fine = owe(1, state)
    client = signed_in(cast.admin)
    assert "/retry/" not in client.get(LIST).content.decode()
    answer = client.post(f"{LIST}{fine.pk}/{verb}/", follow=True)
    assert "Nothing was changed" in text(answer)
    assert state_of(fine) == state


def test_one_that_waits_for_its_next_attempt_can_be_discarded(cast: Cast) -> None:
    waiting = owe(1, DeliveryState.READY, failures=3)
    client = signed_in(cast.admin)
    assert f"{LIST}{waiting.pk}/discard/" in client.get(LIST).content.decode()
    client.post(f"{LIST}{waiting.pk}/discard/")
    assert state_of(waiting) == "discarded"


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_nobody_touches_what_is_not_theirs(cast: Cast, elsewhere: Booking, verb: str) -> None:
    others, nobodys = fail(1, about=elsewhere.name), fail(2)
    told = {
        who: [signed_in(user).post(f"{LIST}{each}/{verb}/").status_code for each in (others.pk, nobodys.pk, "0", "x")]
        for who, user in (("lead", cast.lead), ("sarah", cast.sarah), ("outsider", cast.outsider), ("nobody", None))
    }
    assert told == {"lead": [404] * 4, "sarah": [403] * 4, "outsider": [403] * 4, "nobody": [302] * 4}
    assert {state_of(others), state_of(nobodys)} == {"dead"}


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "9" * 30, "٣"])
def test_an_unknown_number_is_not_found(cast: Cast, number: str) -> None:
    assert signed_in(cast.admin).post(f"{LIST}{number}/retry/").status_code == 404


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_looking_changes_nothing(cast: Cast, verb: str) -> None:
    failed = fail(1)
    client = signed_in(cast.admin)
    assert client.get(f"{LIST}{failed.pk}/{verb}/").status_code == 405
    assert client.get(f"{FAILED}{verb}/").status_code == 200
    assert state_of(failed) == "dead"


@pytest.mark.parametrize("path", ["{}{}/retry/", "{}{}/discard/", "{}failed/retry/", "{}failed/discard/"])
def test_a_form_from_another_site_is_refused(cast: Cast, path: str) -> None:
    failed = fail(1)
    client = signed_in(cast.admin, checks_csrf=True)
    answer = client.post(path.format(LIST, failed.pk), {"as_of": timezone.now().isoformat()})
    assert answer.status_code == 403
    assert state_of(failed) == "dead"


def confirmed(client: Client, address: str) -> str:
    """Press the button of the page that asks; returns what the page after it says."""
    html = client.get(address).content.decode()
    as_of = html.partition('name="as_of" value="')[2].partition('"')[0]
    return text(client.post(address, {"as_of": as_of}, follow=True))


def test_all_that_failed_and_fits_is_retried_after_a_page_that_says_how_many(cast: Cast, booking: Booking) -> None:
    fits = [fail(number, about=booking.name) for number in range(3)]
    others = [fail(7, kind="sms", message=""), fail(8, kind="tick", message=""), owe(9, about=booking.name)]
    address = f"{FAILED}retry/?state=dead&kind=mail"
    client = signed_in(cast.admin)
    assert f'href="{address.replace("&", "&amp;")}"' in client.get(f"{LIST}?state=dead&kind=mail").content.decode()
    asked = text(client.get(address))
    assert "Retry 3 failed deliveries?" in asked
    assert "Mail: 3" in asked
    assert "3 deliveries: tried again." in confirmed(client, address)
    assert [state_of(each) for each in fits] == ["ready"] * 3
    assert [state_of(each) for each in others] == ["dead", "dead", "done"]


def test_all_that_failed_is_discarded_for_a_leader_only_in_their_departments(
    cast: Cast, booking: Booking, elsewhere: Booking
) -> None:
    mine, theirs = fail(1, about=booking.name), fail(2, about=elsewhere.name)
    assert "1 delivery: discarded." in confirmed(signed_in(cast.lead), f"{FAILED}discard/")
    assert (state_of(mine), state_of(theirs)) == ("discarded", "dead")


def test_what_failed_after_the_question_is_left_alone(cast: Cast) -> None:
    before, after = fail(1), fail(2, at=LONG_AGO + timedelta(hours=2))
    as_of = (LONG_AGO + timedelta(hours=1)).isoformat()
    signed_in(cast.admin).post(f"{FAILED}discard/", {"as_of": as_of})
    assert (state_of(before), state_of(after)) == ("discarded", "dead")


@pytest.mark.parametrize("as_of", ["", "soon", None])
def test_without_the_question_nothing_is_done_but_asking(cast: Cast, as_of: str | None) -> None:
    failed = fail(1)
    answer = signed_in(cast.admin).post(f"{FAILED}discard/", {} if as_of is None else {"as_of": as_of})
    assert "Discard 1 failed delivery?" in text(answer)
    assert state_of(failed) == "dead"


def test_where_nothing_failed_there_is_nothing_to_do(cast: Cast) -> None:
    owe(1)
    seen = text(signed_in(cast.admin).get(f"{FAILED}retry/"))
    assert "there is nothing to do" in seen


def test_other_verbs_are_not_there(cast: Cast) -> None:
    assert signed_in(cast.admin).get(f"{FAILED}delete/").status_code == 404
