"""A week of random edits on both sides, with faults in between: in the end both calendars and bookings agree."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from meeting_manager.adapters.calendar.errors import CursorInvalidError, RateLimitedError, TransientError
from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.departments.models import Department
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.ledger.models import Delivery
from tests.bookings.desk import JOHN, NOW, after
from tests.calendars.agenda import Agenda
from tests.calendars.carrying import Connect, carry, read
from tests.cast import Cast

STEP = timedelta(minutes=20)
_REFUSED = (TimeTaken, Conflict)


class Week:
    """Both sides, and what people do on either."""

    def __init__(self, cast: Cast, agendas: dict[str, Agenda], chance: random.Random) -> None:
        self.cast, self.agendas, self.chance = cast, agendas, chance
        self.now = NOW
        self.serial = 0

    def step(self) -> None:
        """One thing happens, sometimes goes wrong, and sometimes somebody looks."""
        doings: list[Callable[[], None]] = [
            self.book, self.book, self.move, self.reassign, self.cancel, self.edit,
            self.add_there, self.move_there, self.touch_there, self.remove_there, self.answer_there, self.disturb,
        ]  # fmt: skip
        self.chance.choice(doings)()
        self.now += timedelta(minutes=self.chance.randrange(1, 20))
        if self.chance.random() < 0.5:
            carry(self.now)
        if self.chance.random() < 0.3:
            read(self.now)

    def book(self) -> None:
        start = after(hours=self.chance.randrange(0, 6), days=self.chance.randrange(0, 3))
        self._try(
            lambda: services.book(
                meeting_type=self.cast.call, start=start, customer=JOHN, actor=self.cast.lead, now=self.now
            )
        )

    def move(self) -> None:
        if booking := self._some():
            start = after(hours=self.chance.randrange(0, 6), days=self.chance.randrange(0, 3))
            self._try(lambda: services.reschedule(booking=booking, start=start, actor=self.cast.lead, now=self.now))

    def reassign(self) -> None:
        if booking := self._some():
            new = self.chance.choice([self.cast.sarah, self.cast.mike])
            if not booking.assigned_users.filter(user=new).exists():
                self._try(lambda: services.reassign(booking=booking, new_user=new, actor=self.cast.lead, now=self.now))

    def cancel(self) -> None:
        if booking := self._some():
            services.cancel(booking=booking, actor=self.cast.lead, now=self.now, reason="Ill")

    def edit(self) -> None:
        if booking := self._some():
            self.serial += 1
            changes = {"meeting_title": f"Title {self.serial}"}
            services.edit(booking=booking, changes=changes, actor=self.cast.lead, now=self.now)

    def add_there(self) -> None:
        self.serial += 1
        start = seconds(after(hours=self.chance.randrange(0, 30)))
        self._agenda().add(f"own-{self.serial}", start, start + 1800)

    def move_there(self) -> None:
        self._with_event(lambda agenda, id_: agenda.move(id_, *self._other_time()))

    def touch_there(self) -> None:
        self._with_event(lambda agenda, id_: agenda.touch(id_))

    def remove_there(self) -> None:
        self._with_event(lambda agenda, id_: agenda.remove(id_))

    def answer_there(self) -> None:
        self._with_event(
            lambda agenda, id_: agenda.answer(id_, JOHN.email, self.chance.choice(["ACCEPTED", "DECLINED"]))
        )

    def disturb(self) -> None:
        fault = self.chance.choice(
            [TransientError("away"), RateLimitedError("slower", timedelta(minutes=2)), CursorInvalidError("old")]
        )
        agenda = self._agenda()
        if isinstance(fault, CursorInvalidError):
            agenda.forgets_before = len(agenda.changes)
        else:
            self.chance.choice([agenda.faults, agenda.lost]).append(fault)

    def settle(self) -> None:
        """Nothing happens any more, and everything that is owed falls due."""
        for agenda in self.agendas.values():
            agenda.faults.clear()
            agenda.lost.clear()
        for _ in range(4):
            self.now += STEP
            carry(self.now)
            read(self.now)
            carry(self.now)

    def _try(self, what: Callable[[], object]) -> None:
        from django.core.exceptions import ValidationError

        try:
            what()
        except (*_REFUSED, ValidationError):
            return

    def _some(self) -> Booking | None:
        rows = list(Booking.objects.filter(booking_status__in=HOLDING).order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def _agenda(self) -> Agenda:
        return self.chance.choice([*self.agendas.values()])

    def _with_event(self, what: Callable[[Agenda, str], None]) -> None:
        agenda = self._agenda()
        if agenda.events:
            what(agenda, self.chance.choice(sorted(agenda.events)))

    def _other_time(self) -> tuple[int, int]:
        start = seconds(after(hours=self.chance.randrange(0, 6), days=self.chance.randrange(0, 3)))
        return start, start + 1800


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("setting", ["follow", "flag"])
def test_a_week_on_both_sides_converges(cast: Cast, connect: Connect, seed: int, setting: str) -> None:
    Department.objects.update(calendar_changes=setting)
    kinds = (IntegrationType.CALDAV, IntegrationType.OUTLOOK)
    people = (cast.sarah, cast.mike)
    cast.support.members.exclude(member__in=people).update(is_active=False)
    agendas = {user.email: connect(user, kind) for user, kind in zip(people, kinds, strict=True)}
    week = Week(cast, agendas, random.Random(f"{seed} {setting}"))
    for _ in range(60):
        week.step()
    week.settle()
    for email, agenda in agendas.items():
        _agrees(email, agenda, week.now)
    assert not Delivery.objects.filter(state="dead").exists()


def _agrees(email: str, agenda: Agenda, now: datetime) -> None:
    rows = {row.ical_uid: row for row in _rows(email)}
    alive = Booking.objects.filter(assigned_users__user__email=email, booking_status__in=HOLDING, end_datetime__gt=now)
    there = {}
    for id_ in agenda.ours:
        event = agenda.events[id_]
        assert event.uid not in there, "nothing is there twice"
        there[event.uid] = (event.start, event.end)
    for booking in alive:
        span = (seconds(booking.start_datetime), seconds(booking.end_datetime))
        change = rows[booking.ical_uid].external_change
        assert (there.get(booking.ical_uid) == span) == (not change), "equal, or marked for people to decide"
        assert (change == "Deleted") == (booking.ical_uid not in there)
    uids = {booking.ical_uid for booking in alive}
    gone = Booking.objects.filter(ical_uid__in=there.keys() - uids, end_datetime__gt=now)
    current = {booking.ical_uid: booking for booking in gone.order_by("pk")}
    assert not current, "what is not theirs (any more) is not in their calendar"
    own = [event for id_, event in agenda.events.items() if id_ not in agenda.titles]
    busy = BusyTime.objects.filter(user__email=email, event__isnull=False).values_list("starts", "ends")
    assert sorted(busy) == sorted((event.start, event.end) for event in own)
    hosted = AssignedUser.objects.filter(user__email=email, booking__booking_status__in=HOLDING)
    assert hosted.count() == BusyTime.objects.filter(user__email=email, booking__isnull=False).count()


def _rows(email: str) -> list[CalendarEventSync]:
    rows = CalendarEventSync.objects.filter(calendar_integration__user__email=email).exclude(ical_uid="")
    return list(rows.exclude(sync_status="Deleted Locally").order_by("pk"))
