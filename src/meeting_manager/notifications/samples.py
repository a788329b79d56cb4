"""Made-up occasions for previews: nothing of them is stored, and no row is read for them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from meeting_manager.bookings.choices import ApprovalStatus, AssignmentMethod, BookingStatus, ParticipantType
from meeting_manager.bookings.models import AssignedUser, Booking, Participant
from meeting_manager.departments.choices import LocationType, VideoPlatform
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Before, Notice, Occasion, Recipient, Rendered
from meeting_manager.notifications.rendering import render
from meeting_manager.people.models import User

START = datetime(2030, 5, 14, 13, 0, tzinfo=UTC)
"""A Tuesday afternoon."""

_HALF_HOUR = timedelta(minutes=30)
_DAY = timedelta(days=1)
_STATUS = {
    Message.CUSTOMER_AWAITING: BookingStatus.PENDING,
    Message.STAFF_APPROVAL_ASKED: BookingStatus.PENDING,
    Message.CUSTOMER_REJECTED: BookingStatus.CANCELLED,
    Message.CUSTOMER_CANCELLED: BookingStatus.CANCELLED,
    Message.HOST_CANCELLED: BookingStatus.CANCELLED,
    Message.PARTICIPANT_CANCELLED: BookingStatus.CANCELLED,
    Message.STAFF_CANCELLED: BookingStatus.CANCELLED,
    Message.CUSTOMER_NO_SHOW: BookingStatus.NO_SHOW,
    Message.CUSTOMER_THANK_YOU: BookingStatus.COMPLETED,
}
_MOVED = {
    Message.CUSTOMER_RESCHEDULED,
    Message.HOST_RESCHEDULED,
    Message.PARTICIPANT_RESCHEDULED,
    Message.STAFF_RESCHEDULED,
}
_REHOSTED = {
    Message.CUSTOMER_REASSIGNED,
    Message.HOST_ASSIGNED,
    Message.HOST_UNASSIGNED,
    Message.STAFF_REASSIGNED,
}
_ENDED = {
    Message.CUSTOMER_REJECTED,
    Message.CUSTOMER_CANCELLED,
    Message.HOST_CANCELLED,
    Message.PARTICIPANT_CANCELLED,
    Message.STAFF_CANCELLED,
}


def preview(message: Message, department: Department | None) -> Rendered:
    """The message with made-up data, in the words of `department` if one is given; one query for those."""
    return render(sample(message, department), START - _DAY)


def sample(message: Message, department: Department | None = None) -> Occasion | Notice:
    """What the message could be about."""
    if message == Message.CALENDAR_TROUBLE:
        return Notice(message, _recipient(Role.HOST), calendar_facts())
    if message in {Message.CALENDAR_CHANGED, Message.CALENDAR_OVERLAP}:
        return Notice(message, _recipient(Role.HOST), booking_facts())
    if message == Message.DELIVERY_TROUBLE:
        return Notice(message, _recipient(Role.ADMIN), delivery_facts())
    if message == Message.CUSTOMER_CONFIRM:
        return Notice(message, _recipient(Role.CUSTOMER), confirmation_facts())
    is_change = message in _MOVED | _REHOSTED | _ENDED
    return Occasion(
        message=message,
        booking=booking(_STATUS.get(message, BookingStatus.CONFIRMED), department),
        recipient=_recipient(role_of(message)),
        host_zone="Europe/London",
        before=before(message),
        by_whom=_("%(name)s of %(department)s") % {"name": "Jane Fuchs", "department": "Support"} if is_change else "",
        reason="Sarah has to be at a workshop that day." if is_change else "",
        more={"hours_before": Decimal(24)},
    )


def booking(status: BookingStatus, department: Department | None = None) -> Booking:
    """A made-up booking in this status, whole as `bookings.queries.whole` makes it."""
    made = Booking(
        pk=1,
        name="MM-MB-MM-MT-support-30-min-call-0042",
        meeting_type=meeting_type(department or Department(department_name="Support", department_slug="support")),
        booking_status=status,
        booking_reference="BK-A7F92K1X",
        meeting_title="30 Min Call - Ada Muster",
        location_type=LocationType.VIDEO_CALL,
        video_meeting_url="https://meet.example/ada-and-sarah",
        start_datetime=START,
        end_datetime=START + _HALF_HOUR,
        customer_name="Ada Muster",
        customer_email="ada@customer.example",
        customer_phone="+49 30 901820",
        customer_notes="We cannot sign in since the update.\nTwo of us will be there.",
        customer_timezone="Europe/Berlin",
        answers=[
            {"key": "system", "label": "Which system is it about?", "type": "Choice", "value": "Thunderbird"},
            {"key": "message", "label": "What does it say?", "type": "Text", "value": "Error 535"},
        ],
        approval_status=ApprovalStatus.PENDING if status == BookingStatus.PENDING else "",
        requires_approval=status == BookingStatus.PENDING,
        assignment_method=AssignmentMethod.ROUND_ROBIN,
        ical_uid="7a6ff3f0-6d0e-4e1c-9a57-1f2b6a6c0f11",
    )
    hosts = [AssignedUser(booking=made, user=_SARAH, is_primary_host=True)]
    guests = [Participant(booking=made, participant_type=ParticipantType.EXTERNAL, name1="Ben Okafor", email=_BEN)]
    put_people(made, hosts, guests)
    return made


def put_people(made: Booking, hosts: list[AssignedUser], participants: list[Participant]) -> None:
    """Give an unsaved booking its people, where a stored one has them from prefetching."""
    rows = {"assigned_users": hosts, "participants": participants}
    made._prefetched_objects_cache = rows  # type: ignore[attr-defined]  # noqa: SLF001 - what prefetching fills


def meeting_type(department: Department) -> MeetingType:
    """A made-up public type of the department."""
    return MeetingType(
        department=department,
        meeting_name="30 Min Call",
        meeting_slug="30-min-call",
        video_platform=VideoPlatform.JITSI,
        feedback_url="https://feedback.example/call",
        next_steps="We send you a summary within two days.\nYour case stays open until you close it.",
    )


def role_of(message: Message) -> Role:
    """As what somebody gets the message."""
    if message == Message.HOST_UNASSIGNED:
        return Role.FORMER_HOST
    group = message.value.partition("_")[0]
    return Role.LEADER if group == "staff" else Role(group)


def before(message: Message) -> Before | None:
    """What the recipient knew of the made-up booking."""
    if message in _MOVED:
        return Before(START - _DAY, START - _DAY + _HALF_HOUR, ("Sarah Keller",))
    if message in _REHOSTED:
        return Before(START, START + _HALF_HOUR, ("Mike Osei",))
    return Before(START, START + _HALF_HOUR, ("Sarah Keller",)) if message in _ENDED else None


def calendar_facts() -> dict[str, object]:
    """The facts of a made-up notice of a calendar."""
    return {
        "label": "Work",
        "error": "The server refused the password.",
        "owner": _SARAH.email,
        "since": (START - _DAY).isoformat(),
        "url": "https://meet.example.com/accounts/",
    }


def booking_facts() -> dict[str, object]:
    """The facts of made-up notices of a booking in a calendar."""
    return {
        "meeting": "30 Min Call - Ada Muster",
        "customer": "Ada Muster",
        "host": "Sarah Keller",
        "start": START.isoformat(),
        "end": (START + _HALF_HOUR).isoformat(),
        "there_start": (START + _HALF_HOUR / 2).isoformat(),
        "there_end": (START + _HALF_HOUR).isoformat(),
        "change": "Moved",
        "why_not": "",
        "free": ["Mike Osei"],
        "url": "https://meet.example.com/workspace/bookings/MM-MB-MM-MT-support-30-min-call-0042/",
    }


def delivery_facts() -> dict[str, object]:
    """The facts of a made-up notice of deliveries."""
    since = (START - _DAY).isoformat()
    return {
        "kinds": [{"kind": "mail", "count": 3, "since": since}, {"kind": "sms", "count": 1, "since": since}],
        "url": "https://meet.example.com/workspace/deliveries/?state=dead",
    }


def confirmation_facts() -> dict[str, object]:
    """The facts of a made-up mail to confirm a booking by."""
    return {
        "meeting": "30 Min Call",
        "department": "Support",
        "start": START.isoformat(),
        "end": (START + _HALF_HOUR).isoformat(),
        "until": (START - _DAY + _HALF_HOUR).isoformat(),
        "url": "https://meet.example.com/confirm/mSpe3kDZ0gqE2yQ0b6c1uWvJ5n7xTfRa4hLiYkOtB8U",
    }


_BEN = "ben@partner.example"
_SARAH = User(pk=1, email="sarah@bestsecurity.example", full_name="Sarah Keller")
_RECIPIENTS = {
    Role.CUSTOMER: Recipient("ada@customer.example", Role.CUSTOMER, "Ada Muster", "Europe/Berlin"),
    Role.HOST: Recipient("sarah@bestsecurity.example", Role.HOST, "Sarah Keller", "Europe/London"),
    Role.FORMER_HOST: Recipient("mike@bestsecurity.example", Role.FORMER_HOST, "Mike Osei", "Europe/London"),
    Role.PARTICIPANT: Recipient(_BEN, Role.PARTICIPANT, "Ben Okafor", "America/New_York"),
    Role.LEADER: Recipient("lena@bestsecurity.example", Role.LEADER, "Lena Brandt", "Europe/London"),
    Role.ADMIN: Recipient("admin@bestsecurity.example", Role.ADMIN, "Admin", "UTC"),
}


def _recipient(role: Role) -> Recipient:
    return _RECIPIENTS[role]
