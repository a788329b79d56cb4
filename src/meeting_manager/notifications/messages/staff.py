"""What hosts, leaders and System Managers are told; they see the customer's details, and no link of the customer."""

from django.utils.translation import gettext as _

from meeting_manager.notifications.messages import actions, facts, words
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Content, Fact, fact

Facts = tuple[Fact, ...]


def booked(about: About) -> Content:
    """There is a new booking: for its host, for the leader and System Managers who want to know."""
    given = words.of(about, words.customer, words.change, words.joining)
    return Content(given, _rows(about, facts.at(about)), actions.workspace(about), about.flags)


def approval_asked(about: About) -> Content:
    """Somebody has to decide."""
    given = words.of(about, words.customer)
    return Content(given, _rows(about, facts.moved(about)), actions.decide(about), about.flags)


def rescheduled(about: About) -> Content:
    """It is at another time."""
    given = words.of(about, words.customer, words.change, words.before)
    top = (*facts.moved(about), *facts.reason(about))
    return Content(given, _rows(about, top), actions.workspace(about), about.flags)


def reassigned(about: About) -> Content:
    """Somebody else hosts it: for the new host, the leader and System Managers."""
    given = words.of(about, words.customer, words.change, words.before)
    former = fact(_("Until now"), about.former_names)
    top = (*facts.moved(about), *facts.reason(about), *former)
    return Content(given, _rows(about, top), actions.workspace(about), about.flags)


def unassigned(about: About) -> Content:
    """For who hosted it: somebody else does now."""
    given = words.of(about, words.customer, words.change, words.before)
    with_now = fact(_("Now with"), about.host_names)
    customer = fact(_("Customer"), about.booking.customer_name)
    rows = (*facts.at(about), *facts.reason(about), *with_now, *customer, *facts.what(about))
    return Content(given, (*rows, *facts.reference(about)), (), about.flags)


def changed(about: About) -> Content:
    """Title or place are different."""
    given = words.of(about, words.customer, words.change)
    return Content(given, _rows(about, facts.at(about)), actions.workspace(about), about.flags)


def cancelled(about: About) -> Content:
    """It does not take place."""
    given = words.of(about, words.customer, words.change)
    top = (*facts.at(about), *facts.reason(about))
    return Content(given, _rows(about, top), actions.workspace(about), about.flags)


def reminder(about: About) -> Content:
    """It begins soon."""
    given = words.of(about, words.customer, words.countdown, words.joining)
    buttons = (*actions.join(about), *actions.workspace(about))
    return Content(given, _rows(about, facts.at(about)), buttons, about.flags)


def _rows(about: About, top: Facts) -> Facts:
    """`top`, then who and where."""
    return (
        *top,
        *facts.customer(about),
        *facts.what(about),
        *facts.agenda(about),
        *facts.hosts(about),
        *facts.people(about),
        *facts.where(about),
        *facts.reference(about),
    )
