"""A customer finds a time: departments, meeting types, and weeks that always have something to choose."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting_manager.availability.services.rules import create_rule
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services.meeting_types import edit_meeting_type
from meeting_manager.public import starts
from tests.cast import Cast
from tests.public.visits import CALL, Book, free_starts, text, title

pytestmark = pytest.mark.django_db

TIMES = re.compile(r'/details\?start=([^&"]+)&amp;timezone=([^"]+)"')


def offered(page: str) -> list[str]:
    """The starts that a page offers, as its links have them."""
    return [start.replace("%3A", ":") for start, _ in TIMES.findall(page)]


def test_the_front_door_leads_to_booking(client: Client, cast: Cast) -> None:
    assert client.get("/")["Location"] == "/book"


def test_guests_see_the_departments_that_can_be_booked(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(department_name="Sales & more")
    page = text(client.get("/book"))
    assert "Support" in page
    assert "Sales &amp; more" in page
    assert "Internal Planning" not in page


def test_a_single_department_needs_no_choice(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(is_active=False)
    assert client.get("/book")["Location"] == "/book/support"
    assert client.get("/book/sales").status_code == 404


def test_a_single_meeting_type_needs_no_choice(client: Client, cast: Cast) -> None:
    assert client.get("/book/sales")["Location"] == "/book/sales/executive-consultation"


def test_a_department_shows_its_public_types_only(client: Client, cast: Cast) -> None:
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_public=True)
    assert "Internal Planning" in text(client.get("/book/support"))
    MeetingType.objects.filter(pk=cast.planning.pk).update(is_active=False)
    assert client.get("/book/support")["Location"] == CALL


def test_a_site_without_departments_says_so(client: Client, db: None) -> None:
    assert "There is nothing to book here yet." in text(client.get("/book"))


@pytest.mark.parametrize("path", ["/book/nowhere", "/book/support/nothing", "/book/support/internal-planning"])
def test_what_is_not_there_for_guests_is_not_found(client: Client, cast: Cast, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert "There is nothing here" in text(page)


def test_a_slash_at_the_end_is_forgiven(client: Client, cast: Cast) -> None:
    assert client.get("/book/support/?timezone=UTC")["Location"] == "/book/support?timezone=UTC"
    assert client.get("/booking/")["Location"] == "/booking"
    assert client.get("/book/no/such/address/at/all").status_code == 404


def test_the_first_page_shows_exactly_what_is_offered_in_the_first_week(client: Client, cast: Cast) -> None:
    page = client.get(CALL)
    last = timezone.now().date() + timedelta(days=6)
    expected = [starts.write(start) for start in free_starts(cast.call) if start.date() <= last]
    assert page.status_code == 200
    assert expected
    assert offered(page.content.decode()) == expected


def test_times_are_shown_in_the_zone_that_was_chosen(client: Client, cast: Cast) -> None:
    page = client.get(CALL, {"timezone": "Asia/Kolkata"}).content.decode()
    first = starts.read(offered(page)[0]).astimezone(ZoneInfo("Asia/Kolkata"))
    assert re.search(rf'<time datetime="{starts.write(first)}">{first:%H:%M}</time>', page)
    assert "Times are in Asia/Kolkata (UTC+5:30)." in page
    assert 'timezone=Asia%2FKolkata"' in page


def test_the_zone_is_the_departments_unless_another_is_chosen(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.support.pk).update(timezone="America/New_York")
    assert "Times are in America/New York (UTC−" in text(client.get(CALL))


def test_an_unknown_zone_is_named_beside_its_field_and_times_are_shown_all_the_same(client: Client, cast: Cast) -> None:
    response = client.get(CALL, {"timezone": "Europe/Nowhere"})
    page = response.content.decode()
    assert response.status_code == 422
    assert title(response).startswith("Error:")
    assert '<a href="#timezone">Timezone &#x27;Europe/Nowhere&#x27; is not a known time zone.' in page
    assert 'value="Europe/Nowhere"' in page
    assert offered(page)


@pytest.mark.parametrize("given", ["tomorrow", "2026-02-30", "\x00", "99999-01-01"])
def test_a_date_that_is_none_is_refused_by_name(client: Client, cast: Cast, given: str) -> None:
    response = client.get(CALL, {"from": given})
    assert response.status_code == 422
    assert "From must be a date such as 2026-12-07." in text(response)


def test_weeks_follow_each_other_without_gap_and_back(client: Client, cast: Cast) -> None:
    first = client.get(CALL).content.decode()
    onward = re.search(r'href="(\?from=[^"]+)"', first)
    assert onward
    second = client.get(CALL + onward[1].replace("&amp;", "&")).content.decode()
    expected = [starts.write(start) for start in free_starts(cast.call, days=13)]
    assert offered(first) + offered(second) == expected
    back = re.search(r'href="(\?before=[^"]+)"', second)
    assert back
    assert offered(client.get(CALL + back[1].replace("&amp;", "&")).content.decode()) == offered(first)


def away(cast: Cast, days: int) -> None:
    """Let everybody of Support be away for the next days."""
    today = timezone.now().date()
    for user in (cast.lead, cast.sarah, cast.mike, cast.jane):
        create_rule(
            actor=user,
            user=user,
            fields={"rule_name": "Mine", "is_default": True},
            date_overrides=[
                {"date": today + timedelta(days=day), "available": False, "reason": "Away"} for day in range(days)
            ],
        )


def test_a_week_without_times_opens_the_next_that_has_some_and_says_so(client: Client, cast: Cast) -> None:
    away(cast, 12)
    page = client.get(CALL)
    assert "There are no free times from" in text(page)
    assert "These are the next ones." in text(page)
    assert starts.read(offered(page.content.decode())[0]).date() >= timezone.now().date() + timedelta(days=12)


def test_going_back_skips_weeks_without_times(client: Client, cast: Cast) -> None:
    away(cast, 20)
    first = offered(client.get(CALL).content.decode())
    day = starts.read(first[0]).date()
    page = client.get(CALL, {"before": day.isoformat()})
    assert "There are no earlier times. These are the first." in text(page)
    assert offered(page.content.decode()) == first
    later = client.get(CALL, {"before": (day + timedelta(days=14)).isoformat()}).content.decode()
    assert offered(later)
    assert starts.read(offered(later)[-1]).date() < day + timedelta(days=14)


def test_the_end_of_all_times_is_said_with_a_way_back(client: Client, cast: Cast) -> None:
    page = client.get(CALL, {"from": (timezone.now() + timedelta(days=300)).date().isoformat()})
    assert "There are no later times." in text(page)
    assert "First free times" in text(page)


def test_a_department_where_nobody_has_time_says_so(client: Client, cast: Cast) -> None:
    cast.support.members.update(is_active=False)
    assert "There are no free times at the moment." in text(client.get(CALL))


def test_no_page_says_who_is_free(client: Client, cast: Cast) -> None:
    page = client.get(CALL).content.decode().lower()
    assert not [name for name in ("sarah", "mike", "jane", "lead@", "bestsecurity") if name in page]


def test_times_cost_few_queries_whatever_is_booked(client: Client, cast: Cast, book: Book) -> None:
    client.get(CALL)
    with CaptureQueriesContext(connection) as before:
        client.get(CALL)
    for _ in range(4):
        book()
    with CaptureQueriesContext(connection) as after:
        client.get(CALL)
    assert len(after) == len(before) <= 8


def test_a_description_shows_its_clean_markup(client: Client, cast: Cast) -> None:
    description = "<p>We <b>help</b>.</p><script>alert(1)</script>"
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"description": description})
    page = client.get(CALL).content.decode()
    assert "<b>help</b>" in page
    assert "alert(1)" not in page
