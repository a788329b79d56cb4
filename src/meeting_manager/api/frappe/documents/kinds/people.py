"""User, MM User Settings and MM User Availability Rule."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.frappe.documents.kinds.rows import take_rows
from meeting_manager.api.routes.availability import owner_named
from meeting_manager.api.routes.users import editable_user
from meeting_manager.api.shapes import people as shapes
from meeting_manager.availability import queries as availability
from meeting_manager.availability import services
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.availability.rules import may_edit
from meeting_manager.availability.validators import RULE
from meeting_manager.people import queries
from meeting_manager.people import services as people
from meeting_manager.people.models import User, UserSettings
from meeting_manager.people.rules import is_system_manager, may_edit_account


def _users(reader: User) -> QuerySet[User]:
    return queries.visible_to(reader)


def _update_user(actor: User, found: User, changes: Json) -> User:
    if not may_edit_account(actor, found):
        raise PermissionDenied("You may edit your own account only.")
    return people.edit_user(actor=actor, user=found, changes=changes)


USER = Doctype(
    name="User",
    rows=_users,
    shape=lambda _: shapes.account,
    columns={
        "name": "email",
        "email": "email",
        "full_name": "full_name",
        "is_active": "is_active",
        "is_system_manager": "is_system_manager",
    },
    update=_update_user,
)


def _settings(reader: User) -> QuerySet[UserSettings]:
    rows = UserSettings.objects.select_related("user")
    if is_system_manager(reader):
        return rows
    led = User.objects.filter(memberships__department__department_leader=reader.pk)
    return rows.filter(Q(user=reader.pk) | Q(user__in=led.values("pk")))


def _update_settings(actor: User, found: UserSettings, changes: Json) -> UserSettings:
    return people.edit_settings(actor=actor, user=found.user, changes=changes)


USER_SETTINGS = Doctype(
    name="MM User Settings",
    rows=_settings,
    shape=lambda _: lambda one: shapes.user_settings(one, one.user),
    columns={"name": "name", "user": "user__email", "timezone": "timezone", "bio": "bio"},
    unsorted=("profile_picture", "working_hours_json"),
    update=_update_settings,
)


def _create_rule(actor: User, fields: Json) -> AvailabilityRule:
    owner = editable_user(actor, owner_named(fields))
    overrides = take_rows(fields, "date_overrides") or []
    return services.create_rule(actor=actor, user=owner, fields=fields, date_overrides=overrides)


def _update_rule(actor: User, found: AvailabilityRule, changes: Json) -> AvailabilityRule:
    if not may_edit(actor, found):
        raise PermissionDenied("You may edit your own availability only.")
    overrides = take_rows(changes, "date_overrides")
    with transaction.atomic():
        if changes:
            services.edit_rule(actor=actor, rule=found, changes=changes)
        if overrides is not None:
            services.replace_overrides(actor=actor, rule=found, date_overrides=overrides)
    return found


def _delete_rule(actor: User, found: AvailabilityRule) -> None:
    services.delete_rule(actor=actor, rule=found)


def _columns_of_rule() -> dict[str, Any]:
    return {"name": "name", "user": "user__email", **{field: field for field in RULE}}


AVAILABILITY_RULE = Doctype(
    name="MM User Availability Rule",
    rows=availability.visible_to,
    shape=lambda _: shapes.rule,
    columns=_columns_of_rule(),
    tables={"date_overrides": "MM User Date Overrides"},
    create=_create_rule,
    update=_update_rule,
    delete=_delete_rule,
)
