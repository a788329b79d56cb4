"""Looking up what a request names, for this caller: departments, meeting types, users, bookings."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from ninja.errors import AuthenticationError

from meeting_manager.api.caller import caller_of
from meeting_manager.bookings import queries as bookings
from meeting_manager.bookings.models import Booking
from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import MeetingType
from meeting_manager.people import queries as people
from meeting_manager.people.models import User
from meeting_manager.people.rules import AnyUser, is_system
from meeting_manager.people.validators import storable
from meeting_manager.web.guests import admit
from meeting_manager.web.limits import client_of

_NAME_OF_TYPE = "MM-MT-"
_NAME_OF_BOOKING = "MM-MB-"
SIGN_IN = "Document names are for staff: please send 'Authorization: Bearer' and a token, or use the booking reference."


@dataclass(frozen=True, slots=True)
class Found:
    """A booking and how its caller came to it: `user` is staff who may see it whole; without one it is a guest, who is
    its customer or knows nothing but the reference.
    """

    booking: Booking
    user: User | None
    is_customer: bool


def meeting_type_for(caller: AnyUser, department: str, meeting_type: str) -> MeetingType:
    """The meeting type visible to the caller. Raises ValidationError for a missing key, MeetingType.DoesNotExist."""
    _require_keys(department, meeting_type)
    return departments.get_type_for(caller, department or _department_of(meeting_type), meeting_type)


def bookable_type(caller: AnyUser, department: str, meeting_type: str) -> MeetingType:
    """As `meeting_type_for`, but finds for guests also what they can't see, so that the refusal can say why."""
    if isinstance(caller, User):
        return meeting_type_for(caller, department, meeting_type)
    _require_keys(department, meeting_type)
    rows = MeetingType.objects.select_related("department").filter(
        Q(meeting_slug=meeting_type) | Q(name=meeting_type), **_in_department(department)
    )
    return rows.get()


def user_named(email: str, field: str) -> User:
    """The user with this address. Raises ValidationError on `field`.

    Whoever knows a colleague's address may name them: participants come from anywhere in the house (system.md §7).
    """
    try:
        found = people.get_user(email)
    except User.DoesNotExist:
        found = people.system_user()
    if is_system(found):
        raise ValidationError({field: f"User '{email.strip()}' does not exist."})
    return found


def staff_booking(user: User, key: str) -> Booking:
    """The booking under a document name or reference, whole, as far as `user` sees it. Raises Booking.DoesNotExist."""
    if key.upper().startswith(_NAME_OF_BOOKING) or not storable(key):
        return bookings.get_for(user, key)
    return bookings.whole(bookings.visible_to(user)).get(booking_reference=key.strip().upper())


def booking_at(request: HttpRequest, key: str, *, now: datetime, token: str = "", email: str = "") -> Found:
    """The booking under a document name or a reference, for this caller.

    Staff see what is visible to them by either. Everybody else needs the reference; a token or e-mail address in the
    query or given here proves the customer. Raises AuthenticationError, Booking.DoesNotExist, LimitReached.
    """
    caller = caller_of(request)
    is_name = key.upper().startswith(_NAME_OF_BOOKING)
    token = token or request.GET.get("token", "")
    email = email or request.GET.get("email", "")
    if isinstance(caller, User):
        try:
            return Found(staff_booking(caller, key), caller, is_customer=False)
        except Booking.DoesNotExist:
            if is_name or not (token or email):
                raise
    elif is_name:
        raise AuthenticationError(message=SIGN_IN)
    admitted = admit(reference=key, token=token, email=email, client=client_of(request), now=now)
    return Found(admitted.booking, None, admitted.is_customer)


def _require_keys(department: str, meeting_type: str) -> None:
    missing = {}
    if not meeting_type:
        missing["meeting_type"] = "Meeting Type is required."
    if not department and not meeting_type.startswith(_NAME_OF_TYPE):
        missing["department"] = "Department is required."
    if missing:
        raise ValidationError(missing)


def _department_of(meeting_type: str) -> str:
    """The department that a document name of a type implies."""
    name = MeetingType.objects.filter(name=meeting_type if storable(meeting_type) else "-")
    return name.values_list("department__name", flat=True).first() or "-"


def _in_department(department: str) -> dict[str, object]:
    if not department:
        return {}
    field = "name" if department.startswith("MM-DEPT-") else "department_slug"
    return {f"department__{field}": department}
