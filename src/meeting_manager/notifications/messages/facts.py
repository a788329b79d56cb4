"""The rows of the table."""

from itertools import chain

from django.utils.translation import gettext as _

from meeting_manager.bookings.answers import Told, told
from meeting_manager.bookings.perspective import name_of
from meeting_manager.bookings.plain import plain_text
from meeting_manager.departments.choices import QuestionType
from meeting_manager.notifications.messages import places, times
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Fact, Line, fact, link
from meeting_manager.people.erasure import is_erased
from meeting_manager.people.languages import listed

LONGEST_AGENDA = 2_000


def at(about: About) -> tuple[Fact, ...]:
    """When it is."""
    return fact(_("When"), *times.lines(about, *about.span)) + others(about)


def others(about: About) -> tuple[Fact, ...]:
    """When the others are that changed together with it."""
    label = _("Also cancelled") if about.flags["is_cancelled"] else _("The others now") if about.is_moved else None
    dates = (times.brief(about, *span) for span in about.occasion.more.get("others", ()))
    return fact(label or _("Further dates"), *dates)


def moved(about: About) -> tuple[Fact, ...]:
    """When it is now, and when it was as far as the recipient knows."""
    before = about.occasion.before
    if before is None or not about.is_moved:
        return at(about)
    new = fact(_("New time"), *times.lines(about, *about.span))
    old = (line.text for line in times.lines(about, before.start, before.end))
    return new + fact(_("Old time"), *old, is_past=True) + others(about)


def what(about: About) -> tuple[Fact, ...]:
    """What the meeting is called."""
    return fact(_("Meeting"), about.meeting)


def reason(about: About) -> tuple[Fact, ...]:
    """What whoever changed it said."""
    return fact(_("Reason"), *about.reason.splitlines())


def hosts(about: About) -> tuple[Fact, ...]:
    """Whom one meets, and of which department."""
    department = about.department.department_name
    if not about.hosts or not about.is_settled:
        return fact(_("With"), department)
    return fact(_("Host") if about.for_staff else _("With"), f"{about.host_names}, {department}")


def where(about: About) -> tuple[Fact, ...]:
    """Where it is, with the link of a video call; not before the meeting is granted."""
    return fact(_("Where"), *places.lines(about))


def reference(about: About) -> tuple[Fact, ...]:
    """The reference, which people name when they write or call."""
    return fact(_("Reference"), about.booking.booking_reference)


def customer(about: About) -> tuple[Fact, ...]:
    """Who the customer is and what they told us; for staff only, nothing for internal meetings."""
    booking = about.booking
    if booking.is_internal:
        return ()
    address, phone = booking.customer_email, booking.customer_phone
    return (
        *fact(_("Customer"), booking.customer_name),
        *(() if is_erased(address) else fact(_("E-mail"), link(f"mailto:{address}", address))),
        *(fact(_("Phone"), link(f"tel:{_dialled(phone)}", phone)) if phone else ()),
        *fact(_("Notes"), *booking.customer_notes.splitlines()),
        *answers(about),
    )


def answers(about: About) -> tuple[Fact, ...]:
    """What the customer answered: to staff all of it, to the customer what they did not write in words of their own,
    so that nobody can send advertising through a booking.
    """
    shown = (each for each in told(about.booking) if about.for_staff or not each.is_free)
    return tuple(chain.from_iterable(fact(each.label, *_answer(each)) for each in shown))


def people(about: About) -> tuple[Fact, ...]:
    """Who else is invited."""
    return fact(_("Invited"), listed(name_of(row) or row.email for row in about.booking.participants.all()))


def colleagues(about: About) -> tuple[Fact, ...]:
    """Who else is invited to an internal meeting; whom a customer's meeting brings together is not for all to read."""
    return people(about) if about.booking.is_internal else ()


def agenda(about: About) -> tuple[Fact, ...]:
    """What the meeting is about, as plain lines."""
    return fact(_("About"), *plain_text(about.booking.meeting_description, LONGEST_AGENDA).split("\n"))


def _answer(answer: Told) -> list[str | Line]:
    if answer.type == QuestionType.PHONE:
        return [link(f"tel:{_dialled(answer.text)}", answer.text)]
    return list(answer.text.splitlines())


def _dialled(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")
