"""The names that templates and a department's own text may use; each function gives those of one subject.

`texts.PLACEHOLDERS` explains them, and lists which message has which.
"""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from meeting_manager.bookings import links
from meeting_manager.notifications.links import unsubscribe_url
from meeting_manager.notifications.messages import places, times
from meeting_manager.notifications.messages.about import About, safe_name
from meeting_manager.notifications.messages.parts import mapping

Words = dict[str, str]
Subject = Callable[[About], Words]


def every(about: About) -> Words:
    """What each message about a booking has."""
    start, end = about.span
    return {
        "recipient_name": safe_name(about.occasion.recipient.name),
        "meeting": about.meeting,
        "department": about.department.department_name,
        "hosts": about.host_names if about.is_settled else about.department.department_name,
        "when": times.sentence(about, start, end),
        "short_when": times.short(start, about.zone),
        "where": places.sentence(about),
        "reference": about.booking.booking_reference,
        "site": settings.SITE_NAME,
    }


def joining(about: About) -> Words:
    """What to do when it is time."""
    return {"how_to_join": places.how_to_join(about)}


def change(about: About) -> Words:
    """Who changed it and why; nobody where time ran out."""
    return {"by_whom": about.by_whom, "reason": about.reason}


def before(about: About) -> Words:
    """When it was, and who hosted it."""
    known = about.occasion.before
    old = times.sentence(about, known.start, known.end) if known and about.is_moved else ""
    return {"old_when": old, "former_hosts": about.former_names}


def manage(about: About) -> Words:
    """The customer's own links."""
    booking = about.booking
    return {
        "manage_link": links.manage_url(booking),
        "move_link": links.reschedule_url(booking),
        "cancel_link": links.cancel_url(booking),
    }


def again(about: About) -> Words:
    """Where to book again; empty where customers cannot."""
    return {"book_again_link": about.booking.meeting_type.public_booking_url if about.can_book_again else ""}


def customer(about: About) -> Words:
    """Who the customer is, and where staff find the booking."""
    booking = about.booking
    return {
        "customer_name": safe_name(booking.customer_name) or booking.customer_email,
        "customer_email": booking.customer_email,
        "customer_phone": booking.customer_phone,
        "customer_notes": booking.customer_notes,
        "workspace_link": links.workspace_url(booking),
    }


def answer(about: About) -> Words:
    """Where a participant answers."""
    return {"answer_link": links.answer_url(about.booking, about.occasion.recipient.address)}


def inviter(about: About) -> Words:
    """Who invites: whoever set the meeting up; not who merely approved it."""
    flags = about.flags
    by_whom = about.by_whom if flags["by_other"] and not flags["was_approved"] else ""
    fallback = _("%(hosts)s of %(department)s") % {
        "hosts": about.host_names,
        "department": about.department.department_name,
    }
    return {"inviter": by_whom or fallback}


def countdown(about: About) -> Words:
    """How long until it begins."""
    return {"time_left": times.left(about.booking.start_datetime - about.now)}


def follow_up(about: About) -> Words:
    """What every mail has that nobody needs: a way to do without."""
    return {"unsubscribe_link": unsubscribe_url(about.occasion.recipient.address)}


def thanks(about: About) -> Words:
    """Where to say how it was, and what comes next as the department has it."""
    kind = about.booking.meeting_type
    return {"feedback_link": kind.feedback_url or _by_mail(about), "next_steps": kind.next_steps}


def of(about: About, *subjects: Subject) -> Words:
    """The names every message has, and those of `subjects`."""
    return mapping(every(about), *(subject(about) for subject in subjects))


def _by_mail(about: About) -> str:
    """A mail to the host, begun."""
    subject = _("Feedback on %(reference)s") % {"reference": about.booking.booking_reference}
    to = about.hosts[0].email if about.hosts else ""
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}"
