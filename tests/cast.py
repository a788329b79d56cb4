"""The fixed cast of the tests, made with the services that users use.

Support is led by lead@, who is a member like sarah@, mike@ and jane@ (in the order sarah, mike, jane, lead). The
outsider is a member of Sales only, which has no leader. admin@ is a System Manager in no department. All work Monday
to Friday, 09:00-17:00 UTC; the fixture `cast` of conftest.py puts them into the database.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services import create_department, create_meeting_type
from meeting_manager.people.models import User
from meeting_manager.people.services import create_admin, create_user

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""A Monday morning, an hour before the working day begins."""

PASSWORD = "seven wet umbrellas"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, as typed into the form."""

    name: str
    email: str
    phone: str


CUSTOMERS = (
    Person("Ada Muster", "ada@customer.example", "+49 30 901820"),
    Person("Ben Okafor", "ben@customer.example", "(555) 123-4567"),
    Person("Chloé Durand", "chloe@customer.example", ""),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, their departments, and what can be booked there."""

    admin: User
    lead: User
    sarah: User
    mike: User
    jane: User
    outsider: User
    support: Department
    sales: Department
    call: MeetingType
    """30 minutes with Support, public."""
    planning: MeetingType
    """60 minutes within Support, internal."""
    consultation: MeetingType
    """60 minutes with Sales, public, needs approval."""


def make_cast() -> Cast:
    """Write the cast into the database."""
    admin = create_admin(email="admin@bestsecurity.example", password=PASSWORD, full_name="Admin", now=NOW)
    lead, sarah, mike, jane, outsider = (
        create_user(
            actor=admin, email=f"{name}@bestsecurity.example", full_name=name.capitalize(), password=PASSWORD, now=NOW
        )
        for name in ("lead", "sarah", "mike", "jane", "outsider")
    )
    support = create_department(
        actor=admin,
        fields={"department_name": "Support", "department_leader": lead, "timezone": "UTC"},
        members=[{"member": user} for user in (sarah, mike, jane, lead)],
    )
    sales = create_department(
        actor=admin, fields={"department_name": "Sales", "timezone": "UTC"}, members=[{"member": outsider}]
    )
    return Cast(admin, lead, sarah, mike, jane, outsider, support, sales, *_meeting_types(admin, support, sales))


def _meeting_types(admin: User, support: Department, sales: Department) -> tuple[MeetingType, MeetingType, MeetingType]:
    call = create_meeting_type(
        actor=admin,
        department=support,
        fields={
            "meeting_name": "30 Min Call",
            "video_platform": "Jitsi",
            "video_meeting_url": "https://meet.example/a",
        },
    )
    planning = create_meeting_type(
        actor=admin,
        department=support,
        fields={
            "meeting_name": "Internal Planning",
            "duration": 60,
            "is_public": False,
            "is_internal": True,
            "location_type": "Physical Location",
            "custom_location": "Room 1",
        },
    )
    consultation = create_meeting_type(
        actor=admin,
        department=sales,
        fields={
            "meeting_name": "Executive Consultation",
            "duration": 60,
            "requires_approval": True,
            "location_type": "Phone Call",
        },
    )
    return call, planning, consultation
