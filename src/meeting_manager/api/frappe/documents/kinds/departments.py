"""MM Department with its members, and MM Meeting Type with its reminders and questions."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.frappe.documents.kinds.rows import take_rows
from meeting_manager.api.shapes import departments as shapes
from meeting_manager.departments import queries, services
from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.departments.rules import may_manage
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager

_KEPT_OF_MEMBER = frozenset({"full_name", "total_assignments", "last_assigned_datetime"})


def _departments(reader: User) -> QuerySet[Department]:
    rows = queries.visible_to(reader).select_related("department_leader", "logo").defer("logo__content")
    members = DepartmentMember.objects.select_related("member").order_by("position", "id")
    return rows.prefetch_related(Prefetch("members", members))


def _department_shape(reader: User) -> Any:  # noqa: ANN401 - a function of a department
    shape, whole = shapes.department_shape(reader), _belongs(reader)

    def show(one: Department) -> Json:
        members = [shapes.member(row) for row in one.members.all()] if whole(one) else []
        return {**shape(one), "members": members}

    return show


def _belongs(reader: User) -> Any:  # noqa: ANN401 - a predicate
    if is_system_manager(reader):
        return lambda _: True
    return lambda one: (
        one.department_leader_id == reader.pk
        or any(row.member_id == reader.pk and row.is_active for row in one.members.all())
    )


def _own_departments(prefix: str = "") -> Any:  # noqa: ANN401 - a function of the reader
    def own(reader: User) -> Q:
        if is_system_manager(reader):
            return ~Q(pk__in=[])
        mine = queries.led_by(reader).values("pk"), queries.member_departments(reader).values("pk")
        return Q(**{f"{prefix}pk__in": mine[0]}) | Q(**{f"{prefix}pk__in": mine[1]})

    return own


def _create_department(actor: User, fields: Json) -> Department:
    _require_manager(actor)
    members = take_rows(fields, "members", without=_KEPT_OF_MEMBER) or []
    return services.create_department(actor=actor, fields=fields, members=members)


def _update_department(actor: User, found: Department, changes: Json) -> Department:
    members = take_rows(changes, "members", without=_KEPT_OF_MEMBER)
    if changes or members is None:
        _require_manager(actor)
    elif not may_manage(actor, found):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
    with transaction.atomic():
        # New members first, as one of them may become the leader; who leaves goes last, as they may have been it.
        if members is not None:
            _join(actor, found, members)
        if changes:
            found = services.edit_department(actor=actor, department=found, changes=changes)
        if members is not None:
            _leave_and_order(actor, found, members)
    return found


def _join(actor: User, department: Department, members: list[Json]) -> None:
    known = {row.member.email: row for row in queries.members_of(department)}
    if len({_email(row) for row in members}) != len(members):
        raise ValidationError({"members": "Each member can be in the table once."})
    for row in members:
        email = _email(row)
        values = {key: value for key, value in row.items() if key != "member"}
        if email not in known:
            services.add_member(actor=actor, department=department, member=email, **_known_values(values))
        elif values:
            services.edit_member(actor=actor, member=known[email], changes=values)


def _leave_and_order(actor: User, department: Department, members: list[Json]) -> None:
    named = [_email(row) for row in members]
    for row in queries.members_of(department).select_related("member", "department"):
        if row.member.email not in named:
            services.remove_member(actor=actor, member=row)
    services.reorder_members(actor=actor, department=department, order=named)


def _email(row: Json) -> str:
    given = row.get("member")
    if not isinstance(given, str) or not given.strip():
        raise ValidationError({"members": "Every row of members needs a 'member', by e-mail address."})
    return given.strip().lower()


def _known_values(values: Json) -> Json:
    for field in values.keys() - {"is_active", "assignment_priority"}:
        raise ValidationError({f"members.{field}": f"Field '{field}' cannot be set here. Please leave it out."})
    return values


def _delete_department(actor: User, found: Department) -> None:
    services.delete_department(actor=actor, department=found)


def _require_manager(actor: User) -> None:
    if not is_system_manager(actor):
        raise PermissionDenied("Only System Managers may do this.")


DEPARTMENT = Doctype(
    name="MM Department",
    rows=_departments,
    shape=_department_shape,
    columns={
        "name": "name",
        "department_name": "department_name",
        "department_slug": "department_slug",
        "description": "description",
        "timezone": "timezone",
        "contact": "contact",
        "accent_color": "accent_color",
        "is_active": "is_active",
        "department_leader": "department_leader__email",
        "assignment_algorithm": "assignment_algorithm",
        "max_bookings_per_day": "max_bookings_per_day",
        "notify_leader_on_booking": "notify_leader_on_booking",
        "notify_admin_on_booking": "notify_admin_on_booking",
        "members_may_book": "members_may_book",
        "calendar_changes": "calendar_changes",
        "offer_unread_calendars": "offer_unread_calendars",
    },
    unsorted=("logo_url", "public_booking_url"),
    tables={"members": "MM Department Member"},
    open_columns=frozenset(
        {"name", "department_name", "department_slug", "description", "timezone", "contact", "accent_color"}
    ),
    own=_own_departments(),
    create=_create_department,
    update=_update_department,
    delete=_delete_department,
)


def _meeting_types(reader: User) -> QuerySet[MeetingType]:
    rows = queries.types_visible_to(reader).select_related("department", "created_by")
    return rows.prefetch_related("reminders", "questions")


def _create_meeting_type(actor: User, fields: Json) -> MeetingType:
    key = fields.pop("department", None)
    if not isinstance(key, str) or not key:
        raise ValidationError({"department": "Department is required."})
    found = queries.get_for(actor, key)
    _require_right(actor, found)
    reminders, questions = take_rows(fields, "reminders") or [], take_rows(fields, "questions") or []
    return services.create_meeting_type(
        actor=actor, department=found, fields=fields, reminders=reminders, questions=questions
    )


def _update_meeting_type(actor: User, found: MeetingType, changes: Json) -> MeetingType:
    _require_right(actor, found.department)
    reminders, questions = take_rows(changes, "reminders"), take_rows(changes, "questions")
    with transaction.atomic():
        if changes:
            found = services.edit_meeting_type(actor=actor, meeting_type=found, changes=changes)
        if reminders is not None:
            services.set_reminders(actor=actor, meeting_type=found, reminders=reminders)
        if questions is not None:
            services.set_questions(actor=actor, meeting_type=found, questions=questions)
    return found


def _delete_meeting_type(actor: User, found: MeetingType) -> None:
    services.delete_meeting_type(actor=actor, meeting_type=found)


def _require_right(actor: User, department: Department) -> None:
    if not may_manage(actor, department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")


MEETING_TYPE = Doctype(
    name="MM Meeting Type",
    rows=_meeting_types,
    shape=shapes.meeting_type_shape,
    columns={
        "name": "name",
        "department": "department__name",
        "meeting_name": "meeting_name",
        "meeting_slug": "meeting_slug",
        "duration": "duration",
        "slot_interval": "slot_interval",
        "description": "description",
        "location_type": "location_type",
        "requires_approval": "requires_approval",
        "confirm_email": "confirm_email",
        "color": "color",
        "is_active": "is_active",
        "is_public": "is_public",
        "is_internal": "is_internal",
        "video_platform": "video_platform",
        "custom_location": "custom_location",
        "video_meeting_url": "video_meeting_url",
        "no_show_mail": "no_show_mail",
        "thank_you_mail": "thank_you_mail",
        "feedback_url": "feedback_url",
        "next_steps": "next_steps",
        "created_by": "created_by__email",
    },
    unsorted=("public_booking_url",),
    tables={"reminders": "MM Meeting Type Reminder", "questions": "MM Meeting Type Question"},
    open_columns=frozenset(
        {"name", "department", "meeting_name", "meeting_slug", "duration", "slot_interval", "description"}
        | {"location_type", "requires_approval", "confirm_email", "color"}
    ),
    own=_own_departments("department__"),
    create=_create_meeting_type,
    update=_update_meeting_type,
    delete=_delete_meeting_type,
)
