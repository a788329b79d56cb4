"""The figures of the workspace: who sees which, what they say, and where they lead."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.analytics.periods import PRESETS
from meeting_manager.availability.services import create_rule
from meeting_manager.departments.services import create_department, edit_department
from meeting_manager.people.models import User
from tests.analytics.month import approve_after, live_through
from tests.analytics.test_shares import live_through_more
from tests.bookings.desk import after
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

PAGE = "/workspace/figures/"
DECEMBER = "period=range&since=2026-12-01&until=2026-12-31"
CHARTS = ("over-time", "types", "statuses", "members", "fairness", "held", "asked")


def html(user: User | None, query: str = DECEMBER) -> str:
    return signed_in(user).get(f"{PAGE}?{query}").content.decode()


def said(user: User, query: str = DECEMBER) -> str:
    return text(signed_in(user).get(f"{PAGE}?{query}"))


def file(user: User, name: str, query: str = DECEMBER) -> list[list[str]]:
    answer = signed_in(user).get(f"{PAGE}{name}.csv?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.content.decode())))


def card(page: str, title: str) -> tuple[str, dict[str, list[str]]]:
    """The value of a card, and what its link asks for."""
    found = re.search(rf"<h2>{re.escape(title)}</h2>.*?<a href=\"(.*?)\">(.*?)</a>", page, re.DOTALL)
    assert found
    return found[2], parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}bookings/?of=approved", f"{PAGE}types.csv"])
def test_figures_are_for_system_managers_and_leaders(cast: Cast, path: str) -> None:
    told = {who: signed_in(getattr(cast, who)).get(path).status_code for who in ("admin", "lead", "sarah", "outsider")}
    assert told == {"admin": 200, "lead": 200, "sarah": 403, "outsider": 403}
    assert signed_in(None).get(path).status_code == 302


def test_leaders_see_their_departments_and_system_managers_all(cast: Cast) -> None:
    live_through(cast)
    assert (card(html(cast.lead), "Bookings")[0], card(html(cast.admin), "Bookings")[0]) == ("7", "8")
    assert card(html(cast.admin, f"{DECEMBER}&department=sales"), "Bookings")[0] == "1"
    assert "Executive Consultation" not in html(cast.lead)


def test_what_others_lead_cannot_be_asked_for(cast: Cast) -> None:
    live_through(cast)
    page = signed_in(cast.lead).get(f"{PAGE}?{DECEMBER}&department=sales")
    assert page.status_code == 422
    assert "There is a problem" in text(page)
    assert card(page.content.decode(), "Bookings")[0] == "7"
    for more in (f"type={cast.consultation.name}", f"member={cast.outsider.email}"):
        assert signed_in(cast.lead).get(f"{PAGE}types.csv?{DECEMBER}&{more}").status_code == 404


def test_cards_say_how_it_changed_and_lead_to_their_bookings(cast: Cast) -> None:
    live_through(cast)
    page = html(cast.lead)
    assert "+7 more than before (0)" in said(cast.lead)
    assert "−7 fewer than before (7)" in said(cast.lead, "period=range&since=2027-01-01&until=2027-01-31")
    value, asked = card(page, "Bookings")
    assert (value, asked["since"], asked["until"]) == ("7", ["2026-12-01"], ["2026-12-31"])
    assert asked["department"] == ["support"]
    assert set(asked["status"]) == {"Pending", "Confirmed", "Cancelled", "Completed", "No-Show"}
    assert (card(page, "Cancelled")[0], card(page, "Cancelled")[1]["status"]) == ("14.3%", ["Cancelled"])
    assert (card(page, "No-shows")[0], card(page, "No-shows")[1]["status"]) == ("33.3%", ["No-Show"])


def test_the_time_to_approval_leads_to_the_bookings_that_waited(cast: Cast) -> None:
    waited = [approve_after(cast, after(minutes=30 * at), 2 + 2 * at) for at in range(2)]
    live = signed_in(cast.lead)
    assert card(html(cast.lead), "Time to approval (median)") == (
        "3 hours",
        {"of": ["approved"], "period": ["range"], "since": ["2026-12-01"], "until": ["2026-12-31"]},
    )
    behind = live.get(f"{PAGE}bookings/?of=approved&{DECEMBER}").content.decode()
    assert all(f'href="/workspace/bookings/{booking.name}/"' in behind for booking in waited)


def test_every_hour_of_the_week_leads_to_its_bookings(cast: Cast) -> None:
    made = live_through(cast)
    address = f"{PAGE}bookings/?of=held&hour=34&{DECEMBER}"
    assert f'href="{address.replace("&", "&amp;")}"' in html(cast.lead)
    behind = signed_in(cast.lead).get(address)
    assert "Meetings that begin Tuesday, 10:00–11:00" in text(behind)
    linked = set(re.findall(r'href="/workspace/bookings/(MM-MB[^/]+)/"', behind.content.decode()))
    assert linked == {made["done"].name, made["done too"].name, made["to come"].name}
    assert "There is nothing on this page" in said_behind(cast.lead, "of=asked&hour=34")


def said_behind(user: User, query: str) -> str:
    return text(signed_in(user).get(f"{PAGE}bookings/?{query}&{DECEMBER}"))


@pytest.mark.parametrize(
    "query", ["", "of=held", "of=held&hour=168", "of=held&hour=-1", "of=held&hour=٣", "of=x&hour=1"]
)
def test_what_makes_no_sense_is_not_there(cast: Cast, query: str) -> None:
    assert signed_in(cast.lead).get(f"{PAGE}bookings/?{query}").status_code == 404


def test_tables_hold_what_pictures_show(cast: Cast) -> None:
    live_through(cast)
    everything = {name: file(cast.lead, name) for name in CHARTS}
    assert everything["types"][1:] == [
        ["30 Min Call", "6", "0.167", "0.333"],
        ["Internal Planning", "1", "0.0", ""],
    ]
    assert {row[0]: row[1] for row in everything["statuses"][1:]} == {
        "Pending": "0",
        "Confirmed": "3",
        "Cancelled": "1",
        "Completed": "2",
        "No-Show": "1",
        "Rescheduled": "1",
    }
    assert len(everything["over-time"]) == 1 + 31
    assert [row for row in everything["over-time"] if row[1] not in ("Bookings", "0")] == [
        ["2026-12-08", "4", "0.25", "0.333"],
        ["2026-12-09", "1", "0.0", ""],
        ["2026-12-11", "1", "0.0", ""],
        ["2026-12-15", "1", "0.0", ""],
    ]
    assert everything["held"][0][:3] == ["Hour", "Monday", "Tuesday"]
    assert ["10:00", "0", "3", "0", "0", "1", "0", "0"] in everything["held"]
    assert ["07:00", "7", "0", "0", "0", "0", "0", "0"] in everything["asked"]
    assert {row[0]: row[1] for row in everything["fairness"][1:]} == {
        "Sarah": "120",
        "Lead": "60",
        "Mike": "60",
        "Jane": "30",
    }


def test_numbers_in_tables_lead_to_their_bookings(cast: Cast) -> None:
    live_through(cast)
    page = html(cast.lead).replace("&amp;", "&")
    for asked in (
        f"type={cast.call.name}",
        "host=sarah%40bestsecurity.example",
        "status=Rescheduled&since=2026-12-01&until=2026-12-31",
        "since=2026-12-09&until=2026-12-09",
    ):
        assert re.search(rf'href="/workspace/bookings/\?[^"]*{re.escape(asked)}', page), asked


def test_filters_narrow_everything_and_go_along_with_links(cast: Cast) -> None:
    live_through(cast)
    query = f"{DECEMBER}&type={cast.planning.name}&member={cast.sarah.email}"
    page = html(cast.lead, query)
    value, asked = card(page, "Bookings")
    assert (value, asked["type"], asked["host"]) == ("1", [cast.planning.name], [cast.sarah.email])
    assert '<option value="range" selected>' in page
    assert f'<option value="{cast.sarah.email}" selected>' in page
    assert f"{PAGE}types.csv?{query}".replace("&", "&amp;").replace("@", "%40") in page
    assert file(cast.lead, "types", query)[1:] == [["Internal Planning", "1", "0.0", ""]]
    assert 'class="marked"' in page


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("period=range", "Please give a date from 2000 to 2099."),
        ("period=range&since=1969-01-01&until=2026-01-01", "Please give a date from 2000 to 2099."),
        ("period=range&since=2026-02-01&until=2026-01-01", "must not end before it begins"),
        ("period=range&since=2020-01-01&until=2026-01-01", "at most five years"),
        ("period=range&since=x&until=2026-01-01", "Enter a valid date."),
        ("period=century", "Select a valid choice"),
        ("type=%00", "Select a valid choice"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_beside_its_field(cast: Cast, query: str, problem: str) -> None:
    page = signed_in(cast.lead).get(f"{PAGE}?{query}")
    assert page.status_code == 422
    assert problem in text(page)
    assert "Error:" in page.content.decode().partition("</title>")[0]


def test_every_period_can_be_shown(cast: Cast) -> None:
    live_through(cast)
    client = signed_in(cast.lead)
    assert card(client.get(f"{PAGE}?since=2026-12-01&until=2026-12-31").content.decode(), "Bookings")[0] == "7"
    for period in PRESETS:
        page = client.get(f"{PAGE}?period={period}")
        assert page.status_code == 200
        assert f'<option value="{period}" selected>' in page.content.decode()


def test_without_bookings_the_page_names_the_next_step(cast: Cast) -> None:
    page = html(cast.lead, "period=range&since=2030-01-01&until=2030-01-31")
    assert "Nobody booked anything for this period." in page
    assert 'href="/book"' in page
    assert "nothing to compare with" in page


def test_pictures_have_names_and_descriptions_and_no_styles_or_scripts(cast: Cast) -> None:
    live_through(cast)
    page = html(cast.lead)
    pictures = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", page, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert named
        assert all(f'id="{name}"' in picture for name in named.groups())
        assert "<a " not in picture
    assert "style=" not in page
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]


def test_names_are_shown_as_text_and_files_calculate_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.sarah.pk).update(full_name="=1+1<b>")
    live_through(cast)
    page = html(cast.lead)
    assert "=1+1&lt;b&gt;" in page
    assert "1+1<b>" not in page
    assert "'=1+1<b>" in {row[0] for row in file(cast.lead, "members")}


def test_days_are_those_of_the_department(cast: Cast) -> None:
    live_through(cast)
    edit_department(actor=cast.admin, department=cast.support, changes={"timezone": "Asia/Kathmandu"})
    assert ["15:00", "0", "2", "0", "0", "1", "0", "0"] in file(cast.lead, "held")
    assert "Days are those of Asia/Kathmandu." in said(cast.lead)


def test_pages_speak_the_readers_language_and_drawings_stay_drawings(cast: Cast) -> None:
    live_through(cast)
    client = signed_in(cast.lead)
    page = client.get(f"{PAGE}?{DECEMBER}", headers={"Accept-Language": "de"}).content.decode()
    assert "14,3\u00a0%" in page
    assert re.search(r'width="\d+\.\d\d%"', page)
    assert not re.search(r'(x|width)="\d+,', page)


@pytest.mark.parametrize("who", ["admin", "lead"])
def test_more_bookings_members_and_departments_take_no_more_queries(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"{PAGE}?{DECEMBER}").status_code == 200
        return len(made)

    live_through(cast)
    create_rule(actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Mine", "is_default": True})
    few = queries()
    live_through_more(cast)
    create_department(
        actor=cast.admin,
        fields={"department_name": "Third", "timezone": "UTC"},
        members=[{"member": cast.jane}, {"member": cast.mike}],
    )
    assert queries() == few <= 20


def test_two_members_stand_side_by_side(cast: Cast) -> None:
    live_through(cast)
    query = f"{DECEMBER}&member={cast.sarah.email}&other={cast.mike.email}"
    table = file(cast.lead, "comparison", query)
    assert table[0] == ["Figure", "Sarah", "Mike"]
    rows = {head: values for head, *values in table[1:]}
    assert (rows["Bookings"], rows["Held"], rows["Mean length"]) == (["3", "2"], ["120", "60"], ["40", "30"])
    assert rows["Chosen by name"] == ["1", "0"]
    assert "Side by side" in said(cast.lead, query)
    for alone in ("", f"&member={cast.sarah.email}", f"&member={cast.sarah.email}&other={cast.sarah.email}"):
        assert "Side by side" not in said(cast.lead, f"{DECEMBER}{alone}")


def test_the_list_behind_a_number_has_as_many_bookings(cast: Cast) -> None:
    live_through(cast)
    client = signed_in(cast.lead)
    page = html(cast.lead)
    linked = re.findall(r'<a href="(/workspace/bookings/\?[^"]*)">(\d+)</a>', page)
    assert len(linked) >= 15
    for href, number in linked:
        behind = client.get(href.replace("&amp;", "&")).content.decode()
        assert len(set(re.findall(r"/workspace/bookings/(MM-MB-[^/\"]+)/", behind))) == int(number), href
