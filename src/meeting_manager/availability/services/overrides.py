"""Date overrides of a rule."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from meeting_manager.availability import validators
from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.availability.queries import in_force
from meeting_manager.availability.rules import may_edit
from meeting_manager.availability.services.rules import create_rule
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account
from meeting_manager.people.validators import refusing_duplicates


def add_override(*, actor: User, rule: AvailabilityRule, fields: Mapping[str, object]) -> DateOverride:
    """Say what one date is like: `date`, `available`, `custom_hours_start`, `custom_hours_end` ("HH:MM", wall time of
    the user), `reason`. Raises PermissionDenied, ValidationError (also where the date has an override).
    """
    _require_rights(actor, rule)
    values = validators.read_override(fields)
    taken = f"Date '{values['date']}' already has an override in this rule. Please choose another or remove that first."
    with refusing_duplicates("date", taken):
        return DateOverride.objects.create(rule=rule, **values)


def replace_overrides(
    *, actor: User, rule: AvailabilityRule, date_overrides: Sequence[Mapping[str, object]]
) -> list[DateOverride]:
    """Make these all the overrides of a rule, each date once. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, rule)
    rows = validators.read_overrides(date_overrides)
    with transaction.atomic():
        AvailabilityRule.objects.select_for_update().get(pk=rule.pk)
        rule.date_overrides.all().delete()
        return DateOverride.objects.bulk_create(DateOverride(rule=rule, **row) for row in rows)


def put_overrides(*, actor: User, user: User, date_overrides: Sequence[Mapping[str, object]]) -> AvailabilityRule:
    """Say what these dates are like in the rule that is in force, also where it says something else about them now; who
    has no rule gets a first one. Raises PermissionDenied, ValidationError.
    """
    if not may_edit_account(actor, user):
        raise PermissionDenied("You may edit your own availability only.")
    rows = validators.read_overrides(date_overrides)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        rule = in_force(user) or create_rule(actor=actor, user=user, fields=_FIRST)
        rule.date_overrides.filter(date__in=[row["date"] for row in rows]).delete()
        DateOverride.objects.bulk_create(DateOverride(rule=rule, **row) for row in rows)
    return rule


_FIRST = {"rule_name": "Default", "is_default": True}


def remove_override(*, actor: User, rule: AvailabilityRule, day: date) -> None:
    """Give a date back to its weekday. Raises PermissionDenied, DateOverride.DoesNotExist."""
    _require_rights(actor, rule)
    removed, _ = rule.date_overrides.filter(date=day).delete()
    if not removed:
        raise DateOverride.DoesNotExist


def _require_rights(actor: User, rule: AvailabilityRule) -> None:
    if not may_edit(actor, rule):
        raise PermissionDenied("You may edit your own availability only.")
