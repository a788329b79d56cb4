"""The list of bookings: who sees what, what its address says, its pages, and its file."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.people.services import edit_settings
from meeting_manager.workspace.listing.orders import ORDERS, order_of
from meeting_manager.workspace.listing.query import ListForm, choices_for, read
from meeting_manager.workspace.listing.turning import turn_to
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, executive
from tests.cast import CUSTOMERS, Cast
from tests.workspace.visits import signed_in, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

ADDRESS = "/workspace/bookings/"
HOUR = timedelta(hours=1)
ADA, BEN, CHLOE = (Customer(one.name, one.email) for one in CUSTOMERS)


def shown(answer: "Response") -> list[str]:
    """The references on a page, in its order."""
    return re.findall(r'name="pick" value="([^"]+)"', answer.content.decode())


def ask(client: Client, **asked: Any) -> list[str]:  # noqa: ANN401 - whatever an address may say
    return shown(client.get(f"{ADDRESS}?{urlencode({'period': 'all', **asked}, doseq=True)}"))


@pytest.fixture
def three(cast: Cast, book: Book) -> list[str]:
    """Calls of Chloé with Sarah, Ada with Mike and Ben with Jane, an hour apart, made in this order; references."""
    made = [
        services.book(
            meeting_type=cast.call, start=TUESDAY_TEN + hours * HOUR, customer=who, host=host, actor=cast.lead, now=at
        ).booking
        for hours, who, host, at in (
            (0, CHLOE, cast.sarah, NOW),
            (1, ADA, cast.mike, NOW + HOUR / 60),
            (2, BEN, cast.jane, NOW + HOUR / 30),
        )
    ]
    return [booking.booking_reference for booking in made]


# Who sees what


def test_everybody_finds_the_bookings_that_they_may_see(cast: Cast, three: list[str]) -> None:
    assert set(ask(signed_in(cast.admin))) == set(three)
    assert set(ask(signed_in(cast.lead))) == set(three)
    assert ask(signed_in(cast.mike)) == [three[1]]
    assert ask(signed_in(cast.outsider)) == []


def test_nobody_signed_in_signs_in_and_comes_back(cast: Cast) -> None:
    assert "/accounts/login/?next=/workspace/bookings/" in signed_in(None).get(ADDRESS)["Location"]


def test_a_host_is_offered_no_other_hosts_and_nothing_that_only_leaders_do(cast: Cast, three: list[str]) -> None:
    page = signed_in(cast.mike).get(f"{ADDRESS}?period=all").content.decode()
    assert "/workspace/bulk/cancel/" in page
    assert "/workspace/bulk/reassign/" not in page
    assert "sarah@bestsecurity.example" not in page
    assert "/workspace/bulk/reassign/" in signed_in(cast.lead).get(f"{ADDRESS}?period=all").content.decode()


# Filters


def test_each_filter_narrows_and_they_combine(cast: Cast, three: list[str], book: Book) -> None:
    waiting = book(meeting_type=executive(cast), start=TUESDAY_TEN + 3 * HOUR, customer=JOHN)
    client = signed_in(cast.admin)
    assert set(ask(client, status="Confirmed")) == set(three)
    assert set(ask(client, status=["Confirmed", "Pending"])) == {*three, waiting.booking_reference}
    assert ask(client, approval="Pending") == [waiting.booking_reference]
    assert ask(client, type=executive(cast).name) == [waiting.booking_reference]
    assert ask(client, host="jane@bestsecurity.example") == [three[2]]
    assert ask(client, customer="Ben@customer.example ") == [three[2]]
    assert ask(client, department="sales") == []
    assert ask(client, department="support", host="jane@bestsecurity.example", status="Cancelled") == []


def test_the_search_finds_words_wherever_they_stand(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.admin)
    for words in ("ada muster", "Muster ADA", "ada@customer", "call ada", three[1][3:].lower()):
        assert ask(client, q=words) == [three[1]]
    assert ask(client, q="ada okafor") == []


def test_who_searches_looks_in_all_times_and_whoever_does_not_begins_today(cast: Cast, three: list[str]) -> None:
    past = timezone.now() - timedelta(days=40)
    Booking.objects.filter(booking_reference=three[1]).update(start_datetime=past, end_datetime=past + HOUR)
    client = signed_in(cast.admin)
    assert shown(client.get(f"{ADDRESS}?q=muster")) == [three[1]]
    assert three[1] not in shown(client.get(ADDRESS))
    assert shown(client.get(f"{ADDRESS}?q=muster&period=past")) == []


def set_starts(references: list[str], starts: list[datetime]) -> None:
    for reference, start in zip(references, starts, strict=True):
        Booking.objects.filter(booking_reference=reference).update(start_datetime=start, end_datetime=start + HOUR)


def test_periods_are_days_of_the_readers_zone(cast: Cast, three: list[str]) -> None:
    edit_settings(actor=cast.admin, user=cast.admin, changes={"timezone": "Pacific/Auckland"})
    midnight = datetime.now(ZoneInfo("Pacific/Auckland")).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = midnight.astimezone(UTC)
    set_starts(three, [begins - HOUR, begins, begins + timedelta(days=8)])
    client = signed_in(cast.admin)
    assert ask(client, period="today") == [three[1]]
    assert ask(client, period="week") == [three[1]]
    assert ask(client, period="upcoming") == three[1:]
    assert ask(client, period="past") == [three[1], three[0]]


def test_a_range_includes_both_of_its_days(cast: Cast, three: list[str]) -> None:
    day = datetime(2027, 3, 10, 12, tzinfo=UTC)
    set_starts(three, [day, day + timedelta(days=1), day + timedelta(days=2)])
    client = signed_in(cast.admin)
    assert shown(client.get(f"{ADDRESS}?since=2027-03-10&until=2027-03-11")) == three[:2]
    assert shown(client.get(f"{ADDRESS}?since=2027-03-12")) == [three[2]]


def test_nonsense_in_an_address_breaks_nothing(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.admin)
    for asked in ("since=0001-01-01", "until=9999-12-31", "period=never", "host=x", "after=!", "q=%00"):
        assert client.get(f"{ADDRESS}?{asked}").status_code == 200


def test_what_is_empty_leaves_the_address(cast: Cast) -> None:
    answer = signed_in(cast.admin).get(f"{ADDRESS}?q=&period=week&status=Pending&host=&until=")
    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}?period=week&status=Pending")


# Order, pages, columns


def test_the_list_is_sorted_both_ways(cast: Cast, three: list[str]) -> None:
    bens = Booking.objects.get(booking_reference=three[2])
    services.cancel(booking=bens, actor=cast.lead, now=NOW)
    wanted = {"start": (0, 1, 2), "made": (0, 1, 2), "customer": (1, 2, 0), "status": (2, 0, 1)}
    client = signed_in(cast.admin)
    for order, places in wanted.items():
        assert ask(client, sort=order) == [three[at] for at in places]
        assert ask(client, sort=f"-{order}") == [three[at] for at in reversed(places)]


def test_a_head_sorts_and_sorts_back(cast: Cast, three: list[str]) -> None:
    page = signed_in(cast.admin).get(f"{ADDRESS}?period=all&sort=customer").content.decode()
    assert 'aria-sort="ascending"' in page
    assert "sort=-customer" in page
    assert "sort=status" in page


def test_names_are_sorted_whatever_their_case(cast: Cast, three: list[str]) -> None:
    Booking.objects.filter(booking_reference=three[2]).update(customer_name="ben okafor")
    assert ask(signed_in(cast.admin), sort="customer") == [three[1], three[2], three[0]]


def turns(cast: Cast, order: str, query: str, name: str) -> Iterator[tuple[str, list[str]]]:
    """The pages of two from this one on, in one direction: their queries and references."""
    while True:
        form = ListForm(QueryDict(query), choices_for(cast.admin))
        wish = read(form, "UTC", NOW)
        page = turn_to(QueryDict(query), wish.rows(cast.admin), order_of(order), 2)
        yield query, [booking.booking_reference for booking in page.rows]
        query = getattr(page, name)
        if not query:
            return


def test_every_booking_is_on_exactly_one_page_there_and_back(cast: Cast, three: list[str], book: Book) -> None:
    book(start=TUESDAY_TEN + 3 * HOUR)
    book(start=TUESDAY_TEN + 4 * HOUR)
    for order in ORDERS:
        there = list(turns(cast, order, "period=all", "after"))
        assert [len(page) for _, page in there] == [2, 2, 1]
        assert len({reference for _, page in there for reference in page}) == 5
        back = list(turns(cast, order, there[-1][0], "before"))
        assert [page for _, page in back] == [page for _, page in reversed(there)]


def test_what_comes_meanwhile_shifts_no_page(cast: Cast, three: list[str], book: Book) -> None:
    (_, first), (second, _) = turns(cast, "start", "period=all&sort=start", "after")
    book(start=TUESDAY_TEN - HOUR)
    assert first == three[:2]
    assert next(turns(cast, "start", second, "after"))[1] == [three[2]]
    assert ask(signed_in(cast.admin), sort="start", after=QueryDict(second)["after"]) == [three[2]]


def test_columns_are_chosen_in_the_address(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.admin)
    seen = client.get(f"{ADDRESS}?period=all&col=email&col=reference").content.decode()
    heads = re.findall(r'<td role="cell" data-label="([^"]+)"', seen)
    assert heads[:2] == ["Reference", "E-mail"]
    assert "ada@customer.example" in seen


def test_a_row_says_its_status_in_a_word_beside_a_picture(cast: Cast, three: list[str]) -> None:
    page = signed_in(cast.mike).get(f"{ADDRESS}?period=all").content.decode()
    assert re.search(r'status good"><svg class="icon".*?</svg>\s*Confirmed', page, re.DOTALL)


def test_the_list_costs_no_queries_for_each_booking(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.lead)

    def cost(**asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(ask(client, **asked)) == (1 if asked else 3)
        return len(queries)

    assert cost() == cost(q="muster") <= 22


# Empty


def test_an_empty_list_says_what_to_do_next(cast: Cast) -> None:
    assert "Book a meeting" in text(signed_in(cast.admin).get(ADDRESS))


def test_where_nothing_fits_the_page_offers_the_way_out(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.admin)
    assert "Clear all filters" in text(client.get(f"{ADDRESS}?q=nobody"))
    assert "Look in all times" in text(client.get(f"{ADDRESS}?q=muster&period=past"))
    page = client.get(f"{ADDRESS}?since=2030-01-01&until=2030-01-02&status=Pending").content.decode()
    assert 'href="?status=Pending&amp;period=all"' in page


# The file


def file_of(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"/workspace/bulk/export/?{query}&file=1")
    body = answer.getvalue().decode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body[1:])))


def test_the_page_before_the_file_says_what_it_will_hold(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.lead)
    page = client.get("/workspace/bulk/export/?all=1&period=all&col=email")
    assert "A file with 3 bookings" in text(page)
    assert "E-mail." in text(page)
    assert "Nobody gets a mail." in text(page)
    assert "No booking is chosen." in text(client.get("/workspace/bulk/export/?period=all"))


def test_the_file_has_the_rows_and_columns_of_the_list(cast: Cast, three: list[str]) -> None:
    rows = file_of(signed_in(cast.lead), "all=1&period=all&sort=customer")
    assert rows[0] == ["When", "Customer", "Type", "Hosts", "Status", "End"]
    assert [row[1] for row in rows[1:]] == ["Ada Muster", "Ben Okafor", "Chloé Durand"]
    assert rows[1] == [
        "2026-12-08T11:00+00:00",
        "Ada Muster",
        "30 Min Call",
        "Mike",
        "Confirmed",
        "2026-12-08T11:30+00:00",
    ]


def test_the_file_holds_the_ticked_ones_and_nothing_that_one_may_not_see(cast: Cast, three: list[str]) -> None:
    picked = "&".join(f"pick={reference}" for reference in three[:2])
    assert len(file_of(signed_in(cast.lead), picked)) == 3
    assert [row[1] for row in file_of(signed_in(cast.mike), picked)[1:]] == ["Ada Muster"]


def test_no_cell_of_the_file_is_a_formula(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.admin)
    for evil in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
        Booking.objects.filter(booking_reference=three[1]).update(customer_name=evil)
        assert file_of(client, f"pick={three[1]}")[1][1] == f"'{evil}"


def test_the_file_costs_no_queries_for_each_booking(cast: Cast, three: list[str]) -> None:
    client = signed_in(cast.lead)

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            file_of(client, query)
        return len(queries)

    assert cost(f"pick={three[0]}") == cost("all=1&period=all")
