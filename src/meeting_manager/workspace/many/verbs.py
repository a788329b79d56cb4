"""What can be done to many bookings, each verb with its service, what that would refuse, and its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from meeting_manager.bookings import foresight, services
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.takeover import MOST_BOOKINGS
from meeting_manager.people.models import User
from meeting_manager.workspace.choices import Verb
from meeting_manager.workspace.models import BulkItem, BulkRun

Service = Callable[[BulkRun, BulkItem, datetime], object]
Check = Callable[[Booking, User, datetime], None]


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb. `check` raises what the service would; `words_label` names the words that are asked for, and `status`
    is what becomes of a booking, empty where it keeps its own.
    """

    verb: Verb
    service: Service
    check: Check
    title: str | Promise
    question: str | Promise
    button: str | Promise
    done: str | Promise
    words_label: str | Promise
    words_hint: str | Promise = ""
    status: str = ""
    needs_words: bool = False
    is_final: bool = False
    is_for_managers: bool = False
    most: int = 2000
    """So many bookings at once."""


def _cancel(run: BulkRun, item: BulkItem, now: datetime) -> object:
    return services.cancel(booking=item.booking, actor=run.user, now=now, reason=run.words)


def _complete(run: BulkRun, item: BulkItem, now: datetime) -> object:
    return services.complete(booking=item.booking, actor=run.user, now=now, notes=run.words)


def _approve(run: BulkRun, item: BulkItem, now: datetime) -> object:
    return services.approve(booking=item.booking, actor=run.user, now=now, comment=run.words)


def _reject(run: BulkRun, item: BulkItem, now: datetime) -> object:
    return services.reject(booking=item.booking, actor=run.user, now=now, reason=run.words)


def _reassign(run: BulkRun, item: BulkItem, now: datetime) -> object:
    assert item.host is not None  # noqa: S101 - each item of such a run was made with its host
    return services.reassign(booking=item.booking, new_user=item.host, actor=run.user, now=now, reason=run.words)


_FOR_THE_HISTORY = _("For the history; the customer does not get it.")
_FOR_THE_CUSTOMER = _("The customer will read it.")

_ALL = (
    Deed(
        Verb.CANCEL,
        _cancel,
        foresight.check_cancel,
        _("Cancel bookings"),
        ngettext_lazy("Cancel %(count)d booking?", "Cancel %(count)d bookings?", "count"),
        ngettext_lazy("Cancel %(count)d booking", "Cancel %(count)d bookings", "count"),
        ngettext_lazy("%(count)d booking cancelled", "%(count)d bookings cancelled", "count"),
        _("Reason"),
        _FOR_THE_CUSTOMER,
        status=BookingStatus.CANCELLED,
        is_final=True,
    ),
    Deed(
        Verb.REASSIGN,
        _reassign,
        foresight.check_reassign,
        _("Reassign bookings"),
        ngettext_lazy("Reassign %(count)d booking?", "Reassign %(count)d bookings?", "count"),
        ngettext_lazy("Reassign %(count)d booking", "Reassign %(count)d bookings", "count"),
        ngettext_lazy("%(count)d booking reassigned", "%(count)d bookings reassigned", "count"),
        _("Reason"),
        _FOR_THE_HISTORY,
        is_for_managers=True,
        most=MOST_BOOKINGS,
    ),
    Deed(
        Verb.COMPLETE,
        _complete,
        foresight.check_complete,
        _("Complete bookings"),
        ngettext_lazy("Complete %(count)d booking?", "Complete %(count)d bookings?", "count"),
        ngettext_lazy("Complete %(count)d booking", "Complete %(count)d bookings", "count"),
        ngettext_lazy("%(count)d booking completed", "%(count)d bookings completed", "count"),
        _("Notes"),
        _FOR_THE_HISTORY,
        status=BookingStatus.COMPLETED,
    ),
    Deed(
        Verb.APPROVE,
        _approve,
        foresight.check_approve,
        _("Approve bookings"),
        ngettext_lazy("Approve %(count)d booking?", "Approve %(count)d bookings?", "count"),
        ngettext_lazy("Approve %(count)d booking", "Approve %(count)d bookings", "count"),
        ngettext_lazy("%(count)d booking approved", "%(count)d bookings approved", "count"),
        _("Comment"),
        _FOR_THE_HISTORY,
        status=BookingStatus.CONFIRMED,
        is_for_managers=True,
        most=MOST_BOOKINGS,
    ),
    Deed(
        Verb.REJECT,
        _reject,
        foresight.check_reject,
        _("Reject bookings"),
        ngettext_lazy("Reject %(count)d booking?", "Reject %(count)d bookings?", "count"),
        ngettext_lazy("Reject %(count)d booking", "Reject %(count)d bookings", "count"),
        ngettext_lazy("%(count)d booking rejected", "%(count)d bookings rejected", "count"),
        _("Reason"),
        _FOR_THE_CUSTOMER,
        status=BookingStatus.CANCELLED,
        needs_words=True,
        is_final=True,
        is_for_managers=True,
    ),
)
DEEDS: Mapping[str, Deed] = {deed.verb.value: deed for deed in _ALL}
