"""Date overrides: a date is off, or has other hours."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.availability.services import add_override, create_rule, remove_override, replace_overrides
from tests.cast import Cast

OFF: dict[str, object] = {"date": "2026-12-24", "reason": "Holiday"}


@pytest.fixture
def rule(cast: Cast) -> AvailabilityRule:
    return create_rule(actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Usual"})


def test_a_date_is_off_unless_it_is_said_to_be_available(cast: Cast, rule: AvailabilityRule) -> None:
    override = add_override(actor=cast.sarah, rule=rule, fields=OFF)
    assert (override.date, override.available) == (date(2026, 12, 24), False)


def test_a_date_may_have_hours_of_its_own(cast: Cast, rule: AvailabilityRule) -> None:
    fields = {**OFF, "available": True, "custom_hours_start": "10:00", "custom_hours_end": "24:00"}
    add_override(actor=cast.sarah, rule=rule, fields=fields)
    stored = rule.date_overrides.get()
    assert (stored.available, stored.custom_hours_start, stored.custom_hours_end) == (True, "10:00", "24:00")


def test_a_second_override_of_a_date_is_refused_and_leaves_the_first(cast: Cast, rule: AvailabilityRule) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    with pytest.raises(ValidationError) as refused:
        add_override(actor=cast.sarah, rule=rule, fields={**OFF, "available": True})
    assert refused.value.message_dict == {
        "date": ["Date '2026-12-24' already has an override in this rule. Please choose another or remove that first."]
    }
    assert not rule.date_overrides.get().available
    other = create_rule(actor=cast.sarah, user=cast.sarah, fields={"rule_name": "Summer"})
    assert add_override(actor=cast.sarah, rule=other, fields=OFF).rule == other


NOT_AVAILABLE = "Custom hours can only be set on a date that is available. Please set Available or leave them empty."
UNKNOWN = (
    "Field 'rule' is not a field of a date override. Please use: available, custom_hours_end, custom_hours_start, "
    "date, reason."
)
HOURS = "Custom Hours Start and Custom Hours End must be set both or neither. Please set the other one too."


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"reason": " "}, {"reason": ["Reason is required."]}),
        ({"date": "24.12.2026"}, {"date": ["Date '24.12.2026' is not a date. Please use the form 2026-01-31."]}),
        ({"date": "2026-02-30"}, {"date": ["Date '2026-02-30' is not a date. Please use the form 2026-01-31."]}),
        ({"date": None}, {"date": ["Date None is not a date. Please use the form 2026-01-31."]}),
        ({"available": True, "custom_hours_start": "10:00"}, {"custom_hours_end": [HOURS]}),
        ({"available": True, "custom_hours_end": "10:00"}, {"custom_hours_start": [HOURS]}),
        (
            {"available": True, "custom_hours_start": "10:00", "custom_hours_end": "10:00"},
            {"custom_hours_end": ["Custom Hours End must be after Custom Hours Start."]},
        ),
        (
            {"custom_hours_start": "10:00", "custom_hours_end": "12:00"},
            {"available": [NOT_AVAILABLE]},
        ),
        (
            {"available": True, "custom_hours_start": "24:00", "custom_hours_end": "24:00"},
            {
                "custom_hours_start": [
                    "Custom Hours Start: '24:00' is not a time. Use HH:MM with two digits each, from 00:00 to 23:59."
                ]
            },
        ),
        ({"rule": 1}, {"rule": [UNKNOWN]}),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    cast: Cast, rule: AvailabilityRule, fields: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        add_override(actor=cast.sarah, rule=rule, fields={**OFF, **fields})
    assert refused.value.message_dict == errors
    assert not rule.date_overrides.exists()


def test_all_overrides_are_replaced_at_once(cast: Cast, rule: AvailabilityRule) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    rows: list[dict[str, object]] = [{"date": date(2027, 1, 1), "reason": "New Year"}, {**OFF, "date": "2026-12-25"}]
    replace_overrides(actor=cast.sarah, rule=rule, date_overrides=rows)
    assert list(rule.date_overrides.values_list("date", flat=True)) == [date(2026, 12, 25), date(2027, 1, 1)]


def test_a_date_twice_is_refused_and_changes_nothing(cast: Cast, rule: AvailabilityRule) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    with pytest.raises(ValidationError) as refused:
        replace_overrides(actor=cast.sarah, rule=rule, date_overrides=[OFF, {**OFF, "reason": "Again"}])
    assert refused.value.message_dict == {
        "date_overrides": ["Duplicate dates found in date overrides. Each date can only be overridden once."]
    }
    with pytest.raises(ValidationError, match="Row 2: Reason is required"):
        replace_overrides(actor=cast.sarah, rule=rule, date_overrides=[OFF, {"date": "2027-01-01"}])
    assert rule.date_overrides.count() == 1


def test_a_removed_override_gives_the_date_back_to_its_weekday(cast: Cast, rule: AvailabilityRule) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    remove_override(actor=cast.sarah, rule=rule, day=date(2026, 12, 24))
    assert not rule.date_overrides.exists()
    with pytest.raises(DateOverride.DoesNotExist):
        remove_override(actor=cast.sarah, rule=rule, day=date(2026, 12, 24))


def test_nobody_else_edits_them_but_system_managers(cast: Cast, rule: AvailabilityRule) -> None:
    for actor in (cast.lead, cast.mike, cast.outsider):
        with pytest.raises(PermissionDenied):
            add_override(actor=actor, rule=rule, fields=OFF)
        with pytest.raises(PermissionDenied):
            replace_overrides(actor=actor, rule=rule, date_overrides=[])
        with pytest.raises(PermissionDenied):
            remove_override(actor=actor, rule=rule, day=date(2026, 12, 24))
    add_override(actor=cast.admin, rule=rule, fields=OFF)


@pytest.mark.parametrize(
    "values",
    [
        {"reason": ""},
        {"custom_hours_start": "10:00"},
        {"available": True, "custom_hours_start": "10:00", "custom_hours_end": "09:00"},
        {"available": False, "custom_hours_start": "10:00", "custom_hours_end": "11:00"},
    ],
)
def test_the_database_refuses_what_the_services_would(
    cast: Cast, rule: AvailabilityRule, values: dict[str, object]
) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.date_overrides.update(**values)


def test_the_database_refuses_a_date_twice(cast: Cast, rule: AvailabilityRule) -> None:
    add_override(actor=cast.sarah, rule=rule, fields=OFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        DateOverride.objects.create(rule=rule, date=date(2026, 12, 24), reason="Again")
