"""What the engine is told about members: settings, the rule in force, overrides."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.availability.queries import Standing, standing
from meeting_manager.availability.services import create_rule, edit_rule
from meeting_manager.engine.facts import DEFAULT_RULE, Override, Rule
from meeting_manager.engine.weekly import HoursError, default_working_hours, parse_weekly_hours
from meeting_manager.people.models import User, UserSettings
from meeting_manager.people.services import edit_settings
from tests.cast import Cast

DEFAULT_HOURS = parse_weekly_hours(default_working_hours())


def _of(user: User, first: date | None = None, last: date | None = None) -> Standing:
    return standing([user.pk], first, last)[user.pk]


def test_without_a_rule_the_defaults_hold(cast: Cast) -> None:
    assert _of(cast.sarah) == Standing("", DEFAULT_HOURS, None, DEFAULT_RULE)


def test_a_user_without_settings_has_the_defaults_too(cast: Cast) -> None:
    UserSettings.objects.filter(user=cast.sarah).delete()
    assert _of(cast.sarah) == Standing("", DEFAULT_HOURS, None, DEFAULT_RULE)


def test_zone_and_hours_are_the_stored_ones(cast: Cast) -> None:
    hours = default_working_hours()
    hours["monday"] = {
        "enabled": True,
        "start": "08:00",
        "end": "24:00",
        "breaks": [{"start": "12:00", "end": "12:30"}],
    }
    edit_settings(
        actor=cast.sarah, user=cast.sarah, changes={"timezone": "Asia/Kathmandu", "working_hours_json": hours}
    )
    found = _of(cast.sarah)
    assert found.zone == "Asia/Kathmandu"
    assert (found.hours[0].start, found.hours[0].end, found.hours[0].breaks) == (480, 1440, ((720, 750),))
    assert found.hours[1:] == DEFAULT_HOURS[1:]


def test_minutes_hours_and_days_become_seconds(cast: Cast) -> None:
    fields = {
        "rule_name": "Usual",
        "buffer_time_before": 10,
        "buffer_time_after": 5,
        "max_bookings_per_day": 3,
        "max_bookings_per_week": 12,
        "min_notice_hours": 4,
        "max_days_advance": 30,
    }
    create_rule(actor=cast.sarah, user=cast.sarah, fields=fields)
    assert _of(cast.sarah).rule == Rule(600, 300, 3, 12, 4 * 3600, 30 * 86_400)


def test_the_active_default_counts_else_the_oldest_active_else_the_defaults(cast: Cast) -> None:
    def notice() -> int:
        return _of(cast.sarah).rule.min_notice // 3600

    rules = [
        create_rule(
            actor=cast.sarah,
            user=cast.sarah,
            fields={"rule_name": f"{hours} hours", "min_notice_hours": hours, "is_default": hours == 30},
        )
        for hours in (10, 20, 30)
    ]
    assert notice() == 30
    edit_rule(actor=cast.sarah, rule=rules[2], changes={"is_active": False})
    assert notice() == 10
    edit_rule(actor=cast.sarah, rule=rules[0], changes={"is_active": False})
    assert notice() == 20
    edit_rule(actor=cast.sarah, rule=rules[1], changes={"is_active": False})
    assert notice() == 2


def test_overrides_are_those_of_the_rule_in_force_within_the_days(cast: Cast) -> None:
    create_rule(
        actor=cast.sarah,
        user=cast.sarah,
        fields={"rule_name": "Usual", "is_default": True},
        date_overrides=[
            {"date": "2026-12-23", "reason": "Off"},
            {
                "date": "2026-12-24",
                "available": True,
                "custom_hours_start": "09:00",
                "custom_hours_end": "24:00",
                "reason": "Short",
            },
            {"date": "2026-12-26", "available": True, "reason": "Working Saturday"},
            {"date": "2026-12-27", "reason": "Off"},
        ],
    )
    create_rule(
        actor=cast.sarah,
        user=cast.sarah,
        fields={"rule_name": "Other"},
        date_overrides=[{"date": "2026-12-25", "reason": "Not in force"}],
    )
    within = {date(2026, 12, 24): Override(True, 540, 1440), date(2026, 12, 26): Override(True)}
    assert _of(cast.sarah, date(2026, 12, 24), date(2026, 12, 26)).rule.overrides == within
    assert _of(cast.sarah).rule.overrides == {
        date(2026, 12, 23): Override(False),
        **within,
        date(2026, 12, 27): Override(False),
    }
    assert _of(cast.sarah, date(2027, 1, 1)).rule == DEFAULT_RULE


def test_nobody_asked_for_costs_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert standing([]) == {}
    assert len(queries) == 0


def test_three_queries_however_many_members(cast: Cast) -> None:
    members = [cast.sarah, cast.mike, cast.jane]
    for user in members:
        create_rule(
            actor=user, user=user, fields={"rule_name": "Usual"}, date_overrides=[{"date": "2026-12-24", "reason": "x"}]
        )
    for users in (members[:1], members):
        with CaptureQueriesContext(connection) as queries:
            found = standing([user.pk for user in users], date(2026, 12, 1), date(2026, 12, 31))
        assert len(queries) == 3
        assert [len(found[user.pk].rule.overrides) for user in users] == [1] * len(users)


def test_equal_hours_and_rules_are_one_object_that_the_engine_can_share(cast: Cast) -> None:
    for user in (cast.sarah, cast.mike):
        create_rule(actor=user, user=user, fields={"rule_name": "Usual", "min_notice_hours": 9})
    found = standing([cast.sarah.pk, cast.mike.pk])
    assert found[cast.sarah.pk].hours is found[cast.mike.pk].hours
    assert found[cast.sarah.pk].rule is found[cast.mike.pk].rule


def test_hours_that_cannot_be_read_make_nobody_bookable(cast: Cast) -> None:
    UserSettings.objects.filter(user=cast.sarah).update(working_hours_json={"monday": "always"})
    with pytest.raises(HoursError):
        _of(cast.sarah)
