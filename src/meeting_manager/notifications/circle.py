"""Who of a department hears of its bookings."""

from meeting_manager.departments.models import Department
from meeting_manager.notifications.tellings import Circle
from meeting_manager.people.queries import system_managers


def circle_of(department: Department) -> Circle:
    """The leader and the System Managers where the department wants them told, and who decides: the leader, or
    without one the System Managers. Two queries at most.
    """
    leader = department.department_leader
    leaders = (leader.email,) if leader is not None and leader.is_active else ()
    needs_admins = department.notify_admin_on_booking or not leaders
    admins = tuple(system_managers().values_list("email", flat=True)) if needs_admins else ()
    return Circle(
        leaders=leaders if department.notify_leader_on_booking else (),
        admins=admins if department.notify_admin_on_booking else (),
        deciders=leaders or admins,
    )
