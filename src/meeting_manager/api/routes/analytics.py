"""Figures about bookings, for those who lead."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query

from meeting_manager.analytics.queries import figures
from meeting_manager.api.caller import user_of
from meeting_manager.api.operations import Operations
from meeting_manager.api.reading import read_date
from meeting_manager.api.replies import reply
from meeting_manager.api.routes.departments import managed_department
from meeting_manager.api.schemas import outputs
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.queries import visible_to
from meeting_manager.bookings.validators import EARLIEST, LATEST
from meeting_manager.departments.queries import led_by
from meeting_manager.engine.zones import day_bounds
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.web.access import Audience

operations = Operations("Analytics")


@operations.add("GET", "/analytics", Audience.MANAGES_DEPARTMENT, outputs.Analytics, 403, 404)
def get_analytics(
    request: HttpRequest, department: str = "", since: Annotated[str, Query(alias="from")] = "", to: str = ""
) -> HttpResponse:
    """Counts by status, type and member, and the rates, of bookings that begin from one date to another.

    Both dates are inclusive and optional, in the department's time zone (UTC without a department). Without a
    department it counts all that the caller leads.
    """
    scope, zone = _scope(user_of(request), department)
    rows = visible_to(user_of(request)).filter(scope)
    if since:
        rows = rows.filter(start_datetime__gte=_day(since, "from", zone)[0])
    if to:
        rows = rows.filter(start_datetime__lt=_day(to, "to", zone)[1])
    return reply(asdict(figures(rows)))


def _scope(user: User, department: str) -> tuple[Q, str]:
    if department:
        found = managed_department(user, department)
        return Q(meeting_type__department=found), found.timezone
    if is_system_manager(user):
        return Q(), "UTC"
    led = list(led_by(user).values_list("pk", flat=True))
    if not led:
        raise PermissionDenied("Only System Managers and leaders of departments may do this.")
    return Q(meeting_type__department__in=led), "UTC"


def _day(given: str, field: str, zone: str) -> tuple[datetime, datetime]:
    day = read_date(given, field, field.capitalize())
    if not EARLIEST.date() < day < LATEST.date():
        raise ValidationError({field: "From and To must be dates between 1900 and 2100."})
    start, end = day_bounds(zone, day)
    return moment(start), moment(end)
