"""Putting the demo into a database: people, departments, habits, and then their bookings (bookings.py)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from meeting_manager.availability.services import create_rule
from meeting_manager.demo import bookings
from meeting_manager.demo.cast import ADMIN, HABITS, PEOPLE, REMINDERS, TEAMS, Habits, Team, email
from meeting_manager.demo.plan import working_day
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import create_department, create_meeting_type
from meeting_manager.ledger.services import muted
from meeting_manager.people.models import User
from meeting_manager.people.services import create_admin, create_user, edit_settings

_PASSWORD_BYTES = 9


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: logins (e-mail → password, shown once) and the number of bookings."""

    logins: dict[str, str]
    bookings: int


def load(now: datetime, progress: Callable[[str], None]) -> Loaded:
    """Load the demo around `now`, whole or not at all. Raises ValidationError where something of it is there already.

    Effects: accounts, departments, types, rules, bookings in every status, all in one transaction; nobody is told.
    """
    with transaction.atomic(), muted():
        logins, people = _people(now)
        progress(f"{len(people)} accounts")
        types = {slug: _department(people["admin"], team) for slug, team in TEAMS.items()}
        progress(f"{len(types)} departments")
        for person, habits in HABITS.items():
            _habits(people[person], habits, now)
        number = bookings.make(people, types, now, progress)
    return Loaded(logins, number)


def _people(now: datetime) -> tuple[dict[str, str], dict[str, User]]:
    logins = {email(person): secrets.token_urlsafe(_PASSWORD_BYTES) for person in PEOPLE}
    admin = create_admin(email=ADMIN, password=logins[ADMIN], full_name=PEOPLE["admin"], now=now)
    people = {"admin": admin}
    for person, name in PEOPLE.items():
        if person not in people:
            address = email(person)
            people[person] = create_user(actor=admin, email=address, full_name=name, password=logins[address], now=now)
    return logins, people


def _department(admin: User, team: Team) -> dict[str, MeetingType]:
    members = [{"member": email(person), "assignment_priority": priority} for person, priority in team.members.items()]
    department = create_department(actor=admin, fields=team.fields, members=members)
    types = {}
    for fields in team.types:
        name = str(fields["meeting_name"])
        reminders, questions = REMINDERS if name in team.reminded else (), team.questions.get(name, ())
        made = create_meeting_type(
            actor=admin, department=department, fields=fields, reminders=reminders, questions=questions
        )
        types[made.meeting_slug] = made
    return types


def _habits(user: User, habits: Habits, now: datetime) -> None:
    if habits.settings:
        edit_settings(actor=user, user=user, changes=habits.settings)
    overrides = [
        {"date": working_day(now.date(), day).isoformat(), **fields} for day, fields in habits.overrides.items()
    ]
    create_rule(actor=user, user=user, fields={**habits.rule, "is_default": True}, date_overrides=overrides)
