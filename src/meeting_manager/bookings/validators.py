"""The founding document's validations, with its words (meeting-booking.md, "Validation Rules").

Each function either returns what it cleaned, raises ValidationError under the field's name, or returns warnings.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import texts
from meeting_manager.bookings.calls import new_room
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus, ParticipantType, ResponseStatus
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.choices import LocationType
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.lifecycle import HOLDING, check_change
from meeting_manager.people.languages import check_tag
from meeting_manager.people.richtext import clean_rich_text

T = TypeVar("T")

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=31)
"""Beyond these a datetime is a slip of the pen, and so is a longer meeting."""


NO_REASON = gettext_noop("Cancellation Reason is recommended when cancelling a booking.")
DUPLICATE_PARTICIPANTS = gettext_noop("Duplicate participants found. Each participant email must be unique.")
DUPLICATE_HOSTS = gettext_noop("Duplicate users found in assigned users. Each user can only be assigned once.")


class Problems:
    """Gathers the problems of several fields, so that people see all of them at once."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[Any]] = {}

    def clean(self, field: str, cleaner: Callable[[], T], default: T) -> T:
        """What `cleaner` returns, or `default` after noting its problem under `field`."""
        try:
            return cleaner()
        except ValidationError as error:
            self.by_field.setdefault(field, []).extend(error.error_list)
            return default

    def gather(self, cleaner: Callable[[], T], default: T) -> T:
        """What `cleaner` returns, or `default` after noting its problems, which say their fields themselves."""
        try:
            return cleaner()
        except ValidationError as error:
            for field, problems in error.error_dict.items():
                self.by_field.setdefault(field, []).extend(problems)
            return default

    def note(self, field: str, message: str) -> None:
        """Note a problem."""
        self.by_field.setdefault(field, []).append(ValidationError(message))

    def raise_any(self) -> None:
        """Raise what was noted, if anything was."""
        if self.by_field:
            raise ValidationError(self.by_field)


def refusal(field: str, message: str) -> ValidationError:
    """The error of one field."""
    return ValidationError({field: [message]})


def under(field: str, cleaner: Callable[[], T]) -> T:
    """What `cleaner` returns; its problem is raised under the field's name."""
    try:
        return cleaner()
    except ValidationError as error:
        raise ValidationError({field: error.error_list}) from error


def meeting_type(kind: MeetingType, *, internal: bool) -> None:
    """Validation 1; a type of an inactive department counts as inactive."""
    if not (kind.is_active and kind.department.is_active):
        message = _("Meeting Type '%(name)s' is not active. Please select an active meeting type.")
    elif internal and not kind.is_internal:
        message = _(
            "Meeting Type '%(name)s' is not available for internal meetings. "
            "Please select a meeting type that allows internal meetings."
        )
    elif not internal and not kind.is_public:
        message = _(
            "Meeting Type '%(name)s' is not available for public bookings. "
            "Please select a meeting type that allows public bookings."
        )
    else:
        return
    raise refusal("meeting_type", message % {"name": kind.name})


def timing(start: datetime, end: datetime, now: datetime) -> None:
    """Validation 2, as far as it concerns no host: order, the past, and years that nobody means."""
    if not (start < LATEST and end < LATEST):
        raise refusal("start_datetime", _("Invalid datetime format for Start or End DateTime."))
    if end <= start:
        raise refusal("end_datetime", _("End DateTime must be after Start DateTime."))
    if end - start > LONGEST:
        raise refusal(
            "end_datetime",
            _("End DateTime must be at most %(days)s days after Start DateTime.") % {"days": LONGEST.days},
        )
    if start < now:
        raise refusal("start_datetime", _("Cannot create a booking in the past. Please select a future date and time."))


def customer(given: Customer) -> Customer:
    """Validation 4: the customer with cleaned fields; all problems at once."""
    problems = Problems()
    name = problems.clean("customer_name", lambda: texts.line(gettext_noop("Customer Name"), given.name, 140), "?")
    if not name:
        problems.note("customer_name", _("Customer Name is required for external bookings."))
    cleaned = Customer(
        name=name,
        email=problems.clean("customer_email", lambda: _customer_email(given.email), ""),
        phone=problems.clean("customer_phone", lambda: texts.phone(given.phone), ""),
        notes=problems.clean("customer_notes", lambda: texts.text(gettext_noop("Customer Notes"), given.notes), ""),
        timezone=problems.clean(
            "customer_timezone", lambda: texts.zone(gettext_noop("Customer Timezone"), given.timezone), ""
        ),
        language=problems.clean(
            "customer_language", lambda: check_tag(gettext_noop("Customer Language"), given.language), ""
        ),
    )
    problems.raise_any()
    return cleaned


def _customer_email(given: str) -> str:
    if not given.strip():
        raise ValidationError(_("Customer Email is required for external bookings."))
    cleaned = texts.email(given)
    if cleaned is None:
        raise ValidationError(_("Invalid email format for Customer Email: '%(value)s'") % {"value": given.strip()})
    return cleaned


def assigned_users(hosts: Sequence[Host]) -> list[str]:
    """Validation 5: hosts of an internal meeting; returns its warning."""
    if not hosts:
        raise refusal("assigned_users", _("At least one user must be assigned to this booking."))
    if len({host.user.pk for host in hosts}) < len(hosts):
        raise refusal("assigned_users", _(DUPLICATE_HOSTS))
    primary = sum(host.is_primary for host in hosts)
    if not primary:
        raise refusal("assigned_users", _("At least one assigned user must be marked as Primary Host."))
    if primary > 1:
        return [_("Warning: Multiple users are marked as Primary Host. Consider having only one primary host.")]
    return []


def participants(invitees: Sequence[Invitee]) -> list[Invitee]:
    """Validation 6: participants with cleaned addresses, internal ones with their user's."""
    cleaned = [participant(invitee) for invitee in invitees]
    if any(count > 1 for count in Counter(invitee.email for invitee in cleaned).values()):
        raise refusal("participants", _(DUPLICATE_PARTICIPANTS))
    return cleaned


def participant(invitee: Invitee) -> Invitee:
    """One participant, cleaned."""
    address = invitee.email.strip() or (invitee.user.email if invitee.user else "")
    email = texts.email(address)
    if email is None:
        raise refusal("participants", _("Invalid email format for participant: '%(address)s'") % {"address": address})
    if invitee.response_status not in ResponseStatus.values:
        raise refusal(
            "participants", _("Response Status must be one of %(known)s.") % {"known": ", ".join(ResponseStatus.values)}
        )
    name = under("participants", lambda: texts.line("Participant Name", invitee.name, 140))
    if invitee.participant_type == ParticipantType.INTERNAL:
        if invitee.user is None:
            raise refusal(
                "participants",
                _("Internal participant must have a User selected: '%(address)s'") % {"address": address},
            )
        return replace(invitee, email=email, name=name or invitee.user.full_name)
    if invitee.participant_type != ParticipantType.EXTERNAL:
        raise refusal(
            "participants",
            _("Participant Type must be one of %(known)s.") % {"known": ", ".join(ParticipantType.values)},
        )
    if not name:
        raise refusal("participants", _("External participant must have a Name: '%(address)s'") % {"address": address})
    return replace(invitee, email=email, name=name, user=None)


def details(given: Details, kind: MeetingType, fallback_title: str) -> Details:
    """Title, description and place of a new booking; what is not given comes from the meeting type, at Jitsi a room."""
    problems = Problems()
    location_type = kind.location_type if given.location_type is None else given.location_type
    if location_type not in ["", *LocationType.values]:
        problems.note(
            "location_type", _("Location Type must be one of %(known)s.") % {"known": ", ".join(LocationType.values)}
        )
    location = kind.custom_location if given.location is None else given.location
    video_url = given.video_url
    if video_url is None:
        video_url = kind.video_meeting_url or new_room(kind, location_type)
    title = problems.clean("meeting_title", lambda: texts.line("Meeting Title", given.title, 255), "")
    cleaned = Details(
        title=title or fallback_title[:255],
        description=problems.clean("meeting_description", lambda: rich_text(given.description), ""),
        location_type=location_type,
        location=problems.clean("meeting_location", lambda: texts.line("Meeting Location", location, 500), ""),
        video_url=problems.clean("video_meeting_url", lambda: texts.web_address("Video Meeting URL", video_url), ""),
    )
    problems.raise_any()
    return cleaned


def rich_text(given: str) -> str:
    """A meeting description, sanitised."""
    return clean_rich_text(texts.text("Meeting Description", given))


def remark(field: str, label: str, value: str) -> str:
    """A reason, comment or note: plain text."""
    return under(field, lambda: texts.text(label, value))


def awaits_decision(booking: Booking, status: BookingStatus) -> None:
    """Raise Conflict, or the engine's IllegalChange, unless the booking may be decided into `status` now."""
    if not booking.requires_approval:
        raise Conflict(_("This booking does not require approval."))
    if booking.approval_status != ApprovalStatus.PENDING:
        raise Conflict(_("Booking already %(status)s.") % {"status": ApprovalStatus(booking.approval_status).label})
    check_change(booking.booking_status, status)


def reassignable(booking: Booking) -> None:
    """Raise Conflict unless the booking holds a time."""
    if booking.booking_status not in HOLDING:
        raise Conflict(
            _("Cannot reassign a booking with status '%(status)s'.")
            % {"status": BookingStatus(booking.booking_status).label}
        )


def only_after_start(booking: Booking, status: BookingStatus, now: datetime) -> None:
    """Validation 10: Completed and No-Show are for meetings that have begun."""
    if booking.start_datetime > now:
        raise refusal(
            "booking_status",
            _("Cannot mark a future booking as '%(status)s'. This status can only be set for past bookings.")
            % {"status": status.label},
        )


def warnings(booking: Booking, *, participants: int) -> list[str]:
    """What is worth a word about a booking but never holds it up (validations 6, 8, 9)."""
    found = []
    if booking.calendar_event_synced and booking.calendar_event_id is None:
        found.append(_("Warning: Calendar Event Synced is checked but no Calendar Event is linked."))
    if booking.location_type == LocationType.VIDEO_CALL and not booking.video_meeting_url:
        found.append(_("Video Meeting URL is recommended when Location Type is 'Video Call'."))
    if booking.location_type == LocationType.PHYSICAL_LOCATION and not booking.meeting_location:
        found.append(_("Meeting Location is recommended when Location Type is 'Physical Location'."))
    if booking.booking_status == BookingStatus.CONFIRMED and not participants:
        found.append(
            _(
                "Warning: No participants added to this confirmed booking. "
                "Consider adding participants for better tracking."
            )
        )
    return found
