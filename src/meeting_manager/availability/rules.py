"""Who may see and edit whose availability; the same as for the rest of somebody's account."""

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.people.rules import AnyUser, may_edit_account, may_read_account


def may_edit(actor: AnyUser, rule: AvailabilityRule) -> bool:
    """Members edit their own rules, System Managers any."""
    return may_edit_account(actor, rule.user)


def may_read(actor: AnyUser, rule: AvailabilityRule) -> bool:
    """Besides those who may edit: the leaders of a department of the rule's user."""
    return may_read_account(actor, rule.user)
