"""Bringing the stored events of a calendar, and the time they block, in step with what was pulled: in bulk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent, Window
from meeting_manager.adapters.rows import insert
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.choices import EventSyncStatus, EventType
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import is_gone
from meeting_manager.calendars.services.busy_time import write_busy_time
from meeting_manager.calendars.services.events import fill
from meeting_manager.calendars.services.noticing import announce_overlaps, is_newer_here, mark_gone, take_over
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.names.services import next_names

KEPT_DELETED = 500
"""So many events that are gone are kept of a calendar: some programs give every event a new identity each time."""

_AT_ONCE = 1_000
_MOST_NAMED = 100
"""Of more than so many events it is cheaper to read all rows."""

_COMPARED = (
    "event_title",
    "event_type",
    "sync_status",
    "start_datetime",
    "end_datetime",
    "description",
    "location",
    "attendees_json",
    "organizer_email",
    "meeting_booking_id",
    "is_blocking_availability",
    "external_last_modified",
    "sync_direction",
    "etag",
    "external_change",
)
_WRITTEN = [*(name.removesuffix("_id") for name in _COMPARED), "last_synced"]

Known = dict[str, CalendarEventSync]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """How many rows changed, and whether something was left out that has to be told again."""

    changed: int
    is_whole: bool = True


def mirror(
    integration: CalendarIntegration, pulled: Pulled, window: Window, now: datetime, *, started: datetime
) -> Mirrored:
    """Make the stored events say what a pull that began at `started` brought. About a dozen queries, however many.

    Effects: new and changed events are written with their busy time; what is gone is marked Deleted Externally, and
    what lies outside the window, or is gone long since, deleted. What was done to events of ours is owed to be acted
    on, and bookings under new events are announced. The caller holds the calendar's row and transaction.
    """
    rows = integration.events.filter(_concerned(pulled)).select_related("meeting_booking")
    known: Known = {row.external_event_id: row for row in rows}
    own: Known = {id_: known.pop(id_) for id_ in [id_ for id_, row in known.items() if row.ical_uid]}
    # An event of ours whose id we do not know yet: an answer is on its way, or got lost.
    under_way = {row.ical_uid for row in own.values() if not row.written}
    theirs = [event for event in pulled.events if event.id not in own and event.uid not in under_way]
    bookings = _own_bookings(integration.user_id, {event.uid for event in theirs})
    new, changed = _compared(integration, known, theirs, bookings, now)
    outside = _outside(known, pulled, window) if pulled.is_complete else set()
    changed += [row for row in _gone(known, pulled, now) if row.pk not in outside]
    of_ours, is_whole = _mirror_own(own, pulled, window, now, started)
    _write(integration, new, changed + of_ours, now)
    announce_overlaps(integration, [*new, *changed], now)
    if pulled.is_complete:
        _delete([*outside, *_forgotten(row for row in known.values() if row.pk not in outside)])
    return Mirrored(len(new) + len(changed) + len(outside) + len(of_ours), is_whole)


def _concerned(pulled: Pulled) -> Q:
    """Which rows a pull may speak of: all where it is complete or tells much, else those that it names."""
    names = {*(event.id for event in pulled.events), *pulled.gone, *pulled.retold}
    if pulled.is_complete or len(names) > _MOST_NAMED:
        return Q()
    found = Q(external_event_id__in=names) | Q(ical_uid__in={event.uid for event in pulled.events if event.uid})
    for name in pulled.retold:
        found |= Q(external_event_id__startswith=f"{name}/")
    for name in pulled.gone:
        found |= Q(external_event_id__endswith=f"/{name}")
    return found


def _mirror_own(
    own: Known, pulled: Pulled, window: Window, now: datetime, started: datetime
) -> tuple[list[CalendarEventSync], bool]:
    """The rows of events that we wrote which are different there; and whether all that was told could be taken over.

    Effects: what was done to them is owed to be acted on.
    """
    changed: list[CalendarEventSync] = []
    owed: list[Owed] = []
    is_whole = True
    told = {event.id: event for event in pulled.events if event.id in own}
    for id_, event in told.items():
        row = own[id_]
        if not row.written and row.write_started is None:
            continue  # a first writing that was given up: the next one settles what is there
        if is_newer_here(row, started):
            is_whole = is_whole and event.etag == row.etag
        elif row.sync_status != EventSyncStatus.DELETED_LOCALLY and (because := take_over(row, event, now)) is not None:
            changed.append(row)
            owed += because
    gone = _gone_of_ours(own, pulled, window)
    lost = [row for row in gone if not is_newer_here(row, started)]
    changed += lost
    owed += [mark_gone(row, now, among=len(lost)) for row in lost]
    enqueue(owed, now=now)
    return changed, is_whole and len(lost) == len(gone)


def _gone_of_ours(own: Known, pulled: Pulled, window: Window) -> list[CalendarEventSync]:
    """Of those that are in their calendar for all we know, what the calendar no longer has. What lies outside the
    window is not told by anybody."""
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in window)
    gone = _gone_ids(own, pulled)
    return [
        row
        for id_, row in own.items()
        if id_ in gone
        and row.written
        and row.end_datetime > start
        and row.start_datetime < end
        and not (_is_kept(row, pulled.unread) or row.ical_uid in pulled.unread)
    ]


def _own_bookings(user_id: int, uids: set[str]) -> Mapping[str, int]:
    """Those of the UIDs that are bookings this user hosts, with the latest booking of each: it was moved, and keeps
    its UID. A colleague's booking takes the user's time like any event."""
    found: dict[str, int] = {}
    some = sorted(uids)
    for at in range(0, len(some), _AT_ONCE):
        rows = Booking.objects.filter(ical_uid__in=some[at : at + _AT_ONCE], assigned_users__user=user_id)
        found |= dict(rows.order_by("pk").values_list("ical_uid", "pk"))
    return found


def _compared(
    integration: CalendarIntegration,
    known: Known,
    events: Iterable[PulledEvent],
    bookings: Mapping[str, int],
    now: datetime,
) -> tuple[list[CalendarEventSync], list[CalendarEventSync]]:
    """The rows that are new, and those that are different from what is stored; both are as they should be."""
    new, changed = [], []
    for event in events:
        row = known.get(event.id)
        stored = _facts(row) if row else None
        row = row or CalendarEventSync(calendar_integration=integration, external_event_id=event.id)
        fill(row, _external(event, bookings.get(event.uid)))
        if stored is None:
            new.append(row)
        elif stored != _facts(row):
            changed.append(row)
        else:
            continue
        row.last_synced = now
    return new, changed


def _facts(row: CalendarEventSync) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _COMPARED)


def _external(event: PulledEvent, booking_id: int | None) -> ExternalEvent:
    kind = EventType.ALL_DAY if event.is_all_day else EventType.EXTERNAL
    return ExternalEvent(
        event.id,
        datetime.fromtimestamp(event.start, UTC),
        datetime.fromtimestamp(event.end, UTC),
        title=event.title,
        event_type=EventType.BOOKING if booking_id else kind,
        description=event.description,
        location=event.location,
        attendees=event.attendees,
        organizer_email=event.organizer,
        is_blocking=event.is_busy,
        booking_id=booking_id,
        last_modified=None if event.last_modified is None else datetime.fromtimestamp(event.last_modified, UTC),
    )


def _gone(known: Known, pulled: Pulled, now: datetime) -> list[CalendarEventSync]:
    """Mark what the calendar no longer has; what it has but could not be read stays as it was."""
    ids = _gone_ids(known, pulled)
    gone = [row for id_, row in known.items() if id_ in ids and not _is_kept(row, pulled.unread)]
    for row in gone:
        row.sync_status, row.is_blocking_availability, row.last_synced = _DELETED, False, now
    return gone


def _gone_ids(known: Known, pulled: Pulled) -> set[str]:
    """Of the known ids those that the calendar no longer has."""
    gone = set(pulled.gone)
    ids = {id_ for id_ in known if id_ in gone or id_.rpartition("/")[2] in gone}
    told = {event.id for event in pulled.events}
    if pulled.is_complete:
        ids |= known.keys() - told
    elif pulled.retold:
        whole = set(pulled.retold)
        ids |= {id_ for id_ in known.keys() - told if id_ in whole or id_.rpartition("/")[0] in whole}
    return ids


_DELETED = EventSyncStatus.DELETED_EXTERNALLY


def _is_kept(row: CalendarEventSync, unread: Collection[str]) -> bool:
    uid = row.external_event_id.rpartition("/")[0]
    return is_gone(row.sync_status) or row.external_event_id in unread or uid in unread


def _write(
    integration: CalendarIntegration, new: list[CalendarEventSync], changed: list[CalendarEventSync], now: datetime
) -> None:
    if new:
        # The counter's row is held from here on, so everything else was worked out before.
        for row, name in zip(new, next_names(f"MM-CES-{integration.name}", len(new)), strict=True):
            row.name = name
        insert(new)
    CalendarEventSync.objects.bulk_update(changed, _WRITTEN, batch_size=_AT_ONCE // 10)
    rows = new + changed
    for at in range(0, len(rows), _AT_ONCE):
        write_busy_time(integration, rows[at : at + _AT_ONCE], now)


def _outside(known: Known, pulled: Pulled, window: Window) -> set[int]:
    """What lies outside the window and so was not told; the time it blocked goes with it."""
    told = {event.id for event in pulled.events}
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in window)
    return {
        row.pk
        for id_, row in known.items()
        if id_ not in told and (row.end_datetime <= start or row.start_datetime >= end)
    }


def _forgotten(rows: Iterable[CalendarEventSync]) -> list[int]:
    """Those that are gone, but for the latest ones."""
    gone = sorted((row for row in rows if is_gone(row.sync_status)), key=_written, reverse=True)
    return [row.pk for row in gone[KEPT_DELETED:]]


def _written(row: CalendarEventSync) -> float:
    return row.last_synced.timestamp() if row.last_synced else 0.0


def _delete(ids: Sequence[int]) -> None:
    for at in range(0, len(ids), _AT_ONCE):
        CalendarEventSync.objects.filter(pk__in=ids[at : at + _AT_ONCE]).delete()
