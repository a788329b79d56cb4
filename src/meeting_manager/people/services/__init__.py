"""What may happen to people: accounts, their settings, their tokens, their feeds."""

from meeting_manager.people.services.accounts import (
    create_admin,
    create_user,
    disable_user,
    edit_user,
    enable_user,
    on_disabling,
    on_enabling,
)
from meeting_manager.people.services.feeds import make_feed, switch_feed_off
from meeting_manager.people.services.invitations import invite_again, invite_user
from meeting_manager.people.services.removal import remove_account
from meeting_manager.people.services.settings import edit_settings
from meeting_manager.people.services.tokens import create_token, revoke_token

__all__ = [
    "create_admin",
    "create_token",
    "create_user",
    "disable_user",
    "edit_settings",
    "edit_user",
    "enable_user",
    "invite_again",
    "invite_user",
    "make_feed",
    "on_disabling",
    "on_enabling",
    "remove_account",
    "revoke_token",
    "switch_feed_off",
]
