"""Working hours as a week: what is kept, what is refused and where, and who may look."""

import re

import pytest

from meeting_manager.engine.weekly import WEEKDAYS
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

OWN = "/accounts/hours/"
SARAHS = "/workspace/people/sarah@bestsecurity.example/hours/"


def form(**changes: object) -> dict[str, object]:
    """What a browser sends of the usual week, with changes: `monday_start="08:00"`; None leaves a box unticked."""
    fields: dict[str, object] = {"do": "save"}
    for number, day in enumerate(WEEKDAYS):
        fields |= {f"{day}-start": "09:00", f"{day}-end": "17:00"}
        fields |= {f"{day}-enabled": "on"} if number < 5 else {}
    fields |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in fields.items() if value is not None}


def hours_of(user: User) -> dict[str, object]:
    stored: dict[str, object] = settings_of(user).working_hours_json
    return stored


def test_a_week_with_breaks_and_a_late_end_is_kept(cast: Cast) -> None:
    sent = form(
        monday_end="24:00",
        monday_break_start=["12:00", ""],
        monday_break_end=["12:45", ""],
        friday_enabled=None,
        saturday_enabled="on",
        tuesday_start="8",
        tuesday_end="9.30",
    )
    answer = signed_in(cast.sarah).post(OWN, sent, follow=True)
    assert "The working hours are saved." in text(answer)
    stored = hours_of(cast.sarah)
    assert stored["monday"] == {
        "enabled": True,
        "start": "09:00",
        "end": "24:00",
        "breaks": [{"start": "12:00", "end": "12:45"}],
    }
    assert stored["tuesday"] == {"enabled": True, "start": "08:00", "end": "09:30", "breaks": []}
    assert [stored[day]["enabled"] for day in ("friday", "saturday", "sunday")] == [False, True, False]  # type: ignore[index]
    assert "09:00–12:00, 12:45–24:00" in text(answer)
    assert '<rect class="open" x="540" y="0" width="180"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"monday_start": "25:00"}, "monday-start", "Working hours of Monday: start '25:00' is not a time."),
        ({"monday_end": "08:00"}, "monday-end", "Working hours of Monday: the end must be after the start."),
        (
            {"friday_break_start": ["", "08:00"], "friday_break_end": ["", "09:30"]},
            "friday-break-1-start",
            "Working hours of Friday, break 1 must lie inside the hours of the day (09:00–17:00).",
        ),
        (
            {"friday_break_start": ["12:00", "12:30"], "friday_break_end": ["13:00", "14:00"]},
            "friday-break-1-start",
            "Working hours of Friday, break 2 begins before break 1 ends. Put breaks in order, apart.",
        ),
        ({"sunday_end": "noon"}, "sunday-end", "Working hours of Sunday: end 'noon' is not a time."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
    cast: Cast, changes: dict[str, object], field: str, message: str
) -> None:
    before = hours_of(cast.sarah)
    answer = signed_in(cast.sarah).post(OWN, form(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in text(answer)
    assert f'<a href="#{field}">' in page
    assert re.search(rf'<input id="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-error"', page)
    assert re.search(r"<title>\s*Error:", page)
    assert hours_of(cast.sarah) == before


def test_two_days_that_are_wrong_are_told_at_once(cast: Cast) -> None:
    answer = signed_in(cast.sarah).post(OWN, form(monday_start="x", friday_end="y"))
    assert answer.content.decode().count('aria-invalid="true"') == 2


def test_a_week_without_any_day_is_refused(cast: Cast) -> None:
    off = {f"{day}_enabled": None for day in WEEKDAYS}
    answer = signed_in(cast.sarah).post(OWN, form(**off))
    assert answer.status_code == 422
    assert "Working hours: at least one day must be enabled." in text(answer)


def test_breaks_come_and_go_without_being_saved(cast: Cast) -> None:
    browser, before = signed_in(cast.sarah), hours_of(cast.sarah)
    added = browser.post(OWN, form(do="add:monday")).content.decode()
    assert re.search(r'id="monday-break-0-start"[^>]*autofocus', added)
    sent = form(do="remove:monday:0", monday_break_start=["12:00", "15:00"], monday_break_end=["12:30", "15:10"])
    removed = browser.post(OWN, sent).content.decode()
    assert re.findall(r'name="monday-break-start"\s+value="([^"]*)"', removed) == ["15:00"]
    assert hours_of(cast.sarah) == before


def test_a_day_is_copied_to_all_weekdays_or_to_chosen_ones(cast: Cast) -> None:
    browser = signed_in(cast.sarah)
    typed = {"monday_start": "07:30", "monday_break_start": ["12:00"], "monday_break_end": ["12:30"]}
    answer = browser.post(OWN, form(do="copy:monday:weekdays", **typed))
    page = answer.content.decode()
    assert "Tuesday, Wednesday, Thursday and Friday are like Monday now. Nothing is saved yet." in text(answer)
    assert re.findall(r'name="\w+-start"\s+value="([^"]*)"', page) == ["07:30"] * 5 + ["09:00"] * 2
    assert page.count('value="12:00"') == 5
    chosen = browser.post(OWN, form(do="copy:monday:chosen", monday_to=["sunday", "monday", "x"], **typed))
    assert "Sunday are like Monday now." in text(chosen)
    assert re.search(r'id="sunday-enabled"[^>]*checked', chosen.content.decode())
    none = browser.post(OWN, form(do="copy:monday:chosen"))
    assert "Tick the days that are to be like Monday first." in text(none)


def test_buttons_that_nobody_made_do_nothing(cast: Cast) -> None:
    for verb in ("add:someday", "remove:monday:x", "remove", "dance:monday", ""):
        assert signed_in(cast.sarah).post(OWN, form(do=verb)).status_code == 200


@pytest.mark.parametrize(
    ("who", "seen", "edited"),
    [("admin", 200, 302), ("lead", 200, 403), ("sarah", 200, 302), ("mike", 403, 403), ("outsider", 404, 404)],
)
def test_leaders_look_at_hours_and_only_the_member_and_system_managers_change_them(
    cast: Cast, who: str, seen: int, edited: int
) -> None:
    browser = signed_in(getattr(cast, who))
    page = browser.get(SARAHS)
    assert page.status_code == seen
    if seen == 200:
        assert ("Save working hours" in text(page)) == (edited == 302)
    assert browser.post(SARAHS, form(monday_start="08:00")).status_code == edited
    assert hours_of(cast.sarah)["monday"]["start"] == ("08:00" if edited == 302 else "09:00")  # type: ignore[index]
    assert hours_of(getattr(cast, who)) is not None


def test_nobody_comes_in_without_signing_in(cast: Cast) -> None:
    assert signed_in(None).get(OWN)["Location"].startswith("/accounts/login/")
