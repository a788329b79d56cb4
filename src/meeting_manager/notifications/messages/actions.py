"""What recipients may do; the first of a message's actions becomes its button."""

from django.utils.translation import gettext as _

from meeting_manager.bookings import links
from meeting_manager.notifications.links import unsubscribe_url
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Action, link

Actions = tuple[Action, ...]


def join(about: About) -> Actions:
    """Open the video call, where its link is known."""
    url = link(about.booking.video_meeting_url).url
    return (Action(_("Join the video call"), url),) if url else ()


def manage(about: About) -> Actions:
    """The customer's three: see, move, cancel."""
    booking, is_pending = about.booking, about.flags["is_pending"]
    return (
        Action(_("See your request") if is_pending else _("See your meeting"), links.manage_url(booking)),
        Action(_("Choose another time"), links.reschedule_url(booking)),
        Action(_("Withdraw the request") if is_pending else _("Cancel the meeting"), links.cancel_url(booking)),
    )


def again(about: About) -> Actions:
    """Book the same kind of meeting again, where customers can."""
    if not about.can_book_again:
        return ()
    return (Action(_("Choose another time"), about.booking.meeting_type.public_booking_url),)


def workspace(about: About) -> Actions:
    """The booking's page for staff."""
    return (Action(_("Open in the workspace"), links.workspace_url(about.booking)),)


def decide(about: About) -> Actions:
    """The same page, where a signed-in decision is made; the link itself decides nothing."""
    return (Action(_("Look at the request and decide"), links.workspace_url(about.booking)),)


def answer(about: About) -> Actions:
    """A participant's answer, on a page with three buttons."""
    url = links.answer_url(about.booking, about.occasion.recipient.address)
    return (Action(_("Accept, decline or say maybe"), url),)


def unsubscribe(about: About) -> Action:
    """Do without such mails; at the foot of those that nobody needs."""
    return Action(_("I want no such mails after meetings"), unsubscribe_url(about.occasion.recipient.address))
