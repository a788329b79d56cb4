"""Answers that calendars send by mail."""

import hmac
from datetime import datetime

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.errors import Conflict, Superseded
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.links import participant_of
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.notifications.models import Heard, Thread
from meeting_manager.notifications.replies.reading import Answer
from meeting_manager.notifications.replies.refusals import Reason, Refused
from meeting_manager.people.queries import system_user


def take(*, answer: Answer, now: datetime) -> Participant:
    """Note the answer for the booking as it stands today; returns whose it was.

    Effects: as `bookings.services.respond`; nothing where it was noted before. Raises Refused where token, meeting and
    person do not belong together, or the answer is about an older time or older than what they said since.
    """
    booking = _booking(answer)
    participant = participant_of(booking, answer.token)
    if participant is None:
        raise Refused(Reason.UNKNOWN_TOKEN)
    _check(answer, booking, participant)
    return _respond(answer, booking, participant, now)


def _booking(answer: Answer) -> Booking:
    thread = Thread.objects.filter(pk=answer.thread).first()
    if thread is None:
        raise Refused(Reason.UNKNOWN_THREAD)
    found = Booking.objects.filter(name=thread.booking).select_related("successor").first()
    if found is None:
        raise Refused(Reason.NO_BOOKING)
    return queries.latest(found)


def _check(answer: Answer, booking: Booking, participant: Participant) -> None:
    if not hmac.compare_digest(answer.uid.encode(), booking.ical_uid.encode()):
        raise Refused(Reason.OTHER_MEETING)
    if answer.email != participant.email.lower():
        raise Refused(Reason.OTHER_PERSON)
    if answer.sequence < booking.sequence_base and not _knows_the_time(booking, participant):
        raise Refused(Reason.OUTDATED)


def _knows_the_time(booking: Booking, participant: Participant) -> bool:
    """Whether the invitation they have names the time as it is: moves that were taken back were told to nobody."""
    row = Heard.objects.filter(thread__uid=booking.ical_uid, address=participant.email).first()
    span = (seconds(booking.start_datetime), seconds(booking.end_datetime))
    return row is not None and (row.told["start"], row.told["end"]) == span


def _respond(answer: Answer, booking: Booking, participant: Participant, now: datetime) -> Participant:
    try:
        return services.respond(
            booking=booking,
            email=participant.email,
            response=answer.response,
            actor=system_user(),
            now=now,
            answered_at=min(answer.answered_at, now),
        )
    except Superseded as error:
        raise Refused(Reason.SUPERSEDED) from error
    except Conflict as error:
        raise Refused(Reason.CLOSED) from error
    except Participant.DoesNotExist as error:
        raise Refused(Reason.UNKNOWN_TOKEN) from error
