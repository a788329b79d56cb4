"""MM Calendar Integration and, read-only, MM Calendar Event Sync."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.routes.availability import owner_named
from meeting_manager.api.routes.users import editable_user
from meeting_manager.api.shapes import people as shapes
from meeting_manager.calendars import queries, services
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.people.models import User

_SAME = (
    "name",
    "integration_type",
    "integration_name",
    "is_active",
    "is_primary",
    "calendar_id",
    "sync_direction",
    "sync_past_days",
    "sync_future_days",
    "auto_sync_enabled",
    "sync_interval_minutes",
    "sync_status",
    "sync_error_log",
    "last_sync",
)
_OF_EVENT = (
    "external_event_id",
    "event_title",
    "event_type",
    "sync_status",
    "description",
    "location",
    "organizer_email",
    "sync_direction",
    "sync_error_log",
    "last_synced",
    "external_last_modified",
)
_BUSY = ("name", "start_datetime", "end_datetime", "is_blocking_availability")


def _calendar_shape(reader: User) -> Callable[[CalendarIntegration], Json]:
    return lambda one: shapes.calendar(one, reader)


def _create_calendar(actor: User, fields: Json) -> CalendarIntegration:
    owner = editable_user(actor, owner_named(fields))
    return services.create_integration(actor=actor, user=owner, fields=fields, now=timezone.now())


def _update_calendar(actor: User, found: CalendarIntegration, changes: Json) -> CalendarIntegration:
    return services.edit_integration(actor=actor, integration=found, changes=changes, now=timezone.now())


def _delete_calendar(actor: User, found: CalendarIntegration) -> None:
    services.disconnect(actor=actor, integration=found, now=timezone.now())


CALENDAR_INTEGRATION = Doctype(
    name="MM Calendar Integration",
    rows=queries.visible_to,
    shape=_calendar_shape,
    columns={"user": "user__email", **{field: field for field in _SAME}},
    # A secret address: finding by it would tell it, letter by letter, to those whose calendar it is not.
    unsorted=("ical_url",),
    create=_create_calendar,
    update=_update_calendar,
    delete=_delete_calendar,
)


def _events(reader: User) -> QuerySet[CalendarEventSync]:
    calendars = queries.visible_to(reader).values("pk")
    rows = CalendarEventSync.objects.filter(calendar_integration__in=calendars)
    rows = rows.filter(_own_events(reader) | Q(is_blocking_availability=True))
    rows = rows.select_related("calendar_integration", "meeting_booking")
    secret = ("calendar_integration__credentials", "calendar_integration__sync_cursor")
    return rows.defer(*secret, "written")


def _own_events(reader: User) -> Q:
    return Q(calendar_integration__user=reader.pk)


def _event_shape(reader: User) -> Callable[[CalendarEventSync], Json]:
    def show(one: CalendarEventSync) -> Json:
        if one.calendar_integration.user_id == reader.pk:
            return shapes.calendar_event(one)
        calendar = {"name": one.name, "calendar_integration": one.calendar_integration.name}
        return {**calendar, **shapes.busy_time(one)}

    return show


CALENDAR_EVENT = Doctype(
    name="MM Calendar Event Sync",
    rows=_events,
    shape=_event_shape,
    columns={
        "calendar_integration": "calendar_integration__name",
        "meeting_booking": "meeting_booking__name",
        **{field: field for field in (*_BUSY, *_OF_EVENT)},
    },
    unsorted=("attendees_json",),
    open_columns=frozenset({"calendar_integration", *_BUSY}),
    own=_own_events,
)
