"""People as typed: one address a line, of colleagues or others."""

import re
from collections.abc import Sequence
from email.utils import parseaddr

from meeting_manager.bookings.choices import ParticipantType
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.people.models import User
from meeting_manager.people.queries import visible_to
from meeting_manager.people.validators import storable

_BETWEEN = re.compile(r"[\n,;]+")


def invitees_of(text: str, hosts: Sequence[User]) -> list[Invitee]:
    """Whom the lines name, each once and no host; who has an account here is a colleague. One query."""
    typed: dict[str, str] = {}
    for line in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        name, address = parseaddr(line)
        typed.setdefault((address or line).lower(), name)
    known = {user.email: user for user in User.objects.filter(email__in=filter(storable, typed), is_active=True)}
    return [
        _invitee(address, name, known.get(address))
        for address, name in typed.items()
        if address not in {host.email for host in hosts}
    ]


def seen_by(reader: User, invitees: Sequence[Invitee]) -> list[User]:
    """Those of the invited whose time `reader` may look at."""
    ids = [one.user.pk for one in invitees if one.user]
    return list(visible_to(reader).filter(pk__in=ids)) if ids else []


def _invitee(address: str, name: str, user: User | None) -> Invitee:
    if user is not None:
        return Invitee(address, name, user, ParticipantType.INTERNAL)
    return Invitee(address, name or address.partition("@")[0])
