"""What people are told who are invited to a meeting: nothing of the customer, and no link of theirs."""

from meeting_manager.notifications.messages import actions, facts, words
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Content, Fact

Facts = tuple[Fact, ...]


def invited(about: About) -> Content:
    """Somebody asks them to come."""
    given = words.of(about, words.inviter, words.joining, words.answer)
    return Content(given, _rows(about, facts.at(about)), actions.answer(about), about.flags)


def rescheduled(about: About) -> Content:
    """It is at another time."""
    given = words.of(about, words.change, words.before, words.joining, words.answer)
    top = (*facts.moved(about), *facts.reason(about))
    return Content(given, _rows(about, top), actions.answer(about), about.flags)


def changed(about: About) -> Content:
    """Title or place are different."""
    given = words.of(about, words.change, words.joining, words.answer)
    return Content(given, _rows(about, facts.at(about)), actions.answer(about), about.flags)


def cancelled(about: About) -> Content:
    """It does not take place, or takes place without them."""
    given = words.of(about, words.change)
    rows = (*facts.at(about), *_reason(about), *facts.what(about), *facts.hosts(about))
    return Content(given, (*rows, *facts.reference(about)), (), about.flags)


def reminder(about: About) -> Content:
    """It begins soon."""
    given = words.of(about, words.countdown, words.joining, words.answer)
    buttons = (*actions.join(about), *actions.answer(about))
    return Content(given, _rows(about, facts.at(about)), buttons, about.flags)


def _rows(about: About, top: Facts) -> Facts:
    return (
        *top,
        *facts.what(about),
        *facts.agenda(about),
        *facts.hosts(about),
        *facts.colleagues(about),
        *facts.where(about),
        *facts.reference(about),
    )


def _reason(about: About) -> Facts:
    """Why the meeting is off; what led to an invitation being taken back concerns others."""
    return facts.reason(about) if about.flags["is_cancelled"] else ()
