"""What may happen to availability rules and their date overrides."""

from meeting_manager.availability.services.overrides import (
    add_override,
    put_overrides,
    remove_override,
    replace_overrides,
)
from meeting_manager.availability.services.rules import create_rule, delete_rule, edit_rule

__all__ = [
    "add_override",
    "create_rule",
    "delete_rule",
    "edit_rule",
    "put_overrides",
    "remove_override",
    "replace_overrides",
]
