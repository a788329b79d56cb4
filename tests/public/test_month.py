"""A customer finds a time: months that always have something to choose, their days, zones, and why nothing is there."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.availability.services.rules import create_rule
from meeting_manager.bookings import when
from meeting_manager.departments.models import Department
from meeting_manager.departments.services import edit_department
from meeting_manager.public import starts
from tests.cast import Cast
from tests.public.visits import CALL, Book, free_starts, link, text, title

pytestmark = pytest.mark.django_db

PICKER = {"HX-Request": "true"}
TIMES = re.compile(r'<a href="[^"?]+/details\?start=([^&"]+)&amp;timezone=[^"]+">\s*<time')


def offered(page: str) -> list[str]:
    """The starts that a page offers to choose, the chosen day first."""
    return [start.replace("%3A", ":") for start in TIMES.findall(page)]


def chosen(page: str) -> list[str]:
    """The starts of the chosen day, which are in sight without script."""
    return offered(page[: page.find("<template")] if "<template" in page else page)


def get(client: Client, **query: str) -> str:
    response = client.get(CALL, query)
    assert response.status_code == 200
    return response.content.decode()


def onward(page: str, parameter: str) -> dict[str, str]:
    found = re.search(rf'href="\?{parameter}=([0-9-]+)&amp;', page)
    assert found
    return {parameter: found[1]}


def all_starts(cast: Cast) -> list[str]:
    return [starts.write(start) for start in free_starts(cast.call, days=90)]


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


def test_the_first_page_has_exactly_what_is_offered_in_the_first_month(client: Client, cast: Cast) -> None:
    every = all_starts(cast)
    page = get(client)
    assert offered(page) == [start for start in every if start[:7] == every[0][:7]]
    assert chosen(page) == [start for start in every if start[:10] == every[0][:10]]


def test_months_follow_each_other_without_gap_and_back(client: Client, cast: Cast) -> None:
    first = get(client)
    second = get(client, **onward(first, "month"))
    every = all_starts(cast)
    both = offered(first) + offered(second)
    assert both == every[: len(both)]
    assert every[len(both)][:7] > both[-1][:7]
    assert offered(get(client, **onward(second, "until"))) == offered(first)


def test_the_first_free_time_of_all_is_one_click_away(client: Client, cast: Cast) -> None:
    page = get(client)
    assert re.search(rf"start={all_starts(cast)[0]}[^>]*>\s*<svg[^>]*><use[^>]*></use></svg>\s*<span>\s*Next", page)
    assert "Next available time" in text(client.get(CALL, onward(page, "month")))


def test_a_day_that_was_asked_for_is_the_one_in_sight(client: Client, cast: Cast) -> None:
    day = all_starts(cast)[400][:10]
    page = get(client, date=day)
    assert {start[:10] for start in chosen(page)} == {day}
    assert re.search(rf'id="d{day}"[^>]*class="chosen" aria-current="true"', page)


def test_a_day_without_times_gives_way_to_the_next_that_has_some_and_says_so(client: Client, cast: Cast) -> None:
    every = all_starts(cast)
    saturday = next(
        day
        for day in (date.fromisoformat(every[0][:10]) + timedelta(days=offset) for offset in range(30))
        if day.weekday() == 5 and day.day < 27
    )
    page = client.get(CALL, {"date": saturday.isoformat()})
    assert f"There are no free times on {when.long_date(saturday)}. These are the next ones." in text(page)
    following = next(start[:10] for start in every if start[:10] > saturday.isoformat())
    assert chosen(page.content.decode())[0][:10] == following


def test_a_day_after_the_last_times_of_its_month_leads_to_a_later_month(client: Client, cast: Cast) -> None:
    last = max(start[:10] for start in offered(get(client)))
    cast.support.members.exclude(member=cast.sarah).update(is_active=False)
    end = date.fromisoformat(last).replace(day=28) + timedelta(days=4)
    days = [date.fromisoformat(last), *(end.replace(day=1) - timedelta(days=back) for back in range(1, 4))]
    overrides = [{"date": day, "available": False, "reason": "Away"} for day in sorted(set(days))]
    create_rule(
        actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Mine", "is_default": True}, date_overrides=overrides
    )
    page = get(client, date=last)
    assert chosen(page)[0][:7] > last[:7]
    assert "These are the next ones." in page


def test_every_day_is_named_in_full_with_its_number_of_times(client: Client, cast: Cast) -> None:
    page = get(client)
    day = date.fromisoformat(offered(page)[0][:10])
    number = len(chosen(page))
    assert f'aria-label="{when.long_date(day)}, {number} time{"s" * (number != 1)}"' in page


def test_times_are_shown_in_the_zone_that_was_chosen(client: Client, cast: Cast) -> None:
    page = get(client, timezone="Asia/Kolkata")
    first = starts.read(offered(page)[0]).astimezone(ZoneInfo("Asia/Kolkata"))
    assert re.search(rf'<time datetime="{starts.write(first)}">{first:%H:%M}</time>', page)
    assert "Times are in Asia/Kolkata (UTC+5:30)" in page
    assert "timezone=Asia%2FKolkata" in page


@pytest.mark.parametrize(
    ("typed", "zone"), [("tokyo", "Asia/Tokyo"), ("New york", "America/New_York"), ("EUROPE/berlin", "Europe/Berlin")]
)
def test_a_zone_is_found_by_its_city(client: Client, cast: Cast, typed: str, zone: str) -> None:
    assert f'data-zone="{zone}"' in get(client, timezone=typed)


def test_a_zone_is_found_by_what_the_visitors_language_calls_its_city(client: Client, cast: Cast) -> None:
    for language, typed, zone in (("de", "wien", "Europe/Vienna"), ("fr", "Le Caire", "Africa/Cairo")):
        page = client.get(CALL, {"timezone": typed}, headers={"Accept-Language": language})
        assert f'data-zone="{zone}"' in page.content.decode()
    assert client.get(CALL, {"timezone": "wien"}).status_code == 422


def test_the_zone_is_the_departments_unless_the_visitor_is_known_to_have_another(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.support.pk).update(timezone="America/New_York")
    assert 'data-zone="America/New_York"' in get(client)
    client.cookies["timezone"] = "Asia/Tokyo"
    assert 'data-zone="Asia/Tokyo"' in get(client)
    client.cookies["timezone"] = "Atlantis/Capital"
    assert 'data-zone="America/New_York"' in get(client)
    client.cookies["timezone"] = "Asia/Tokyo"
    assert 'data-zone="Europe/Paris"' in get(client, timezone="Europe/Paris")


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
    response = client.get(CALL, {"date": given})
    assert response.status_code == 422
    assert "Date must be a date such as 2026-12-07." in text(response)


@pytest.mark.parametrize("parameter", ["month", "until"])
@pytest.mark.parametrize("given", ["December", "2026-13", "2026-12-07", "\x00"])
def test_a_month_that_is_none_is_refused_by_name(client: Client, cast: Cast, parameter: str, given: str) -> None:
    response = client.get(CALL, {parameter: given})
    assert response.status_code == 422
    assert f"{parameter.title()} must be a month such as 2026-12." in text(response)


@pytest.mark.parametrize("parameter", ["month", "until", "date"])
@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_years_that_nobody_means_do_no_harm(client: Client, cast: Cast, parameter: str, year: str) -> None:
    given = f"{year}-01-01" if parameter == "date" else f"{year}-01"
    assert client.get(CALL, {parameter: given, "timezone": "Pacific/Kiritimati"}).status_code == 200


def test_a_month_without_times_opens_the_next_that_has_some_and_says_so(client: Client, cast: Cast) -> None:
    away(cast, 32)
    page = client.get(CALL)
    this = timezone.now().date()
    assert f"There are no free times in {when.month(this)}. These are the next ones." in text(page)
    assert starts.read(offered(page.content.decode())[0]).date() >= this + timedelta(days=32)


def test_going_back_skips_months_without_times(client: Client, cast: Cast) -> None:
    away(cast, 32)
    first = offered(get(client))
    page = client.get(CALL, {"until": timezone.now().date().isoformat()[:7]})
    assert "There are no earlier times. These are the first." in text(page)
    assert offered(page.content.decode()) == first


def test_the_end_of_all_times_is_said_with_a_reason_and_a_way_back(client: Client, cast: Cast) -> None:
    page = client.get(CALL, {"month": (timezone.now() + timedelta(days=300)).date().isoformat()[:7]})
    said = text(page)
    last = when.long_date((timezone.now() + timedelta(days=60)).date())
    assert f"There are no later times. Meetings can be booked until {last}." in said
    assert "First free times" in said


def test_a_department_where_nobody_has_time_says_why_and_whom_to_ask(client: Client, cast: Cast) -> None:
    edit_department(actor=cast.admin, department=cast.support, changes={"contact": "help@bestsecurity.example"})
    cast.support.members.update(is_active=False)
    said = text(client.get(CALL))
    assert "There are no free times at the moment. At the moment nobody takes these meetings." in said
    assert "You can also reach Support directly: help@bestsecurity.example" in said


def test_the_script_gets_the_picker_alone_and_may_keep_it_for_a_minute(client: Client, cast: Cast) -> None:
    page = client.get(CALL, headers=PICKER)
    assert page.content.decode().strip().startswith("<div")
    assert page["Cache-Control"] == "private, max-age=60"
    assert "HX-Request" in page["Vary"]
    assert offered(page.content.decode()) == offered(get(client))
    whole = client.get(CALL, headers={**PICKER, "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "no-cache" in whole["Cache-Control"]


def test_moving_a_booking_offers_months_that_keep_its_link(client: Client, cast: Cast, book: Book) -> None:
    booking = book()
    page = client.get(link(booking, "/reschedule"))
    assert "no-store" in page["Cache-Control"]
    token = link(booking).partition("token=")[2]
    assert f"token={token}&amp;date=" in page.content.decode()
    assert f"token={token}&amp;start=" in page.content.decode()
