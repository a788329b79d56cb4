"""What may go wrong with a booking, besides Django's ValidationError, PermissionDenied and DoesNotExist."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

TAKEN = gettext_noop("The selected time is no longer available. Please choose another time.")


class Conflict(Exception):  # noqa: N818 - the word of HTTP and of the specification
    """The booking does not allow this now; the message says why, for everybody."""


class Superseded(Conflict):
    """What came late is older than what is known already."""


class RequestExpired(Conflict):
    """A request for a booking was not confirmed in time."""


class SeriesClash(Conflict):
    """Some dates of a series can't be had: `clashes` are their starts (aware) with why; nothing was changed."""

    def __init__(self, clashes: Sequence[tuple[datetime, str]]) -> None:
        super().__init__(gettext("Some of the dates can't be had."))
        self.clashes = tuple(clashes)


class TimeTaken(Conflict):
    """The time is not to be had.

    `hosts` are the users who were asked for by name; empty: any host would have done. `alternatives` are up to three
    `(start, end)` in UTC, nearest first; services leave it empty, since finding them is a question of its own
    (`times.alternatives`), asked outside the transaction.
    """

    def __init__(
        self,
        message: str = "",
        alternatives: Sequence[tuple[datetime, datetime]] = (),
        hosts: Collection[int] = (),
    ) -> None:
        super().__init__(message or gettext(TAKEN))
        self.alternatives = tuple(alternatives)
        self.hosts = tuple(hosts)
