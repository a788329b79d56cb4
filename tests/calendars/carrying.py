"""Short ways to have calendars written and read, as the worker does."""

from collections.abc import Callable
from datetime import datetime, timedelta

from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration, pulling
from meeting_manager.calendars.services.noticing import OUTSIDE
from meeting_manager.ledger.handlers import CALENDAR_WRITE, PULL
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.people.models import User
from tests.bookings.desk import NOW
from tests.calendars.agenda import Agenda, Agendas

KINDS = (CALENDAR_WRITE, OUTSIDE, PULL)

Connect = Callable[..., Agenda]


def carry(now: datetime = NOW) -> None:
    """Have the worker write what is owed to calendars, as of `now`."""
    run_due(now, KINDS)


def read(now: datetime = NOW + timedelta(minutes=20)) -> None:
    """Have all calendars read and acted upon, as if they were due."""
    CalendarIntegration.objects.update(next_sync=None)
    pulling.plan_due(now)
    run_due(now, KINDS)


def owed(kind: str = CALENDAR_WRITE) -> list[str]:
    """The states of the deliveries of this kind, oldest first."""
    return list(Delivery.objects.filter(kind=kind).order_by("pk").values_list("state", flat=True))


def connecting(agendas: Agendas) -> Connect:
    """Connects a two-way calendar of somebody, which takes up their bookings."""

    def made(user: User, kind: IntegrationType = IntegrationType.CALDAV, **fields: object) -> Agenda:
        name = f"https://calendar.example/{user.full_name.lower()}/{kind.value.split()[0].lower()}"
        agenda = agendas[name]
        agenda.makes_conferences = kind != IntegrationType.CALDAV
        agenda.renames = kind == IntegrationType.OUTLOOK
        given = {
            "integration_type": kind,
            "integration_name": f"{kind} of {user.full_name}",
            "calendar_id": name,
            "is_primary": True,
            "sync_direction": SyncDirection.TWO_WAY,
            "credentials": {"username": "u", "password": "p", "refresh_token": "r"},
        }
        create_integration(actor=user, user=user, fields={**given, **fields}, now=NOW)
        return agenda

    return made
