"""One's own rules, days and settings: what they mean, what is refused, and that nobody else's are touched."""

from datetime import UTC, date, datetime

import pytest

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.public_holidays import countries, country_of, holidays_of, regions
from meeting_manager.availability.queries import in_force
from meeting_manager.availability.services import create_rule, put_overrides
from meeting_manager.people.languages import speaking
from meeting_manager.people.queries import settings_of
from meeting_manager.workspace.views.rules import meaning_of
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

RULES, DAYS = "/accounts/rules/", "/accounts/days/"
RULE = {
    "rule_name": "Busy",
    "min_notice_hours": 4,
    "max_days_advance": 30,
    "buffer_time_before": 0,
    "buffer_time_after": 15,
    "max_bookings_per_day": 3,
    "max_bookings_per_week": 0,
    "is_active": "on",
    "is_default": "on",
}


def test_what_a_rule_means_is_said_in_sentences() -> None:
    rule = AvailabilityRule(min_notice_hours=2, max_days_advance=10, max_bookings_per_day=1, buffer_time_after=5)
    first, *more = meaning_of(rule, datetime(2026, 12, 1, 8, tzinfo=UTC), "UTC")
    assert "1 December 2026, 10:00" in first
    assert "11 December 2026" in first
    assert more == ["At most 1 meeting a day.", "0 minutes stay free before each meeting, 5 after it."]


@pytest.mark.django_db
def test_a_first_rule_is_made_edited_and_deleted(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    assert "In force: what holds for everybody" in text(client.get(RULES))
    client.post(f"{RULES}new/", RULE)
    rule = AvailabilityRule.objects.get(user=cast.sarah)
    assert in_force(cast.sarah) == rule
    page = text(client.get(RULES))
    assert "In force: Busy" in page
    assert "At most 3 meetings a day." in page
    client.post(f"{RULES}of/{rule.name}/", RULE | {"rule_name": "Calm", "max_bookings_per_day": 2})
    rule.refresh_from_db()
    assert (rule.rule_name, rule.max_bookings_per_day) == ("Calm", 2)
    client.post(f"{RULES}of/{rule.name}/delete/")
    assert in_force(cast.sarah) is None


@pytest.mark.django_db
def test_a_rule_that_contradicts_itself_is_refused_at_its_field(cast: Cast) -> None:
    answer = signed_in(cast.sarah).post(f"{RULES}new/", RULE | {"max_bookings_per_week": 2})
    assert answer.status_code == 422
    assert answer.context["form"].errors["max_bookings_per_day"]
    assert not AvailabilityRule.objects.exists()


@pytest.mark.django_db
def test_rules_of_others_are_not_there(cast: Cast) -> None:
    rule = create_rule(actor=cast.mike, user=cast.mike, fields={"rule_name": "Mine"})
    for user in (cast.sarah, cast.lead):
        client = signed_in(user)
        assert client.get(f"{RULES}of/{rule.name}/").status_code == 404
        assert client.post(f"{RULES}of/{rule.name}/delete/").status_code == 404
    assert AvailabilityRule.objects.get() == rule


@pytest.mark.django_db
def test_a_week_away_is_noted_in_one_go_and_makes_the_first_rule(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    client.post(DAYS, {"since": "2027-03-01", "until": "2027-03-07", "kind": "away", "reason": "Skiing"})
    rule = in_force(cast.sarah)
    assert rule
    assert rule.date_overrides.filter(available=False, reason="Skiing").count() == 7
    page = client.get(DAYS, {"year": "2027"})
    assert "Skiing" in text(page)
    client.post(f"{DAYS}remove/", {"day": "2027-03-01"})
    assert rule.date_overrides.count() == 6
    assert client.post(f"{DAYS}remove/", {"day": "2027-03-01"}).status_code == 404
    assert client.post(f"{DAYS}remove/", {"day": "soon"}).status_code == 404


@pytest.mark.django_db
def test_other_hours_take_the_place_of_what_was_noted_before(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    put_overrides(
        actor=cast.sarah,
        user=cast.sarah,
        date_overrides=[{"date": "2027-03-01", "available": False, "reason": "Away"}],
    )
    hours = {"custom_hours_start": "12:00", "custom_hours_end": "15:00"}
    client.post(DAYS, {"since": "2027-03-01", "kind": "hours", "reason": "Half a day", **hours})
    rule = in_force(cast.sarah)
    assert rule
    row = rule.date_overrides.get()
    assert (row.available, row.custom_hours_start, row.custom_hours_end) == (True, "12:00", "15:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"since": "2027-03-07", "until": "2027-03-01", "kind": "away", "reason": "x"},
        {"since": "2027-03-01", "until": "2037-03-01", "kind": "away", "reason": "x"},
        {"since": "2027-03-01", "kind": "away", "reason": ""},
        {"since": "2027-03-01", "kind": "hours", "reason": "x", "custom_hours_start": "10:00"},
        {"since": "", "kind": "away", "reason": "x"},
    ],
)
def test_days_that_make_no_sense_are_refused_and_nothing_is_kept(cast: Cast, given: dict[str, str]) -> None:
    answer = signed_in(cast.sarah).post(DAYS, given)
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert in_force(cast.sarah) is None


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["", "x", "0", "9999", "1969", "٢٠٢٦"])
def test_whatever_year_is_asked_for_there_is_a_page(cast: Cast, year: str) -> None:
    assert signed_in(cast.sarah).get(DAYS, {"year": year}).status_code == 200


@pytest.mark.django_db
def test_ticked_holidays_become_days_away(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    query = {"country": "DE", "region": "BY", "year": "2027"}
    page = client.get(f"{DAYS}holidays/", query)
    assert "Epiphany" in text(page)
    client.post(f"{DAYS}holidays/?country=DE&region=BY&year=2027", {"day": ["2027-01-06", "2027-07-04"]})
    rule = in_force(cast.sarah)
    assert rule
    assert [(row.date, row.available) for row in rule.date_overrides.all()] == [(date(2027, 1, 6), False)]
    assert "noted already" in text(client.get(f"{DAYS}holidays/", query))
    assert client.get(f"{DAYS}holidays/", {"country": "XX", "year": "soon"}).status_code == 422


def test_holidays_are_told_in_the_language_of_their_reader() -> None:
    with speaking("de"):
        assert holidays_of("DE", "BY", 2027)[1].name == "Heilige Drei Könige"
        assert ("DE", "Deutschland") in countries()
    assert ("BY", "Bayern") in regions("DE")
    assert country_of("Europe/Berlin") == "DE"
    assert country_of("UTC") == ""
    assert holidays_of("DE", "nowhere", 2027) == []


@pytest.mark.django_db
def test_name_and_zone_are_kept_and_a_city_is_enough(cast: Cast) -> None:
    client = signed_in(cast.sarah)
    client.post("/accounts/settings/", {"full_name": "Sarah N.", "timezone": "lisbon", "bio": "I like maps."})
    cast.sarah.refresh_from_db()
    assert cast.sarah.full_name == "Sarah N."
    assert settings_of(cast.sarah).timezone == "Europe/Lisbon"
    answer = client.post("/accounts/settings/", {"full_name": "S", "timezone": "Atlantis", "bio": ""})
    assert answer.status_code == 422
    assert settings_of(cast.sarah).timezone == "Europe/Lisbon"
