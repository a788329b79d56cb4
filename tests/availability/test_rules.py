"""Availability rules: bounds, one default, one in force."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.queries import get_for, visible_to
from meeting_manager.availability.services import create_rule, delete_rule, edit_rule
from meeting_manager.people.models import User
from tests.cast import Cast
from tests.together import together


def _rule(user: User, /, **fields: object) -> AvailabilityRule:
    return create_rule(actor=user, user=user, fields={"rule_name": "Usual", **fields})


def test_a_new_rule_has_the_defaults_of_the_specification(cast: Cast) -> None:
    rule = AvailabilityRule.objects.get(pk=_rule(cast.sarah).pk)
    assert rule.name == "MM-UAR-sarah@bestsecurity.example-0001"
    assert (rule.is_default, rule.is_active) == (False, True)
    assert (rule.buffer_time_before, rule.buffer_time_after) == (0, 0)
    assert (rule.max_bookings_per_day, rule.max_bookings_per_week) == (0, 0)
    assert (rule.min_notice_hours, rule.max_days_advance) == (2, 60)


def test_numbers_of_rules_are_not_used_again(cast: Cast) -> None:
    delete_rule(actor=cast.sarah, rule=_rule(cast.sarah))
    assert _rule(cast.sarah).name.endswith("-0002")
    assert _rule(cast.mike).name == "MM-UAR-mike@bestsecurity.example-0001"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"rule_name": ""}, {"rule_name": ["Rule Name is required."]}),
        (
            {"buffer_time_before": 241},
            {"buffer_time_before": ["Buffer Time Before must be a whole number between 0 and 240."]},
        ),
        (
            {"buffer_time_after": -1},
            {"buffer_time_after": ["Buffer Time After must be a whole number between 0 and 240."]},
        ),
        (
            {"max_bookings_per_day": 51},
            {"max_bookings_per_day": ["Max Bookings Per Day must be a whole number between 0 and 50."]},
        ),
        (
            {"max_bookings_per_week": 201},
            {"max_bookings_per_week": ["Max Bookings Per Week must be a whole number between 0 and 200."]},
        ),
        (
            {"min_notice_hours": 721},
            {"min_notice_hours": ["Min Notice Hours must be a whole number between 0 and 720."]},
        ),
        ({"max_days_advance": 0}, {"max_days_advance": ["Max Days Advance must be a whole number between 1 and 365."]}),
        (
            {"max_bookings_per_day": 6, "max_bookings_per_week": 5},
            {
                "max_bookings_per_day": [
                    (
                        "Max Bookings Per Day may not exceed Max Bookings Per Week (5). "
                        "Please lower it or raise the other."
                    )
                ]
            },
        ),
        (
            {"min_notice_hours": 24, "max_days_advance": 1},
            {
                "min_notice_hours": [
                    (
                        "Min Notice Hours must be shorter than Max Days Advance (24 hours). "
                        "Please lower it or raise the other."
                    )
                ]
            },
        ),
        ({"user": "x"}, {"user": ["Field 'user' of an availability rule is read-only. Please leave it out."]}),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    cast: Cast, fields: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        _rule(cast.sarah, **fields)
    assert refused.value.message_dict == errors
    assert not AvailabilityRule.objects.exists()


def test_limits_at_their_edges_are_taken(cast: Cast) -> None:
    _rule(cast.sarah, max_bookings_per_day=50, max_bookings_per_week=0)
    _rule(cast.sarah, max_bookings_per_day=5, max_bookings_per_week=5)
    _rule(cast.sarah, min_notice_hours=23, max_days_advance=1)


def test_rules_between_fields_hold_for_what_an_edit_leaves_too(cast: Cast) -> None:
    rule = _rule(cast.sarah, max_bookings_per_day=5)
    with pytest.raises(ValidationError, match="may not exceed"):
        edit_rule(actor=cast.sarah, rule=rule, changes={"max_bookings_per_week": 4})
    with pytest.raises(ValidationError, match="must be shorter"):
        edit_rule(actor=cast.sarah, rule=rule, changes={"min_notice_hours": 720, "max_days_advance": 30})
    assert edit_rule(actor=cast.sarah, rule=rule, changes={"max_bookings_per_week": 5}).max_bookings_per_week == 5


def test_a_new_default_takes_the_place_of_the_old_one(cast: Cast) -> None:
    first = _rule(cast.sarah, is_default=True)
    second = _rule(cast.sarah, is_default=True)
    others = _rule(cast.mike, is_default=True)
    assert set(AvailabilityRule.objects.filter(is_default=True)) == {second, others}
    edit_rule(actor=cast.sarah, rule=first, changes={"is_default": True})
    assert set(AvailabilityRule.objects.filter(is_default=True)) == {first, others}


@pytest.mark.django_db(transaction=True)
def test_eight_defaults_at_once_leave_one(cast: Cast) -> None:
    results = together([lambda: _rule(cast.sarah, is_default=True)] * 8)
    assert all(isinstance(result, AvailabilityRule) for result in results), results
    assert AvailabilityRule.objects.filter(user=cast.sarah, is_default=True).count() == 1
    assert AvailabilityRule.objects.filter(user=cast.sarah).count() == 8


def test_members_edit_their_own_rules_and_system_managers_any(cast: Cast) -> None:
    rule = _rule(cast.sarah)
    for actor in (cast.lead, cast.mike, cast.outsider):
        with pytest.raises(PermissionDenied):
            create_rule(actor=actor, user=cast.sarah, fields={"rule_name": "X"})
        with pytest.raises(PermissionDenied):
            edit_rule(actor=actor, rule=rule, changes={"rule_name": "X"})
        with pytest.raises(PermissionDenied):
            delete_rule(actor=actor, rule=rule)
    assert edit_rule(actor=cast.admin, rule=rule, changes={"rule_name": "X"}).rule_name == "X"


def test_rules_are_read_by_their_user_the_leader_and_system_managers(cast: Cast) -> None:
    rule = _rule(cast.sarah)
    for who in ("admin", "lead", "sarah"):
        assert get_for(getattr(cast, who), rule.name) == rule
    for who in ("mike", "outsider"):
        with pytest.raises(AvailabilityRule.DoesNotExist):
            get_for(getattr(cast, who), rule.name)
    assert not visible_to(AnonymousUser()).exists()


def test_the_number_of_rules_does_not_change_the_number_of_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 2, 3):
        create_rule(
            actor=cast.sarah,
            user=cast.sarah,
            fields={"rule_name": f"Rule {count}"},
            date_overrides=[{"date": "2026-12-24", "reason": "Holiday"}],
        )
        with django_assert_num_queries(2):
            listed = [(rule.user.email, list(rule.date_overrides.all())) for rule in visible_to(cast.sarah)]
        assert len(listed) == count


@pytest.mark.parametrize(
    "values",
    [
        {"rule_name": ""},
        {"buffer_time_before": 241},
        {"max_bookings_per_day": 51},
        {"max_bookings_per_day": 5, "max_bookings_per_week": 4},
        {"min_notice_hours": 24, "max_days_advance": 1},
        {"max_days_advance": 366},
    ],
)
def test_the_database_refuses_what_the_services_would(cast: Cast, values: dict[str, object]) -> None:
    rule = _rule(cast.sarah)
    with pytest.raises(IntegrityError), transaction.atomic():
        AvailabilityRule.objects.filter(pk=rule.pk).update(**values)


def test_the_database_refuses_a_second_default(cast: Cast) -> None:
    _rule(cast.sarah, is_default=True)
    _rule(cast.sarah)
    with pytest.raises(IntegrityError), transaction.atomic():
        AvailabilityRule.objects.filter(user=cast.sarah).update(is_default=True)
