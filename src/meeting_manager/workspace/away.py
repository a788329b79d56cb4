"""Handing somebody's bookings over, each by itself, and taking all of it back."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from meeting_manager.availability.models import DateOverride
from meeting_manager.availability.queries import in_force
from meeting_manager.availability.services import put_overrides, remove_override
from meeting_manager.bookings import queries, services
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.takeover import Colleague, Plan, Takeover
from meeting_manager.departments.queries import managed_by
from meeting_manager.people.models import User
from meeting_manager.web.problems import problem_of

DONE = "away_done"
"""The slot of the session in which what was done is kept, so that it can be taken back."""


@dataclass(frozen=True, slots=True)
class Row:
    """A booking on the page of a plan: who could take it, and why the others can't."""

    takeover: Takeover
    free: Sequence[tuple[Colleague, User]]
    others: Sequence[tuple[Colleague, User]]

    @property
    def field(self) -> str:
        """The name under which the form says who takes it."""
        return f"host-{self.takeover.booking.name}"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a booking: handed to `host`, or refused with the message in `problem`."""

    booking: Booking
    host: User
    problem: str = ""


def members_of(user: User) -> QuerySet[User]:
    """Whose bookings `user` may reassign: the active members of the departments they manage, by name."""
    departments = managed_by(user).values("pk")
    found = User.objects.filter(memberships__department__in=departments, memberships__is_active=True, is_active=True)
    return found.distinct().order_by("full_name", "email")


def rows_of(plan: Plan) -> list[Row]:
    """The plan, booking by booking; one query for all names."""
    ids = {colleague.user_id for takeover in plan.takeovers for colleague in takeover.colleagues}
    users = User.objects.in_bulk(ids)
    return [_row(takeover, users) for takeover in plan.takeovers]


def _row(takeover: Takeover, users: Mapping[int, User]) -> Row:
    known = [(one, users[one.user_id]) for one in takeover.colleagues]
    return Row(takeover, [each for each in known if not each[0].refusals], [each for each in known if each[0].refusals])


def hand_over(
    given: Mapping[str, str], *, actor: User, leaving: User, bookings: Iterable[Booking], reason: str, now: datetime
) -> list[Done]:
    """Reassign each booking to whom `given` names (an e-mail address under "host-" and the booking's name).

    Each is a change by itself, with its own refusals; what is not named stays. The names may come from a page that
    is no longer true: the services are the last word.
    """
    wanted = {booking: given.get(f"host-{booking.name}", "") for booking in bookings}
    users = {user.email: user for user in User.objects.filter(email__in=set(wanted.values()))}
    return [
        _reassign(booking, users[email], actor=actor, old_user=leaving, reason=reason, now=now)
        for booking, email in wanted.items()
        if email in users
    ]


def note_days(*, actor: User, leaving: User, first: date, last: date, reason: str) -> list[str]:
    """Note as away what of these days has no word about it yet, so that nothing new is booked; the days (ISO) it was.

    Raises PermissionDenied where `actor` may not edit the account.
    """
    rule = in_force(leaving)
    known = set(rule.date_overrides.values_list("date", flat=True)) if rule else set()
    every = (first + timedelta(days=more) for more in range((last - first).days + 1))
    rows = [{"date": day, "available": False, "reason": reason} for day in every if day not in known]
    if rows:
        put_overrides(actor=actor, user=leaving, date_overrides=rows)
    return [str(row["date"]) for row in rows]


def take_back(kept: Mapping[str, Any], *, actor: User, now: datetime) -> list[Done]:
    """Give every booking back to whom it was taken from, also outside their hours, but never over a clash."""
    leaving = User.objects.get(email=kept["leaving"])
    _forget_days(kept["days"], actor, leaving)
    given = dict(kept["done"])
    bookings = {one.name: one for one in queries.visible_to(actor).filter(name__in=given)}
    users = {user.email: user for user in User.objects.filter(email__in=set(given.values()))}
    return [
        _reassign(
            bookings[name],
            leaving,
            actor=actor,
            old_user=users[email],
            reason="Taken back",
            force_reason="Taken back",
            now=now,
        )
        for name, email in given.items()
        if name in bookings and email in users
    ]


def _forget_days(days: Iterable[str], actor: User, leaving: User) -> None:
    rule = in_force(leaving)
    for day in days:
        with suppress(DateOverride.DoesNotExist):  # somebody did so already
            if rule:
                remove_override(actor=actor, rule=rule, day=date.fromisoformat(day))


def _reassign(booking: Booking, new_user: User, **named: Any) -> Done:  # noqa: ANN401 - handed on to the service
    try:
        services.reassign(booking=booking, new_user=new_user, **named)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return Done(booking, new_user, problem.detail)
    return Done(booking, new_user)
