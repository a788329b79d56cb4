"""The demo's bookings: made as if it were then, by the services of today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from meeting_manager.bookings import services, times
from meeting_manager.bookings.choices import BookingSource, BookingStatus, ResponseStatus
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.demo.cast import CUSTOMERS, NOTES, SURVEY_ANSWERS, TEAMS
from meeting_manager.demo.plan import Fate, Planned, planned, working_day
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user

_HOUR = timedelta(hours=1)
_REPORT_EVERY = 20

Types = Mapping[str, Mapping[str, MeetingType]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What the bookings are made with: the cast, their meeting types by department and slug, and today."""

    people: Mapping[str, User]
    types: Types
    guest: User
    now: datetime

    def leader(self, planned: Planned) -> User:
        """Who decides in the department of a planned booking."""
        address = str(TEAMS[planned.department].fields["department_leader"])
        return self.people[address.partition("@")[0]]


def make(people: Mapping[str, User], types: Types, now: datetime, progress: Callable[[str], None]) -> int:
    """Make all bookings and what comes of them; returns how many there are, moved ones included."""
    stage = Stage(people, types, system_user(), now)
    plans = planned()
    for number, plan in enumerate(plans, start=1):
        booking = _book(stage, plan)
        if booking is not None:
            _FATES[plan.fate](stage, plan, booking)
        if number % _REPORT_EVERY == 0:
            progress(f"{number} of {len(plans)} bookings of customers")
    _internal_meetings(stage)
    services.expire_unapproved(now)
    return Booking.objects.filter(
        meeting_type__in=[kind for kinds in types.values() for kind in kinds.values()]
    ).count()


def _book(stage: Stage, plan: Planned) -> Booking | None:
    """A customer's booking on its day, made some days before; None where nobody is free all day."""
    kind = stage.types[plan.department][plan.meeting_type]
    day = working_day(stage.now.date(), plan.day)
    made = min(stage.now, datetime.combine(day, time(7, 20), stage.now.tzinfo) - timedelta(days=plan.days_before))
    start = _offered(kind, day=plan.day, stage=stage, made=made, place=plan.number * 5)
    if start is None:
        return None
    name, email, phone, zone = CUSTOMERS[plan.number % len(CUSTOMERS)]
    by_phone = plan.number % 11 == 0
    return services.book(
        meeting_type=kind,
        start=start,
        customer=Customer(name, email, phone, NOTES[plan.number % len(NOTES)], zone),
        actor=stage.leader(plan) if by_phone else stage.guest,
        source=BookingSource.MANUAL if by_phone else BookingSource.PUBLIC,
        now=made,
        answers=SURVEY_ANSWERS[plan.number % len(SURVEY_ANSWERS)] if plan.meeting_type == "site-survey" else {},
    ).booking


def _offered(kind: MeetingType, *, day: int, stage: Stage, made: datetime, place: int) -> datetime | None:
    """A start that guests were offered at `made` on that working day, or None; `place` picks one of them."""
    date = working_day(stage.now.date(), day)
    slots = times.offered_slots(meeting_type=kind, first=date, last=date, now=made).slots
    return moment(slots[place % len(slots)].start) if slots else None


def _host(booking: Booking) -> User:
    return booking.assigned_users.select_related("user")[0].user


def _stays(stage: Stage, plan: Planned, booking: Booking) -> None:
    """What is over by now was concluded; what needs a decision waits for it."""
    if booking.end_datetime <= stage.now and booking.booking_status == BookingStatus.CONFIRMED:
        _completed(stage, plan, booking)


def _completed(stage: Stage, plan: Planned, booking: Booking) -> None:  # noqa: ARG001 - all fates look alike
    if booking.end_datetime <= stage.now:
        services.complete(booking=booking, actor=_host(booking), now=booking.end_datetime)


def _no_show(stage: Stage, plan: Planned, booking: Booking) -> None:  # noqa: ARG001
    if booking.end_datetime <= stage.now:
        services.mark_no_show(
            booking=booking, actor=_host(booking), now=booking.end_datetime, notes="Nobody answered the phone."
        )


def _corrected(stage: Stage, plan: Planned, booking: Booking) -> None:
    _no_show(stage, plan, booking)
    services.complete(
        booking=booking, actor=stage.leader(plan), now=booking.end_datetime + _HOUR, notes="They were ten minutes late."
    )


def _cancelled(stage: Stage, plan: Planned, booking: Booking) -> None:
    now = min(booking.created_at + _HOUR, stage.now)
    reason = "The problem went away by itself." if plan.number % 2 else ""
    services.cancel(booking=booking, actor=stage.guest, now=now, reason=reason)


def _moved(stage: Stage, plan: Planned, booking: Booking) -> None:
    new = _move(stage, plan, booking, plan.day + 1)
    if new is not None:
        _stays(stage, plan, new)


def _moved_twice(stage: Stage, plan: Planned, booking: Booking) -> None:
    new = _move(stage, plan, booking, plan.day + 2)
    if new is not None:
        _move(stage, plan, new, plan.day + 1)


def _move(stage: Stage, plan: Planned, booking: Booking, day: int) -> Booking | None:
    now = min(booking.created_at + _HOUR, stage.now)
    start = _offered(booking.meeting_type, day=day, stage=stage, made=now, place=plan.number * 3)
    if start is None:
        return None
    return services.reschedule(
        booking=booking, start=start, actor=stage.guest, now=now, reason="Something came up."
    ).booking


def _reassigned(stage: Stage, plan: Planned, booking: Booking) -> None:
    """To the first colleague who is free."""
    now = min(booking.created_at + 2 * _HOUR, stage.now)
    answers = times.explain(meeting_type=booking.meeting_type, start=booking.start_datetime, now=now)
    free = {answer.user for answer in answers if not answer.refusals} - {_host(booking).email}
    for user in stage.people.values():
        if user.email in free:
            actor, reason = stage.leader(plan), "Knows the customer."
            services.reassign(booking=booking, new_user=user, actor=actor, now=now, reason=reason)
            return


def _approved(stage: Stage, plan: Planned, booking: Booking) -> None:
    if booking.booking_status == BookingStatus.PENDING:
        now = min(booking.created_at + 2 * _HOUR, stage.now)
        booking = services.approve(booking=booking, actor=stage.leader(plan), now=now, comment="A good fit.").booking
    _stays(stage, plan, booking)


def _rejected(stage: Stage, plan: Planned, booking: Booking) -> None:
    if booking.booking_status == BookingStatus.PENDING:
        now = min(booking.created_at + 2 * _HOUR, stage.now)
        reason = "A product demo answers this better; please book one."
        services.reject(booking=booking, actor=stage.leader(plan), now=now, reason=reason)


def _expired(stage: Stage, plan: Planned, booking: Booking) -> None:
    """Nobody decides: `expire_unapproved` ends it when all bookings are made."""


_FATES: dict[Fate, Callable[[Stage, Planned, Booking], None]] = {
    Fate.STAYS: _stays,
    Fate.COMPLETED: _completed,
    Fate.NO_SHOW: _no_show,
    Fate.CORRECTED: _corrected,
    Fate.CANCELLED: _cancelled,
    Fate.MOVED: _moved,
    Fate.MOVED_TWICE: _moved_twice,
    Fate.REASSIGNED: _reassigned,
    Fate.APPROVED: _approved,
    Fate.REJECTED: _rejected,
    Fate.EXPIRED: _expired,
}


def _internal_meetings(stage: Stage) -> None:
    """One a week: last week's took place, next week's is being answered."""
    for day in (-5, 5):
        booking = _plan_together(stage, day)
        if booking.end_datetime <= stage.now:
            services.complete(booking=booking, actor=stage.people["lead"], now=booking.end_datetime)
            continue
        for person, answer in (("tom", ResponseStatus.ACCEPTED), ("nina", ResponseStatus.TENTATIVE)):
            user = stage.people[person]
            services.respond(booking=booking, email=user.email, response=answer, actor=user, now=stage.now)


def _plan_together(stage: Stage, day: int) -> Booking:
    lead = stage.people["lead"]
    date = working_day(stage.now.date(), day)
    # Before customers may book, so that the hosts are free; the leader sets the hours aside.
    start = datetime.combine(date, time(6, 30), stage.now.tzinfo)
    return services.book_internal(
        meeting_type=stage.types["support"]["internal-planning"],
        start=start,
        hosts=[Host(lead, is_primary=True), Host(stage.people["sarah"]), Host(stage.people["mike"])],
        participants=[Invitee(user=stage.people[person], participant_type="Internal") for person in ("tom", "nina")],
        details=Details(title="Planning of the week"),
        force_reason="Planned before the day begins",
        actor=lead,
        now=min(stage.now, start - timedelta(days=7)),
    ).booking
