"""Who may see and edit whose availability; the same as for the rest of somebody's account."""

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.people.rules import AnyUser, may_edit_account


def may_edit(actor: AnyUser, rule: AvailabilityRule) -> bool:
    """Members edit their own rules, System Managers any."""
    return may_edit_account(actor, rule.user)
