"""What would become of each of many bookings: done, with whom, or not, and why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.takeover import Takeover, plan_for
from meeting_manager.bookings.validators import DUPLICATE_HOSTS
from meeting_manager.notifications.foretelling import Change, Foretold, foretell
from meeting_manager.people.models import User
from meeting_manager.web.problems import problem_of
from meeting_manager.workspace.choices import Verb
from meeting_manager.workspace.many.verbs import Deed

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Prospect:
    """One booking: `problem` is why it can't be done, in the words of the service; `host` is who would take it over."""

    booking: Booking
    problem: str = ""
    host: User | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """All of them, and the mails that would go out."""

    doable: Sequence[Prospect]
    refused: Sequence[Prospect]
    mails: Foretold


def foresee(deed: Deed, bookings: Sequence[Booking], actor: User, now: datetime, to: User | None = None) -> Outlook:
    """What `deed` would do to these bookings, which come with type, department, hosts and participants.

    `to` is who is to take them over; without one the assignment decides. Reads only: a few queries for each
    department, and for approvals one for each booking.
    """
    checked = [Prospect(booking, _problem(deed, booking, actor, now)) for booking in bookings]
    possible = [each.booking for each in checked if not each.problem]
    if deed.verb == Verb.REASSIGN:
        taken = _taken_over(possible, now, to)
        checked = [taken.get(each.booking.pk, each) for each in checked]
    doable = [each for each in checked if not each.problem]
    refused = [each for each in checked if each.problem]
    return Outlook(doable, refused, foretell([_change(deed, each) for each in doable]))


def words_for(error: Exception) -> str:
    """A refusal as people read it; empty for what is none, but a mistake of ours."""
    problem = problem_of(error)
    return problem.detail if problem else ""


def _problem(deed: Deed, booking: Booking, actor: User, now: datetime) -> str:
    try:
        deed.check(booking, actor, now)
    except Exception as error:
        words = words_for(error)
        if not words:
            raise
        return words
    return ""


def _taken_over(bookings: Sequence[Booking], now: datetime, to: User | None) -> Mapping[int, Prospect]:
    plan = plan_for(bookings=bookings, now=now, to=to)
    users = User.objects.in_bulk([each.host for each in plan if each.host is not None])
    return {each.booking.pk: _prospect(each, users, to) for each in plan}


def _prospect(takeover: Takeover, users: Mapping[int, User], to: User | None) -> Prospect:
    if takeover.host is not None:
        return Prospect(takeover.booking, host=users[takeover.host])
    if to is not None:
        return Prospect(takeover.booking, _why_not(takeover, to))
    return Prospect(takeover.booking, _why_nobody(takeover))


def _why_not(takeover: Takeover, to: User) -> str:
    """In the words of the service, and in the order in which it looks."""
    if any(row.user_id == to.pk for row in takeover.booking.assigned_users.all()):
        return _(DUPLICATE_HOSTS)
    known = {"email": to.email, "department": takeover.booking.meeting_type.department.department_name}
    if not takeover.colleagues:
        return _("User '%(email)s' is not an active member of department '%(department)s'.") % known
    refusals = takeover.colleagues[0].refusals
    if not refusals:
        return _("%(email)s would have too much, or two meetings at once, with the others of these bookings.") % known
    return f"User '{to.email}' is not available at the selected time: {refusals[0].text}."


def _why_nobody(takeover: Takeover) -> str:
    reasons = list(_reasons(takeover))
    if not reasons:
        return _("Nobody else is a member of the department.")
    more = len(reasons) - _MOST_NAMED
    told = "; ".join(reasons[:_MOST_NAMED])
    return _("Nobody else is free: %(reasons)s") % {"reasons": told + (" …" if more > 0 else "")}


def _reasons(takeover: Takeover) -> Iterable[str]:
    for colleague in takeover.colleagues:
        text = colleague.refusals[0].text if colleague.refusals else _("takes others of these bookings")
        yield f"{colleague.email}: {text}"


def _change(deed: Deed, prospect: Prospect) -> Change:
    hosts = None
    if prospect.host is not None:
        rows = list(prospect.booking.assigned_users.all())
        kept = [row.user.email for row in rows if not row.is_primary_host]
        hosts = [prospect.host.email, *kept]
    return Change(prospect.booking, deed.status, hosts, is_rejected=deed.verb == Verb.REJECT)
