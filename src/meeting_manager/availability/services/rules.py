"""Availability rules: made, edited, deleted by their user and by System Managers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from meeting_manager.availability import validators
from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.names.services import next_name
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account
from meeting_manager.people.validators import require


def create_rule(
    *,
    actor: User,
    user: User,
    fields: Mapping[str, object],
    date_overrides: Sequence[Mapping[str, object]] = (),
) -> AvailabilityRule:
    """A new rule of `user` with its date overrides; a default one takes the place of the default there was.

    Raises PermissionDenied, ValidationError.
    """
    _require_rights(actor, user)
    require(fields, {"rule_name": "Rule Name"})
    rule = AvailabilityRule(user=user, **validators.read_rule(fields))
    validators.check_rule(_fields(rule))
    overrides = validators.read_overrides(date_overrides)
    with transaction.atomic():
        _lock_rules_of(user)
        _unset_other_defaults(rule)
        rule.name = next_name(f"MM-UAR-{user.email}")
        rule.save()
        DateOverride.objects.bulk_create(DateOverride(rule=rule, **row) for row in overrides)
    return rule


def edit_rule(*, actor: User, rule: AvailabilityRule, changes: Mapping[str, object]) -> AvailabilityRule:
    """Change fields of a rule; returns it as stored. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, rule.user)
    values = validators.read_rule(changes)
    with transaction.atomic():
        _lock_rules_of(rule.user)
        stored = AvailabilityRule.objects.select_related("user").get(pk=rule.pk)
        for field, value in values.items():
            setattr(stored, field, value)
        validators.check_rule(_fields(stored))
        _unset_other_defaults(stored)
        stored.save()
    return stored


def delete_rule(*, actor: User, rule: AvailabilityRule) -> None:
    """Remove a rule with its overrides; the next one, or the defaults, come into force. Raises PermissionDenied."""
    _require_rights(actor, rule.user)
    rule.delete()


def _fields(rule: AvailabilityRule) -> dict[str, Any]:
    return {field: getattr(rule, field) for field in validators.RULE}


def _lock_rules_of(user: User) -> None:
    """One writer at a time for the rules of a user, so that two defaults cannot meet."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _unset_other_defaults(rule: AvailabilityRule) -> None:
    if rule.is_default:
        others = AvailabilityRule.objects.filter(user=rule.user, is_default=True).exclude(pk=rule.pk)
        others.update(is_default=False)


def _require_rights(actor: User, user: User) -> None:
    if not may_edit_account(actor, user):
        raise PermissionDenied("You may edit your own availability only.")
