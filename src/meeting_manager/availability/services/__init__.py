"""What may happen to availability rules and their date overrides."""

from meeting_manager.availability.services.overrides import remove_override, replace_overrides, set_override
from meeting_manager.availability.services.rules import create_rule, delete_rule, edit_rule

__all__ = ["create_rule", "delete_rule", "edit_rule", "remove_override", "replace_overrides", "set_override"]
