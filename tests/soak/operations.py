"""Everything that may happen to a booking, tried at random; each try leaves a mark by which it is found again."""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Customer, Details, Host
from meeting_manager.bookings.models import Booking, BookingHistory
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import create_integration, record_event
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, executive
from tests.cast import Cast

REFUSALS = (ValidationError, PermissionDenied, Conflict, IllegalChange)
"""What a service may answer; anything else that it raises is a defect."""

LATER = NOW + timedelta(days=30)
DAYS = 4
STARTS = 16

_KEPT = {
    "Created": re.compile(r"^Booking created(?: by [^:]*)?: (\S+?)(?:\. Forced: .*)?$"),
    "Rescheduled": re.compile(r"Reason: (\S+)$"),
    "Assignment Changed": re.compile(r"Reason: (\S+?)(?:\. Forced: .*)?$"),
    "Approved": re.compile(r"Comment: (\S+)$"),
    "Rejected": re.compile(r"Reason: (\S+)$"),
    "Cancelled": re.compile(r"Reason: (\S+)$"),
    "Completed": re.compile(r"Notes: (\S+)$"),
    "No-Show": re.compile(r"Notes: (\S+)$"),
    "Details Updated": re.compile(r"→ '(\S+)'$"),
}
"""Where the mark of each kind of change stands in the histories."""

EVENT = "Event"


class Office:
    """What the operations are done with."""

    def __init__(self, cast: Cast) -> None:
        self.lead = cast.lead
        self.hosts = [cast.sarah, cast.mike, cast.jane, cast.lead]
        self.types: list[MeetingType] = [cast.call, executive(cast)]
        self.planning = cast.planning
        self.guest = system_user()
        self.calendars: list[CalendarIntegration] = [
            create_integration(
                actor=user, user=user, fields={"integration_type": "CalDAV", "integration_name": "Own"}, now=NOW
            )
            for user in self.hosts
        ]


class Clerk:
    """Tries one thing after another; remembers what was acknowledged, by kind of entry and mark."""

    def __init__(self, office: Office, name: str, seed: int) -> None:
        self.office, self.name = office, name
        self.random = random.Random(seed)
        self.acknowledged: list[tuple[str, str]] = []
        self.refused = 0
        self._tries = 0

    def try_something(self) -> None:
        """One operation, chosen by weight; a refusal is an answer like any other."""
        kinds, weights = zip(*_WEIGHTS.items(), strict=True)
        self.attempt(self.random.choices(kinds, weights)[0])

    def attempt(self, kind: str) -> bool:
        """Try one operation; returns whether it was acknowledged."""
        self._tries += 1
        mark = f"{self.name}-{self._tries}"
        try:
            _OPERATIONS[kind](self, mark)
        except (*REFUSALS, Booking.DoesNotExist):
            self.refused += 1
            return False
        self.acknowledged.append((kind, mark))
        return True

    def _start(self) -> datetime:
        return NOW.replace(hour=9) + timedelta(
            days=self.random.randint(1, DAYS), minutes=30 * self.random.randrange(STARTS)
        )

    def _any_host(self) -> User:
        return self.random.choice(self.office.hosts)

    def _some_booking(self, *statuses: str) -> Booking:
        """A booking, mostly one to which the operation may be done. Raises Booking.DoesNotExist."""
        rows = Booking.objects.all()
        if self.random.random() < 0.9:
            rows = rows.filter(booking_status__in=statuses)
        ids = list(rows.values_list("pk", flat=True))
        return Booking.objects.get(pk=self.random.choice(ids) if ids else 0)

    def book(self, mark: str) -> None:
        self.random.choices([self._book_as_guest, self._book_by_force, self._meet], [6, 2, 1])[0](mark)

    def _book_as_guest(self, mark: str) -> None:
        services.book(
            meeting_type=self.random.choice(self.office.types),
            start=self._start(),
            customer=Customer("Ada Muster", f"{mark}@customer.example"),
            details=Details(title=mark),
            actor=self.office.guest,
            now=NOW,
        )

    def _book_by_force(self, mark: str) -> None:
        """A leader sets hours and grid aside: any five minutes, any length, any host or none named."""
        start = self._odd_start()
        services.book(
            meeting_type=self.random.choice(self.office.types),
            start=start,
            end=start + timedelta(minutes=self.random.randint(5, 120)),
            customer=Customer("Ben Okafor", f"{mark}@customer.example"),
            details=Details(title=mark),
            host=self.random.choice([None, self._any_host()]),
            force_reason="An emergency",
            actor=self.office.lead,
            now=NOW,
        )

    def _meet(self, mark: str) -> None:
        """Two or three hosts, sometimes for more than a day, which busy time keeps in pieces."""
        start = self._odd_start()
        hosts = self.random.sample(self.office.hosts, self.random.randint(2, 3))
        services.book_internal(
            meeting_type=self.office.planning,
            start=start,
            end=start + timedelta(minutes=self.random.choice([30, 60, 60 * 30])),
            hosts=[Host(user, is_primary=user is hosts[0]) for user in hosts],
            details=Details(title=mark),
            force_reason="Offsite",
            actor=self.office.lead,
            now=NOW,
        )

    def _odd_start(self) -> datetime:
        return self._start() + timedelta(minutes=5 * self.random.randrange(6))

    def move(self, mark: str) -> None:
        booking = self._some_booking("Pending", "Confirmed")
        if self.random.random() < 0.6:
            services.reschedule(booking=booking, start=self._start(), actor=self.office.guest, now=NOW, reason=mark)
            return
        services.reschedule(
            booking=booking,
            start=self._odd_start(),
            actor=self.office.lead,
            host=None if booking.is_internal else self.random.choice([None, self._any_host()]),
            force_reason="An emergency",
            now=NOW,
            reason=mark,
        )

    def reassign(self, mark: str) -> None:
        booking = self._some_booking("Pending", "Confirmed")
        services.reassign(
            booking=booking,
            new_user=self._any_host(),
            actor=self.office.lead,
            force_reason=self.random.choice(["", "Knows the customer"]),
            now=NOW,
            reason=mark,
        )

    def approve(self, mark: str) -> None:
        services.approve(booking=self._some_booking("Pending"), actor=self.office.lead, now=NOW, comment=mark)

    def reject(self, mark: str) -> None:
        services.reject(booking=self._some_booking("Pending"), actor=self.office.lead, now=NOW, reason=mark)

    def cancel(self, mark: str) -> None:
        booking = self._some_booking("Pending", "Confirmed")
        services.cancel(booking=booking, actor=self.office.guest, now=NOW, reason=mark)

    def complete(self, mark: str) -> None:
        booking = self._some_booking("Confirmed", "No-Show")
        services.complete(booking=booking, actor=self.office.lead, now=LATER, notes=mark)

    def miss(self, mark: str) -> None:
        booking = self._some_booking("Confirmed", "Completed")
        services.mark_no_show(booking=booking, actor=self.office.lead, now=LATER, notes=mark)

    def edit(self, mark: str) -> None:
        booking = self._some_booking("Pending", "Confirmed")
        services.edit(booking=booking, changes={"meeting_title": mark}, actor=self.office.lead, now=NOW)

    def block(self, mark: str) -> None:
        start = self._start()
        event = ExternalEvent(external_event_id=mark, start=start, end=start + timedelta(minutes=30))
        record_event(integration=self.random.choice(self.office.calendars), event=event, now=NOW)


_OPERATIONS: dict[str, Callable[[Clerk, str], None]] = {
    "Created": Clerk.book,
    "Rescheduled": Clerk.move,
    "Assignment Changed": Clerk.reassign,
    "Approved": Clerk.approve,
    "Rejected": Clerk.reject,
    "Cancelled": Clerk.cancel,
    "Completed": Clerk.complete,
    "No-Show": Clerk.miss,
    "Details Updated": Clerk.edit,
    EVENT: Clerk.block,
}
KINDS = tuple(_OPERATIONS)
_WEIGHTS = dict.fromkeys(KINDS, 1.0) | {"Created": 5.0, "Rescheduled": 3.0, "Cancelled": 2.0, EVENT: 0.3}


def stored() -> Counter[tuple[str, str]]:
    """The marks that the database holds, by kind of entry."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, text in BookingHistory.objects.values_list("event_type", "event_description").iterator():
        match = _KEPT[kind].search(text) if kind in _KEPT else None
        if match:
            found[kind, match.group(1)] += 1
    for mark in CalendarEventSync.objects.values_list("external_event_id", flat=True):
        found[EVENT, mark] += 1
    return found


def violations() -> str:
    """What `verify` names; empty where all is well."""
    output = StringIO()
    try:
        call_command("verify", stdout=output, stderr=StringIO())
    except CommandError:
        return output.getvalue()
    return ""
