"""Erasing somebody from all rooms: booking by booking, each in a transaction of its own with what hangs on it.

Whatever is done twice is done once: bookings are found by what is still there, so that a run that was cut short is
simply repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.adapters.mail import outbox
from meeting_manager.bookings import personal, services
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.services import erasing as calendars
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import erasing as ledger
from meeting_manager.notifications.services import erasing as notifications
from meeting_manager.people.erasure import Person, scrub
from meeting_manager.people.models import User
from meeting_manager.web.idempotency import forget_answers_to
from meeting_manager.web.privacy.asking import address_of, refuse_colleague, require_right

log = structlog.get_logger(__name__)

Forget = Callable[[Person], None]
_rooms_above: list[Forget] = []

_FREE = ("reason", "comment", "notes")
"""Where payloads have what people wrote."""


class StillUpcoming(Conflict):
    """The person still has meetings to come: `bookings`, by start."""

    def __init__(self, bookings: list[Booking]) -> None:
        names = ", ".join(booking.name for booking in bookings)
        super().__init__(_("There are meetings to come: %(names)s. Please cancel them first.") % {"names": names})
        self.bookings = bookings


@dataclass(frozen=True, slots=True)
class Found:
    """What would be erased; `upcoming` stands in its way."""

    address: str
    bookings: int
    requests: int
    deliveries: int
    mails: int
    events: int
    upcoming: list[Booking] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is known of the address."""
        return not any((self.bookings, self.requests, self.deliveries, self.mails, self.events, self.upcoming))


@dataclass(frozen=True, slots=True)
class Done:
    """What was erased. `cancelled` are meetings to come that were cancelled first, `sending` deliveries that were on
    their way at that moment: repeat it when they have arrived.
    """

    bookings: int = 0
    requests: int = 0
    deliveries: int = 0
    mails: int = 0
    events: int = 0
    cancelled: int = 0
    sending: int = 0


def join_in(forget: Forget) -> None:
    """Have a room above erase, too, what it keeps of a guest; called once at start-up."""
    _rooms_above.append(forget)


def look(*, actor: User, email: str, now: datetime) -> Found:
    """What is known of a guest, counted. Raises PermissionDenied, and ValidationError, also for a colleague."""
    require_right(actor)
    address = address_of(email)
    refuse_colleague(address)
    return Found(
        address=address,
        bookings=personal.bookings_with(address).count(),
        requests=len(services.requests_of(address)),
        deliveries=Delivery.objects.filter(recipient=address).count(),
        mails=len(outbox.files_with(address)),
        events=calendars.count_events(address),
        upcoming=list(personal.upcoming_with(address, now).select_related("meeting_type")),
    )


def erase(*, actor: User, email: str, now: datetime, also_cancel: bool = False) -> Done:
    """Erase a guest everywhere; with `also_cancel` their meetings to come are cancelled, and where they only take part
    they are taken off.

    Effects: as `bookings.services.erase`; deliveries to them tell no longer what, those still to be sent are discarded;
    mails in the outbox and kept answers to their requests are deleted; mirrored events name them no more. Raises
    StillUpcoming, PermissionDenied, and ValidationError, also for a colleague.
    """
    require_right(actor)
    address = address_of(email)
    refuse_colleague(address)
    sending = ledger.sending_to(address).count()  # before they, too, lose the address
    cancelled = _clear_way(actor, address, now, also_cancel=also_cancel)
    erased = [erase_from(booking, actor, now, address) for booking in _bookings(address)]
    person = Person(address, frozenset(name for one in erased for name in one.names))
    done = Done(
        bookings=sum(one.was_there for one in erased),
        requests=services.erase_requests(address),
        deliveries=sum(one.deliveries for one in erased) + _forget_address(person, now),
        mails=outbox.forget_with(address),
        events=calendars.erase_from_events(person),
        cancelled=cancelled,
        sending=sending,
    )
    log.info("personal data erased", by=actor.email, bookings=done.bookings, deliveries=done.deliveries)
    return done


@dataclass(frozen=True, slots=True)
class ErasedFrom:
    """What came of one booking."""

    was_there: bool = False
    deliveries: int = 0
    names: frozenset[str] = frozenset()


def erase_from(booking: Booking, actor: User, now: datetime, address: str = "") -> ErasedFrom:
    """Erase a guest, or without an address all guests, from one booking and from what other rooms have about it, in one
    transaction. Raises as `bookings.services.erase`.
    """
    with transaction.atomic():
        erased = services.erase(booking=booking, actor=actor, now=now, address=address)
        if erased is None:
            return ErasedFrom()
        addresses = [one.address for one in erased.people]
        clean = partial(scrub, people=erased.people, free=_FREE if erased.customer else ())
        deliveries = ledger.erase_about([erased.booking], clean, addresses, now)
        notifications.erase_from_thread(erased.uid, clean, addresses)
        calendars.erase_from_entry(erased.uid, erased.people)
    return ErasedFrom(True, deliveries, frozenset(name for one in erased.people for name in one.names))


def _bookings(address: str) -> list[Booking]:
    return list(personal.bookings_with(address).only("pk"))


def _clear_way(actor: User, address: str, now: datetime, *, also_cancel: bool) -> int:
    upcoming = list(personal.upcoming_with(address, now))
    if upcoming and not also_cancel:
        raise StillUpcoming(upcoming)
    for booking in upcoming:
        _leave(booking, actor, address, now)
    return len(upcoming)


def _leave(booking: Booking, actor: User, address: str, now: datetime) -> None:
    if booking.customer_email == address:
        services.cancel(booking=booking, actor=actor, now=now)
        return
    try:
        services.uninvite(booking=booking, email=address, actor=actor, now=now)
    except ObjectDoesNotExist:
        return  # somebody else was quicker


def _forget_address(person: Person, now: datetime) -> int:
    notifications.forget(person.address)
    forget_answers_to(person.address)
    for forget in _rooms_above:
        forget(person)
    clean = partial(scrub, people=[person], free=_FREE)
    return ledger.erase_to(person.address, clean, now)
