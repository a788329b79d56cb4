"""Run in a furnished site's environment: connects each host to a CalDAV calendar, and prints a token of the admin."""

import sys
from datetime import UTC, datetime

import django


def main(*addresses: str) -> None:
    django.setup()
    from django.db import transaction

    from meeting_manager.calendars.choices import IntegrationType, SyncDirection
    from meeting_manager.calendars.services import create_integration
    from meeting_manager.people.models import User
    from meeting_manager.people.services import create_token
    from tests.calendarserver import PASSWORD, USER

    now = datetime.now(UTC)
    with transaction.atomic():
        for number, address in enumerate(addresses):
            host = User.objects.get(email=f"host{number}@bestsecurity.example")
            fields = {
                "integration_type": IntegrationType.CALDAV,
                "integration_name": "Cloud",
                "calendar_id": address,
                "is_primary": True,
                "sync_direction": SyncDirection.TWO_WAY,
                "credentials": {"username": USER, "password": PASSWORD},
            }
            create_integration(actor=host, user=host, fields=fields, now=now)
        admin = User.objects.get(email="admin@bestsecurity.example")
        print(create_token(actor=admin, user=admin, now=now)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
