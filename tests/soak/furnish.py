"""Run in a site's environment: one department, `desk`, with so many hosts who work around the clock."""

import sys
from datetime import UTC, datetime

import django


def main(hosts: int) -> None:
    django.setup()
    from django.db import transaction

    from meeting_manager.availability.services import create_rule
    from meeting_manager.departments.services import create_department, create_meeting_type
    from meeting_manager.people.services import create_admin, create_user, edit_settings

    now = datetime.now(UTC)
    day = {"enabled": True, "start": "00:00", "end": "24:00"}
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    with transaction.atomic():
        admin = create_admin(email="admin@bestsecurity.example", password=None, now=now)
        users = [
            create_user(actor=admin, email=f"host{number}@bestsecurity.example", now=now) for number in range(hosts)
        ]
        for user in users:
            edit_settings(actor=user, user=user, changes={"working_hours_json": dict.fromkeys(names, day)})
            open_rule = {"rule_name": "Always", "is_default": True, "min_notice_hours": 0, "max_days_advance": 365}
            create_rule(actor=user, user=user, fields=open_rule)
        fields = {"department_name": "Desk", "timezone": "UTC"}
        desk = create_department(actor=admin, fields=fields, members=[{"member": user} for user in users])
        call = {"meeting_name": "Call", "duration": 30, "location_type": "Phone Call"}
        create_meeting_type(actor=admin, department=desk, fields=call)


if __name__ == "__main__":
    main(int(sys.argv[1]))
