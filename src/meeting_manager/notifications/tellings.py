"""Who hears what: from what people know and how things are now to one message for each address (issue 3, the table).

Pure rules without a database. Whatever happened in between, people hear the net change: somebody who knows ten o'clock
and finds ten o'clock again hears nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.told import Told


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to one address."""

    message: Message
    role: Role
    address: str


@dataclass(frozen=True, slots=True)
class Circle:
    """Who of the department hears of bookings: the leader and System Managers where it is set, and who decides."""

    leaders: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The messages, and what people know once they are told."""

    tellings: tuple[Telling, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class _Change:
    """What is different between what people know and how things are."""

    before: Told | None
    after: Told
    is_rejected: bool = False

    @property
    def moved(self) -> bool:
        return self.before is not None and (self.before.start, self.before.end) != (self.after.start, self.after.end)

    @property
    def rehosted(self) -> bool:
        return self.before is not None and set(self.before.hosts) != set(self.after.hosts)

    @property
    def redescribed(self) -> bool:
        return self.before is not None and self.before.details != self.after.details

    @property
    def confirmed(self) -> bool:
        """Confirmed just now, for all that people know."""
        return self.after.is_confirmed and not self.was_confirmed

    @property
    def was_confirmed(self) -> bool:
        return self.before is not None and self.before.is_confirmed


def plan(before: Told | None, after: Told, circle: Circle, *, is_rejected: bool = False) -> Plan:
    """What to tell whom. `before`: what people know, None where nobody has heard of the booking yet."""
    change = _Change(before, after, is_rejected)
    if after.status == BookingStatus.CANCELLED:
        return Plan(tuple(_once_each(_cancelled(change, circle))), after)
    if after.status not in {BookingStatus.PENDING, BookingStatus.CONFIRMED}:
        return Plan((), after.informing(after.hosts, after.participants))
    tellings = _once_each([*_deciders(change, circle), *_alive(change, circle)])
    return Plan(tuple(tellings), after.informing(_informed(change), _invited(change)))


def _once_each(tellings: Iterable[Telling]) -> Iterator[Telling]:
    """The first message of each address; empty addresses hear nothing."""
    seen: set[str] = set()
    for telling in tellings:
        if telling.address and telling.address not in seen:
            seen.add(telling.address)
            yield telling


def _alive(change: _Change, circle: Circle) -> Iterator[Telling]:
    yield from _customer(change)
    yield from _hosts(change)
    yield from _participants(change)
    yield from _department(change, circle)


def _customer(change: _Change) -> Iterator[Telling]:
    after = change.after
    message = _first_word(change) if _is_new_customer(change) else _customer_update(change)
    if message:
        yield Telling(message, Role.CUSTOMER, after.customer)
    yield from _corrected(change)


def _corrected(change: _Change) -> Iterator[Telling]:
    """The address that was the customer's before it was corrected need not come, and keeps no entry."""
    if change.before is not None and change.before.customer not in {"", change.after.customer}:
        yield Telling(Message.PARTICIPANT_CANCELLED, Role.PARTICIPANT, change.before.customer)


def _is_new_customer(change: _Change) -> bool:
    return change.before is None or change.before.customer != change.after.customer


def _first_word(change: _Change) -> Message:
    return Message.CUSTOMER_BOOKED if change.after.is_confirmed else Message.CUSTOMER_AWAITING


def _customer_update(change: _Change) -> Message | None:
    if change.moved:
        return Message.CUSTOMER_RESCHEDULED
    if change.confirmed:
        return Message.CUSTOMER_BOOKED
    if change.was_confirmed and change.after.is_pending:
        return Message.CUSTOMER_AWAITING  # moved there and back, and to be approved anew
    if change.rehosted:
        return Message.CUSTOMER_REASSIGNED
    return Message.CUSTOMER_CHANGED if change.redescribed else None


def _hosts(change: _Change) -> Iterator[Telling]:
    before, after = change.before, change.after
    known = set(before.informed_hosts) if before else set()
    for host in after.hosts:
        message = _kept_host(change) if host in known else _new_host(change, host)
        if message:
            yield Telling(message, Role.HOST, host)
    for host in before.hosts if before else ():
        # Hosts of a request have not heard of it, and hear that it is no longer theirs all the same (system.md §5).
        if host not in after.hosts and (host in known or (before and before.is_pending)):
            yield Telling(Message.HOST_UNASSIGNED, Role.FORMER_HOST, host)


def _kept_host(change: _Change) -> Message | None:
    if change.moved:
        return Message.HOST_RESCHEDULED
    if change.confirmed:
        return Message.HOST_BOOKED
    return Message.HOST_CHANGED if change.redescribed else None


def _new_host(change: _Change, host: str) -> Message | None:
    """Somebody who has not heard: a first host hears when the booking is confirmed, another one at once."""
    if change.before is not None and host not in change.before.hosts:
        return Message.HOST_ASSIGNED
    return Message.HOST_BOOKED if change.after.is_confirmed else None


def _informed(change: _Change) -> list[str]:
    if change.after.is_confirmed:
        return list(change.after.hosts)
    heard = {telling.address for telling in _hosts(change)} | set(change.before.informed_hosts if change.before else ())
    return [host for host in change.after.hosts if host in heard]


def _participants(change: _Change) -> Iterator[Telling]:
    before, after = change.before, change.after
    invited = before.invited if before else ()
    for address in after.participants:
        message = _participant_update(change) if address in invited else _invitation(change)
        if message:
            yield Telling(message, Role.PARTICIPANT, address)
    for address in invited:
        if address not in after.participants and address not in after.hosts:
            yield Telling(Message.PARTICIPANT_CANCELLED, Role.PARTICIPANT, address)


def _participant_update(change: _Change) -> Message | None:
    if change.moved:
        return Message.PARTICIPANT_RESCHEDULED
    if change.confirmed:
        return Message.PARTICIPANT_INVITED
    return Message.PARTICIPANT_CHANGED if change.redescribed else None


def _invitation(change: _Change) -> Message | None:
    return Message.PARTICIPANT_INVITED if change.after.is_confirmed else None


def _invited(change: _Change) -> list[str]:
    before = change.before.invited if change.before else ()
    everybody = change.after.is_confirmed
    return [address for address in change.after.participants if everybody or address in before]


def _deciders(change: _Change, circle: Circle) -> Iterator[Telling]:
    before = change.before
    is_asked = before is not None and before.is_pending and before.booking == change.after.booking
    if change.after.is_pending and not is_asked:
        yield from (Telling(Message.STAFF_APPROVAL_ASKED, Role.LEADER, address) for address in circle.deciders)


def _department(change: _Change, circle: Circle) -> Iterator[Telling]:
    message = _department_message(change)
    if message:
        yield from _to_department(message, circle)


def _department_message(change: _Change) -> Message | None:
    if change.before is None:
        return Message.STAFF_BOOKED if change.after.is_confirmed else None
    if change.moved:
        return Message.STAFF_RESCHEDULED
    return Message.STAFF_REASSIGNED if change.rehosted else None


def _to_department(message: Message, circle: Circle) -> Iterator[Telling]:
    yield from (Telling(message, Role.LEADER, address) for address in circle.leaders)
    yield from (Telling(message, Role.ADMIN, address) for address in circle.admins)


def _cancelled(change: _Change, circle: Circle) -> Iterator[Telling]:
    before = change.before
    if before is not None and before.status == BookingStatus.CANCELLED:
        return
    word = Message.CUSTOMER_REJECTED if change.is_rejected else Message.CUSTOMER_CANCELLED
    yield Telling(word, Role.CUSTOMER, change.after.customer)
    if before is None:
        return
    yield from _corrected(change)
    for host in before.informed_hosts:
        yield Telling(Message.HOST_CANCELLED, Role.HOST, host)
    for address in before.invited:
        yield Telling(Message.PARTICIPANT_CANCELLED, Role.PARTICIPANT, address)
    if not change.is_rejected:
        yield from _to_department(Message.STAFF_CANCELLED, circle)
        if before.is_pending:  # whoever was asked need not decide any more
            yield from (Telling(Message.STAFF_CANCELLED, Role.LEADER, address) for address in circle.deciders)


def telling_for(address: str, before: Told | None, after: Told, circle: Circle, *, is_rejected: bool) -> Telling | None:
    """What `address` is to be told, who knows `before` and nothing since; None where nothing is different for them."""
    planned = plan(before, after, circle, is_rejected=is_rejected).tellings
    return next((telling for telling in planned if telling.address == address), None)


def addresses(after: Told, circle: Circle, *others: Iterable[str]) -> list[str]:
    """Everybody who may have to hear, in the order of their parts."""
    people = (
        circle.deciders,
        (after.customer,),
        after.hosts,
        after.participants,
        circle.leaders,
        circle.admins,
        *others,
    )
    return list(dict.fromkeys(address for group in people for address in group if address))
