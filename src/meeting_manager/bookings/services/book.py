"""A new booking: of a customer, or among colleagues."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from meeting_manager.bookings import answers as given_answers
from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import (
    ApprovalStatus,
    BookingSource,
    BookingStatus,
    EventType,
    ParticipantType,
)
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee, Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_book, may_decide
from meeting_manager.bookings.services import door, writing
from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system

NO_DETAILS = Details()


def book(
    *,
    meeting_type: MeetingType,
    start: datetime,
    end: datetime | None = None,
    customer: Customer,
    actor: User,
    now: datetime,
    source: str = BookingSource.PUBLIC,
    host: User | None = None,
    hosts: Sequence[Host] = (),
    details: Details = NO_DETAILS,
    participants: Sequence[Invitee] = (),
    force_reason: str = "",
    answers: Mapping[str, object] = given_answers.NO_ANSWERS,
) -> Result:
    """Book a customer's meeting with a department: with `host` or `hosts`, or whom the department's algorithm chooses.

    A member without the right to decide books for themselves. `start` and `end` are aware; for guests (the system
    user) `end` must be start + duration and the start an offered one; they must also answer what the type requires.
    `answers` are by the keys of the type's questions. Without approval it is Confirmed at once, else Pending and holds
    its time. Effects: booking, hosts, participants, both histories, busy time, the host's counters,
    announcements, in one transaction. Raises ValidationError, TimeTaken, PermissionDenied, MeetingType.DoesNotExist.
    """
    if host is None and not hosts and not (is_system(actor) or may_decide(actor, meeting_type.department)):
        host = actor
    wanted = [Host(host, is_primary=True)] if host else list(hosts)
    _require_right(actor, meeting_type, wanted)
    forced = door.check_force(actor, meeting_type.department, force_reason)
    cautions = validators.assigned_users(wanted) if wanted else []
    cleaned, answered = told(meeting_type, customer, answers, actor)
    invitees = validators.participants([_as_participant(cleaned), *participants])

    def work() -> Result:
        wish = _wish(meeting_type, start, end, actor, now, forced, internal=False)
        _require_right(actor, wish.kind, wanted)
        about = validators.details(details, wish.kind, f"{wish.kind.meeting_name} - {cleaned.name}")
        booking = compose(wish, about, source, cleaned)
        booking.answers = answered
        choice = _choose(wish, [one.user for one in wanted])
        approve_or_confirm(booking, actor, now, needs_approval=_needs_approval(wish.kind, cleaned))
        primary = [one.user.pk for one in wanted if one.is_primary] or choice.hosts
        return write(booking, wish, choice, primary, invitees, cautions)

    return door.attempt(work)


def book_internal(
    *,
    meeting_type: MeetingType,
    start: datetime,
    end: datetime | None = None,
    hosts: Sequence[Host],
    actor: User,
    now: datetime,
    source: str = BookingSource.INTERNAL,
    participants: Sequence[Invitee] = (),
    details: Details = NO_DETAILS,
    force_reason: str = "",
) -> Result:
    """Book a meeting among colleagues: Confirmed at once, every host's availability checked, no counters raised.

    `start` and `end` are aware; without `end` it lasts the type's duration. Effects and errors as in `book`.
    """
    require_right_to_meet(actor, meeting_type)
    forced = door.check_force(actor, meeting_type.department, force_reason)
    cautions = validators.assigned_users(hosts)
    invitees = validators.participants(participants)

    def work() -> Result:
        wish = _wish(meeting_type, start, end, actor, now, forced, internal=True)
        require_right_to_meet(actor, wish.kind)
        about = validators.details(details, wish.kind, wish.kind.meeting_name)
        booking = compose(wish, about, source, None)
        door.lock_users([host.user.pk for host in hosts])
        choice = door.take_named(wish, [host.user for host in hosts], is_assignment=False)
        approve_or_confirm(booking, actor, now, needs_approval=False)
        primary = [host.user.pk for host in hosts if host.is_primary]
        return write(booking, wish, choice, primary, invitees, cautions)

    return door.attempt(work)


def compose(wish: door.Wish, about: Details, source: str, customer: Customer | None) -> Booking:
    """An unsaved, Pending booking of the wish; internal where there is no customer."""
    given = customer or Customer()
    return Booking(
        meeting_type=wish.kind,
        booking_status=BookingStatus.PENDING,
        booking_date=wish.now.date(),
        is_internal=customer is None,
        booking_source=source,
        meeting_title=about.title,
        meeting_description=about.description,
        meeting_location=about.location or "",
        video_meeting_url=about.video_url or "",
        location_type=about.location_type or "",
        start_datetime=wish.start,
        end_datetime=wish.end,
        duration=minutes(wish.end - wish.start),
        customer_name=given.name,
        customer_email=given.email,
        customer_phone=given.phone,
        customer_notes=given.notes,
        customer_timezone=given.timezone,
        customer_language=given.language,
        created_by=wish.actor,
        created_at=wish.now,
        modified_at=wish.now,
    )


def approve_or_confirm(booking: Booking, actor: User, now: datetime, *, needs_approval: bool) -> None:
    """The status a new booking has: those who decide approve their own at once (system.md §7)."""
    booking.requires_approval = needs_approval
    if not needs_approval:
        booking.booking_status = BookingStatus.CONFIRMED
    elif may_decide(actor, booking.meeting_type.department):
        booking.booking_status = BookingStatus.CONFIRMED
        booking.approval_status = ApprovalStatus.APPROVED
        booking.approved_by, booking.approval_date = actor, now
    else:
        booking.approval_status = ApprovalStatus.PENDING


def opening_entries(booking: Booking, wish: door.Wish, *more: str) -> list[history.Entry]:
    """The first entries of a booking's history: created (by whom, forced or not), approved at once, confirmed."""
    who = f" by {booking.customer_name}" if is_system(wish.actor) else ""
    created = (f"Booking created{who}: {booking.meeting_title}", *more, history.because("Forced", wish.force_reason))
    entries: list[history.Entry] = [history.Happened(EventType.CREATED, ". ".join(filter(None, created)))]
    if booking.approval_status == ApprovalStatus.APPROVED:
        entries.append(history.Happened(EventType.APPROVED, "Approved at once: created by somebody who decides"))
    if booking.booking_status == BookingStatus.CONFIRMED:
        entries.append(history.status_change(BookingStatus.PENDING, BookingStatus.CONFIRMED))
    return entries


def minutes(length: timedelta) -> int:
    """The duration as stored: whole minutes, at least one."""
    return max(1, round(length.total_seconds() / 60))


def announced(booking: Booking) -> str:
    """Which event a new booking is: people are told differently while it awaits approval."""
    return "confirmed" if booking.booking_status == BookingStatus.CONFIRMED else "requested"


def told(
    kind: MeetingType, customer: Customer, answers: Mapping[str, object], actor: User
) -> tuple[Customer, list[given_answers.Stored]]:
    """What the customer says of themselves and answers to the type's questions, cleaned; all problems at once."""
    if not (kind.is_public and kind.is_active and kind.department.is_active):
        return validators.customer(customer), []  # refused behind the lock; what it would ask is not for guests to know
    asked = departments.questions_of(kind)
    problems = validators.Problems()
    nothing: list[given_answers.Stored] = []
    cleaned = problems.gather(lambda: validators.customer(customer), customer)
    answered = problems.gather(lambda: given_answers.read(asked, answers, must_answer=is_system(actor)), nothing)
    problems.raise_any()
    return cleaned, answered


def _as_participant(customer: Customer) -> Invitee:
    return Invitee(customer.email, customer.name, participant_type=ParticipantType.EXTERNAL)


def _require_right(actor: User, kind: MeetingType, wanted: Sequence[Host]) -> None:
    if not may_book(actor, kind.department, [one.user for one in wanted]):
        raise PermissionDenied(_("You may not create bookings for this department."))


def nothing_left() -> str:
    """What is said where everything was left out."""
    return _("Nothing is left: at least one date is needed.")


def require_right_to_meet(actor: User, kind: MeetingType) -> None:
    """Raise PermissionDenied unless `actor` may call meetings among colleagues."""
    if not may_decide(actor, kind.department):
        raise PermissionDenied(_("Only a department leader or a System Manager may create internal meetings."))


def _wish(
    meeting_type: MeetingType,
    start: datetime,
    end: datetime | None,
    actor: User,
    now: datetime,
    forced: str,
    *,
    internal: bool,
) -> door.Wish:
    """What is wanted, with the type as it is behind the lock, which this takes."""
    kind = door.lock_type(meeting_type)
    begins, ends = span(kind, start, end, actor)
    validators.meeting_type(kind, internal=internal)
    validators.timing(begins, ends, now)
    return door.Wish(kind, begins, ends, actor, now, forced)


def span(kind: MeetingType, start: datetime, end: datetime | None, actor: User) -> tuple[datetime, datetime]:
    """Start and end in UTC; of guests the end must be the type's duration after the start. Raises ValidationError."""
    begins = door.instant(start)
    due = begins + timedelta(minutes=kind.duration)
    ends = door.instant(end) if end else due
    if is_system(actor) and begins < ends != due:
        raise validators.refusal(
            "end_datetime",
            _("End DateTime must be %(minutes)s minutes after Start DateTime.") % {"minutes": kind.duration},
        )
    return begins, ends


def _choose(wish: door.Wish, named: Sequence[User]) -> door.Choice:
    if named:
        door.lock_users([user.pk for user in named])
        return door.take_named(wish, named)
    door.lock_members(wish.kind)
    return door.find_host(wish)


def _needs_approval(kind: MeetingType, customer: Customer) -> bool:
    limit = settings.NO_SHOW_BLOCK_AFTER
    if kind.requires_approval or not limit:
        return kind.requires_approval
    missed = Booking.objects.filter(customer_email=customer.email, booking_status=BookingStatus.NO_SHOW)
    return missed[:limit].count() >= limit


def write(
    booking: Booking,
    wish: door.Wish,
    choice: door.Choice,
    primary: Sequence[int],
    invitees: Sequence[Invitee],
    cautions: Sequence[str] = (),
    more: Mapping[str, object] = writing.NOTHING_MORE,
) -> Result:
    """Write a composed booking with all that belongs to it, and announce it; `more` goes into the announcement."""
    booking.assignment_method, booking.assignment_receipt = choice.method, dict(choice.receipt)
    writing.insert(
        booking,
        choice=choice,
        primary=primary,
        participants=invitees,
        entries=opening_entries(booking, wish),
        actor=wish.actor,
        now=wish.now,
    )
    door.count_assignment(wish.kind, choice, wish.now)
    writing.tell(booking, announced(booking), actor=wish.actor, now=wish.now, **more)
    return Result(booking, (*cautions, *validators.warnings(booking, participants=len(invitees))))
