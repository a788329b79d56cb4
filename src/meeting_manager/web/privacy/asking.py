"""Who is meant, and who may ask."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from meeting_manager.bookings import texts
from meeting_manager.people.models import User
from meeting_manager.people.queries import get_user
from meeting_manager.people.rules import is_system, is_system_manager


def address_of(given: str) -> str:
    """The address that was typed, as it is stored. Raises ValidationError on `email`."""
    found = texts.email(given)
    if found is None:
        raise ValidationError({"email": _("Please enter an e-mail address.")})
    return found


def colleague(address: str) -> User | None:
    """The account with this address, if there is one."""
    try:
        found = get_user(address)
    except User.DoesNotExist:
        return None
    return None if is_system(found) else found


def require_right(actor: User) -> None:
    """Personal data is for System Managers, and for the operator of the machine. Raises PermissionDenied."""
    if not (is_system_manager(actor) or is_system(actor)):
        raise PermissionDenied(_("Only System Managers may export or erase personal data."))


def refuse_colleague(address: str) -> None:
    """An account is no guest: who did what must stay known. Raises ValidationError on `email`."""
    if colleague(address):
        raise ValidationError(
            {
                "email": _(
                    "%(email)s has an account here. Disable the account; its bookings and what it did stay, so that "
                    "customers keep their meetings and histories keep their authors."
                )
                % {"email": address}
            }
        )
