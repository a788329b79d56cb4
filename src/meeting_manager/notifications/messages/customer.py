"""What customers are told."""

from django.utils.translation import gettext as _

from meeting_manager.notifications.messages import actions, facts, times, words
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Action, Content, Fact, fact


def booked(about: About) -> Content:
    """The meeting is confirmed."""
    return Content(
        words.of(about, words.joining, words.manage),
        (*facts.at(about), *_meeting(about)),
        actions.manage(about),
        about.flags,
    )


def awaiting(about: About) -> Content:
    """The request has come in; whether it is confirmed is open."""
    return Content(
        words.of(about, words.manage), (*facts.at(about), *_meeting(about)), actions.manage(about), about.flags
    )


def rejected(about: About) -> Content:
    """The request is turned down, or nobody decided in time."""
    asked_for = fact(_("Time asked for"), *times.lines(about, *about.span))
    return Content(
        words.of(about, words.change, words.again),
        (*asked_for, *facts.reason(about), *_meeting(about, where=False)),
        actions.again(about),
        about.flags,
    )


def rescheduled(about: About) -> Content:
    """The meeting is at another time."""
    return Content(
        words.of(about, words.joining, words.change, words.before, words.manage),
        (*facts.moved(about), *facts.reason(about), *_meeting(about)),
        actions.manage(about),
        about.flags,
    )


def reassigned(about: About) -> Content:
    """Somebody else meets the customer."""
    return Content(
        words.of(about, words.joining, words.before, words.manage),
        (*facts.at(about), *_meeting(about)),
        actions.manage(about),
        about.flags,
    )


def changed(about: About) -> Content:
    """Title or place are different."""
    return Content(
        words.of(about, words.joining, words.change, words.manage),
        (*facts.at(about), *_meeting(about)),
        actions.manage(about),
        about.flags,
    )


def cancelled(about: About) -> Content:
    """The meeting does not take place."""
    return Content(
        words.of(about, words.change, words.again),
        (*facts.at(about), *facts.reason(about), *_meeting(about, where=False)),
        actions.again(about),
        about.flags,
    )


def reminder(about: About) -> Content:
    """The meeting begins soon."""
    return Content(
        words.of(about, words.countdown, words.joining, words.manage),
        (*facts.at(about), *_meeting(about)),
        (*actions.join(about), *actions.manage(about)),
        about.flags,
    )


def no_show(about: About) -> Content:
    """They were not there."""
    return Content(
        words.of(about, words.again, words.follow_up),
        (*facts.at(about), *_meeting(about, where=False)),
        actions.again(about),
        about.flags,
        actions.unsubscribe(about),
    )


def thank_you(about: About) -> Content:
    """Thanks, and what comes next."""
    given = words.of(about, words.thanks, words.again, words.follow_up)
    return Content(
        given,
        (*facts.at(about), *_meeting(about, where=False)),
        (Action(_("Tell us how it was"), given["feedback_link"]), *_next_meeting(about)),
        about.flags,
        actions.unsubscribe(about),
    )


def _meeting(about: About, *, where: bool = True) -> tuple[Fact, ...]:
    place = (*facts.where(about), *facts.answers(about)) if where else ()
    return (*facts.what(about), *facts.hosts(about), *place, *facts.reference(about))


def _next_meeting(about: About) -> tuple[Action, ...]:
    return tuple(Action(_("Book another meeting"), action.url) for action in actions.again(about))
