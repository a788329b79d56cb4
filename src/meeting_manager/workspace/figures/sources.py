"""What the figures of a page are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from meeting_manager.analytics.numbers import Numbers
from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries.scope import MADE
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from meeting_manager.workspace.figures.links import Links


@dataclass(frozen=True, slots=True)
class Sources:
    """What tables are made of: the numbers, the way to their bookings, the meeting types by id, with their label,
    and two members to compare."""

    numbers: Numbers
    links: Links
    kinds: Mapping[int, tuple[MeetingType, str]]
    pair: tuple[User, User] | None = None

    def people(self) -> dict[int, User]:
        """All hosts of the period by id. One query."""
        return User.objects.in_bulk(list(self.numbers.members))


def outcome_hrefs(links: Links, period: Period, *, meeting_type: str = "", member: str = "") -> list[str]:
    """To all bookings, the cancelled, and those to which nobody came."""
    wanted = (MADE, [BookingStatus.CANCELLED], [BookingStatus.NO_SHOW])
    return [links.bookings(period, statuses, meeting_type=meeting_type, member=member) for statuses in wanted]
