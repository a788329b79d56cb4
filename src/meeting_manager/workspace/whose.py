"""Whose settings a page is about: one's own, or those of somebody whom the reader may look after."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from meeting_manager.people import queries
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account, may_read_account


@dataclass(frozen=True, slots=True)
class Whose:
    """The account that pages are about, and how its reader stands to it."""

    user: User
    reader: User

    @property
    def is_own(self) -> bool:
        """Whether it is the reader's own."""
        return self.user.pk == self.reader.pk

    @property
    def may_edit(self) -> bool:
        """Whether the reader may change anything."""
        return may_edit_account(self.reader, self.user)

    def address(self, page: str, *parts: str) -> str:
        """Where a page about this account is: "hours", for one."""
        if self.is_own:
            return reverse(f"account_{page}", args=parts)
        return reverse(f"workspace_person_{page}", args=[self.user.email, *parts])


def whose(reader: User, email: str) -> Whose:
    """The reader's own account where no address is given, else the one with it.

    Raises User.DoesNotExist where it is not visible, PermissionDenied to colleagues.
    """
    user = queries.get_for(reader, email) if email else reader
    if not may_read_account(reader, user):
        raise PermissionDenied("You may see the settings of members of departments you lead only.")
    return Whose(user, reader)
