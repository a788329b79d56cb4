"""What the pages that create bookings are made of: who may, of which types, when, and with whom."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from meeting_manager.bookings import times, when
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.validators import EARLIEST, LATEST
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.queries import managed_by, member_departments
from meeting_manager.departments.rules import manages_some
from meeting_manager.engine.refusals import Refusal, RefusalCode
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User
from meeting_manager.people.validators import storable
from meeting_manager.web.idempotency import FIELD, Answer, once, scope_of_user

_STEP = timedelta(minutes=30)
"""Between the times that are looked at for a meeting among colleagues."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a time: free, or why not. `can_force`: no rule but such as a reason sets aside."""

    user: User
    refusals: Sequence[Refusal]

    @property
    def is_free(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.refusals

    @property
    def can_force(self) -> bool:
        """Whether a leader may take the time all the same, with a reason."""
        return bool(self.refusals) and all(one.code is not RefusalCode.CLASH for one in self.refusals)

    @property
    def why(self) -> str:
        """All that speaks against it, in one sentence."""
        return "; ".join(one.text for one in self.refusals)


@dataclass(frozen=True, slots=True)
class Choice:
    """A time with everybody who was asked about it, aware UTC."""

    start: datetime
    end: datetime
    people: Sequence[Person]

    @property
    def value(self) -> str:
        """The start as addresses carry it."""
        return written(self.start)

    @property
    def free(self) -> list[Person]:
        """Who can come."""
        return [one for one in self.people if one.is_free]

    @property
    def missing(self) -> int:
        """How many can't."""
        return sum(not one.is_free for one in self.people)


def creates_some(user: User) -> bool:
    """Whether `user` may create bookings anywhere; reads two rows at most."""
    return manages_some(user) or _books_for_themselves(user).exists()


def customer_types(user: User) -> QuerySet[MeetingType]:
    """The types that `user` may book customers for: in departments they manage, or for themselves as a member."""
    mine = Q(department__in=managed_by(user).values("pk")) | Q(department__in=_books_for_themselves(user).values("pk"))
    return _active().filter(mine, is_public=True)


def internal_types(user: User) -> QuerySet[MeetingType]:
    """The types of meetings among colleagues in departments that `user` manages."""
    return _active().filter(department__in=managed_by(user).values("pk"), is_internal=True)


def day_with_times(kind: MeetingType, user: User, day: date, zone: str, now: datetime) -> list[Choice]:
    """The times of a day (local to `zone`) at which somebody is free; for members, they themselves."""
    offer = times.offered_slots(meeting_type=kind, first=day, last=day, now=now, zone=zone)
    spans = [(moment(slot.start), moment(slot.end)) for slot in offer.slots]
    choices = _choices(kind, spans, now, hosts=None if may_decide(user, kind.department) else [user.pk])
    return [one for one in choices if one.free]


def people_at(kind: MeetingType, user: User, start: datetime, now: datetime) -> list[Person]:
    """Who of those that `user` may name as a host can take the time, and why the others can't."""
    member = None if may_decide(user, kind.department) else user
    return _people(times.explain(meeting_type=kind, start=start, now=now, member=member))


def meeting_times(
    kind: MeetingType, hosts: Iterable[User], guests: Iterable[User], day: date, zone: str, minutes: int, now: datetime
) -> list[Choice]:
    """The times of a day (local to `zone`) within the hours of some host, those first at which most can come.

    Of `guests`, who need not be members, only hours and clashes are asked.
    """
    host_ids, guest_ids = {one.pk for one in hosts}, {one.pk for one in guests}
    lo, hi = (moment(edge) for edge in day_bounds(zone, day))
    length, first = timedelta(minutes=minutes), max(lo, _next_step(now))
    spans = [(first + number * _STEP, first + number * _STEP + length) for number in range((hi - first) // _STEP)]
    choices = _choices(kind, spans, now, hosts=host_ids, guests=guest_ids - host_ids)
    working = [one for one in choices if any(_works(each) for each in one.people if each.user.pk in host_ids)]
    return sorted(working, key=lambda one: (one.missing, one.start))


def _next_step(now: datetime) -> datetime:
    """The next half hour, so that times on the page are round whatever the zone."""
    rest = (now - datetime.min.replace(tzinfo=UTC)) % _STEP
    return now if not rest else now + _STEP - rest


def meeting_at(
    kind: MeetingType, hosts: Iterable[User], guests: Iterable[User], start: datetime, minutes: int, now: datetime
) -> Choice:
    """One time, with who can come."""
    host_ids, guest_ids = {one.pk for one in hosts}, {one.pk for one in guests}
    span = (start, start + timedelta(minutes=minutes))
    return _choices(kind, [span], now, hosts=host_ids, guests=guest_ids - host_ids)[0]


def nearest_times(
    kind: MeetingType, start: datetime, now: datetime, hosts: Iterable[int] = (), minutes: int = 0
) -> list[datetime]:
    """Three starts near `start` that can be had, nearest first."""
    found = times.alternatives(meeting_type=kind, start=start, now=now, hosts=list(hosts), minutes=minutes)
    return [begins for begins, _ends in found]


def written(start: datetime) -> str:
    """An instant as addresses and forms carry it."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_start(text: str, zone: str) -> datetime | None:
    """The instant that `text` names, in UTC; without an offset on the clocks of `zone`. None where it is none."""
    try:
        given = datetime.fromisoformat(text.strip())
        aware = given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))
        start = aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None
    return start if EARLIEST <= start < LATEST else None


def read_day(text: str, zone: str, now: datetime) -> date:
    """The date that `text` names, today (in `zone`) where it is none or over."""
    today = when.local(now, zone).date()
    try:
        return min(max(date.fromisoformat(text.strip()), today), date(2099, 12, 30))
    except ValueError:
        return today


def book_once(user: User, key: str, said: object, now: datetime, work: Callable[[], str]) -> str:
    """The name of the booking that `work` makes; of a form that is sent twice, that of the first time.

    Raises what `work` raises; then the form may be sent again. Raises ValidationError where the form said something
    else the first time.
    """
    try:
        answer = once(
            scope=scope_of_user(user), key=key, request=said, now=now, work=lambda: Answer(201, {"name": work()})
        )
    except ValidationError as error:
        if FIELD not in getattr(error, "error_dict", {}):
            raise
        raise ValidationError(
            {"key": [_("This form was used already. Open the page anew to book another.")]}
        ) from error
    return str(answer.body["name"])


def _books_for_themselves(user: User) -> QuerySet[Department]:
    return member_departments(user).filter(members_may_book=True, is_active=True)


def _active() -> QuerySet[MeetingType]:
    types = MeetingType.objects.filter(is_active=True, department__is_active=True)
    return types.select_related("department").order_by("department__department_name", "meeting_name", "pk")


def _choices(
    kind: MeetingType,
    spans: Sequence[tuple[datetime, datetime]],
    now: datetime,
    *,
    hosts: Iterable[int] | None,
    guests: Iterable[int] = (),
) -> list[Choice]:
    asked = None if hosts is None else list(hosts)
    found = times.explain_all(meeting_type=kind, spans=spans, now=now, hosts=asked, guests=set(guests))
    users = _users(one.user for one in found[0]) if found else {}
    return [
        Choice(*span, [Person(users[one.user], one.refusals) for one in each])
        for span, each in zip(spans, found, strict=True)
    ]


def _people(found: Sequence[times.Explanation]) -> list[Person]:
    users = _users(one.user for one in found)
    return [Person(users[one.user], one.refusals) for one in found]


def _users(emails: Iterable[str]) -> dict[str, User]:
    return {user.email: user for user in User.objects.filter(email__in=list(emails))}


def _works(person: Person) -> bool:
    return all(one.code is not RefusalCode.HOURS for one in person.refusals)


def sane(text: str) -> str:
    """Text that a database takes; what it would choke on names nothing."""
    return text if storable(text) else "-"
