"""What tells people from robots on the form of details, besides its trap for those who fill in everything.

Robots are quicker than people: the form carries a signed stamp of when it was shown. And where many bookings came from
one place, the browser has to solve a puzzle, or else the booking is confirmed by mail. Neither needs a cookie.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.translation import gettext as _

from meeting_manager.departments.models import MeetingType
from meeting_manager.web import limits, proof

OLDEST = timedelta(days=1)
_SALT = "meeting_manager.public.robots"


@dataclass(frozen=True, slots=True)
class Guard:
    """What the form carries: its stamp, and the puzzle where one is asked for (else empty)."""

    stamp: str
    challenge: str
    bits: int


def guard(request: HttpRequest, kind: MeetingType, now: datetime) -> Guard:
    """What the form carries that is shown in answer to this request: of a form that was sent, the stamp it had."""
    is_near = limits.is_near(client=limits.client_of(request), now=now)
    challenge = proof.challenge(meeting_type=kind.pk, now=now) if is_near else ""
    stamp = _next_stamp(request.POST.get("stamp", ""), now) if request.method == "POST" else stamped(now)
    return Guard(stamp, challenge, settings.GUEST_PROOF_OF_WORK)


def too_quick(request: HttpRequest, now: datetime) -> str:
    """What to say of a form that was sent faster than people type, or that has no stamp of the last day; else empty."""
    return _problem(request.POST.get("stamp", ""), now)


def is_trusted(request: HttpRequest, kind: MeetingType, now: datetime) -> bool:
    """Whether a booking may be made at once: few came from there, or the browser solved its puzzle.

    Effect: a puzzle can be used once, in the caller's transaction.
    """
    if not limits.is_near(client=limits.client_of(request), now=now):
        return True
    given, solution = (request.POST.get(name, "") for name in ("challenge", "solution"))
    return proof.accept(given, solution, meeting_type=kind.pk, now=now)


def stamped(moment: datetime) -> str:
    """The stamp of a form that was shown at this moment."""
    return Signer(salt=_SALT).sign(str(int(moment.timestamp())))


def _next_stamp(given: str, now: datetime) -> str:
    """The first stamp again, so that who mends a mistake is not held up; else one with which the next try passes."""
    return stamped(now - timedelta(seconds=settings.GUEST_FORM_SECONDS)) if _problem(given, now) else given


def _problem(given: str, now: datetime) -> str:
    least = timedelta(seconds=settings.GUEST_FORM_SECONDS)
    if not least:
        return ""
    shown = _read(given)
    if shown is None or now - shown < least:
        return _("That was very quick. Please check what you typed and send it again.")
    if now - shown > OLDEST:
        return _("This page was open for a long time. Please check what you typed and send it again.")
    return ""


def _read(given: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(Signer(salt=_SALT).unsign(given)), UTC)
    except BadSignature:
        return None
