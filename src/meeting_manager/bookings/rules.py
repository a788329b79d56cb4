"""Who may do what to a booking: predicates over user and record (system.md §1 and §5).

The reserved system user stands for guests, who were admitted by reference or link, and for the system itself.
"""

from collections.abc import Sequence

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.departments.rules import is_member, leads
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system, is_system_manager


def may_decide(user: User, department: Department) -> bool:
    """Approve, reject, reassign, force, create for others: System Managers and the department's leader."""
    return is_system_manager(user) or leads(user, department)


def hosts(user: User, booking: Booking) -> bool:
    """Whether the booking is assigned to the user; uses prefetched hosts where there are some."""
    return user.is_active and any(host.user_id == user.pk for host in booking.assigned_users.all())


def may_edit(user: User, booking: Booking) -> bool:
    """Read, edit, cancel, move, complete, mark as no-show: those who decide, and the assigned members."""
    return may_decide(user, booking.meeting_type.department) or hosts(user, booking)


def may_cancel_or_move(user: User, booking: Booking) -> bool:
    """Staff as in `may_edit`, and guests, who have no part in internal meetings."""
    return (is_system(user) and not booking.is_internal) or may_edit(user, booking)


def may_book(user: User, department: Department, named: Sequence[User]) -> bool:
    """Create a customer booking: guests, those who decide, and members for themselves where the department allows."""
    if is_system(user) or may_decide(user, department):
        return True
    return department.members_may_book and list(named) == [user] and is_member(user, department)


def may_delete(user: User) -> bool:
    """Deleting is for System Managers, and for the system itself, to which no guest's door leads; leaders cancel."""
    return is_system_manager(user) or is_system(user)
