"""Large databases for the benchmarks, written with a few set-based statements."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.departments.models import Department, DepartmentMember, MeetingType
from meeting_manager.engine.hours import default_working_hours
from meeting_manager.people.models import User, UserSettings
from meeting_manager.people.queries import system_user

NOW = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
"""A Monday."""

DAY = 86_400
ZONES = ("Europe/Berlin", "America/New_York", "UTC", "Asia/Tokyo")


def department(slug: str, members: int) -> MeetingType:
    """A department whose members live in four zones and have a rule each; returns its 30-minute type."""
    with transaction.atomic():
        users = User.objects.bulk_create(
            User(email=f"{slug}{index}@bench.example", password="!") for index in range(members)
        )
        UserSettings.objects.bulk_create(
            UserSettings(
                user=user,
                name=f"MM-USER-{user.email}",
                timezone=ZONES[index % len(ZONES)],
                working_hours_json=default_working_hours(),
            )
            for index, user in enumerate(users)
        )
        AvailabilityRule.objects.bulk_create(
            AvailabilityRule(
                name=f"MM-UAR-{user.email}-0001", user=user, rule_name="Standard", is_default=True, max_days_advance=365
            )
            for user in users
        )
        made = Department.objects.create(
            name=f"MM-DEPT-{slug}", department_name=slug, department_slug=slug, department_leader=users[0]
        )
        DepartmentMember.objects.bulk_create(
            DepartmentMember(department=made, member=user, position=index) for index, user in enumerate(users)
        )
        return MeetingType.objects.create(
            name=f"MM-MT-{slug}-call",
            department=made,
            meeting_name="Call",
            meeting_slug="call",
            video_platform="Jitsi",
            video_meeting_url="https://meet.example/call",
        )


def bookings(kind: MeetingType, first: datetime, days: int, per_day: int) -> int:
    """Give every member of the type's department `per_day` confirmed half hours on each of `days` days from `first`.

    They begin every 75 minutes from 07:00 UTC. Returns how many there are.
    """
    start = int(first.timestamp()) + 7 * 3600
    hosts = list(DepartmentMember.objects.filter(department=kind.department).values_list("member_id", flat=True))
    with transaction.atomic():
        for host in hosts:
            _insert(kind.pk, host, start, days, per_day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return len(hosts) * days * per_day


def _insert(kind: int, host: int, start: int, days: int, per_day: int) -> None:
    numbers = _numbers(days * per_day)
    at = f"({start} + (n / {per_day}) * {DAY} + (n - n / {per_day} * {per_day}) * 4500)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM bookings_booking")
        (base,) = cursor.fetchone()
        cursor.execute(_booking(base, at, numbers), [kind, system_user().pk])
        _fix_sequence(cursor)
        mine = f"SELECT id, {{}} FROM bookings_booking WHERE id > {base}"
        cursor.execute(
            "INSERT INTO bookings_assigneduser (booking_id, user_id, is_primary_host, assigned_at, assigned_by_id) "
            + mine.format(f"{host}, {_TRUE[connection.vendor]}, created_at, created_by_id")
        )
        cursor.execute(
            "INSERT INTO busy_busytime (booking_id, user_id, starts, ends, kind) "
            f"SELECT {base} + n + 1, {host}, {at}, {at} + 1800, 1 FROM {numbers}"
        )


def life(kind: MeetingType, first: datetime, days: int, per_day: int) -> int:
    """As `bookings`, without busy time, but with every status, chosen by turn and by name, asked for at all hours, some
    approved after a while; in order of time, as bookings come in life. Two statements for all of them.
    """
    hosts = list(DepartmentMember.objects.filter(department=kind.department).values_list("member_id", flat=True))
    each_day = len(hosts) * per_day
    begin = int(first.timestamp()) + 7 * 3600
    at = f"({begin} + (n / {each_day}) * {DAY} + (n % {each_day} / {len(hosts)}) * 4500)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM bookings_booking")
        (base,) = cursor.fetchone()
        sql = _booking(base, at, _numbers(days * each_day), **_lives(at))
        cursor.execute(sql.replace("%", "%%").replace("%%s", "%s"), [kind.pk, system_user().pk])
        _fix_sequence(cursor)
        cursor.execute(
            "INSERT INTO bookings_assigneduser (booking_id, user_id, is_primary_host, assigned_at, assigned_by_id)"
            f" SELECT id, (id - {base + 1}) %% {len(hosts)} + {min(hosts)}, {_TRUE[connection.vendor]}, created_at,"
            " created_by_id FROM bookings_booking WHERE id > %s",
            [base],
        )
        cursor.execute("ANALYZE")
    return days * each_day


def _lives(at: str) -> dict[str, str]:
    """Values of columns by the number of the booking."""
    asked, waited = f"{at} - n * 7 % 500 * 3600", "60 + n % 90000"
    ended = f"CASE WHEN {at} < {int(NOW.timestamp())} THEN 'Completed' ELSE 'Confirmed' END"
    status = "CASE WHEN n % 10 = 0 THEN 'Cancelled' WHEN n % 20 = 1 THEN 'No-Show' WHEN n % 20 = 3 THEN 'Rescheduled'"
    approved = "n % 5 = 2"
    return {
        "status": f"{status} ELSE {ended} END",
        "method": "CASE WHEN n % 9 = 0 THEN 'Manual' ELSE 'Round Robin' END",
        "created": _instant(asked),
        "cancelled_at": f"CASE WHEN n % 10 = 0 THEN {_instant(asked)} END",
        "asks": f"({approved})",
        "approval": f"CASE WHEN {approved} THEN 'Approved' ELSE '' END",
        "approver": f"CASE WHEN {approved} THEN {system_user().pk} END",
        "approved_at": f"CASE WHEN {approved} THEN {_instant(f'{asked} + {waited}')} END",
    }


def _numbers(many: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(0, {many - 1}) AS n(n)"
    every = f"SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {many - 1}"
    return f"(WITH RECURSIVE n(n) AS ({every}) SELECT n FROM n) AS n"


_TRUE = {"postgresql": "true", "sqlite": "1"}


def _booking(base: int, at: str, numbers: str, **columns: str) -> str:
    """The statement that writes bookings which begin `at`, Confirmed at once where `columns` say nothing else."""
    yes = connection.vendor == "postgresql"
    plain = {
        "base": str(base),
        "start": _instant(at),
        "end": _instant(f"{at} + 1800"),
        "no": "false" if yes else "0",
        "numbers": numbers,
        "status": "'Confirmed'",
        "method": "'Round Robin'",
        "created": _instant(at),
        "cancelled_at": _NOTHING,
        "asks": "false" if yes else "0",
        "approval": "''",
        "approver": "CAST(NULL AS integer)",
        "approved_at": _NOTHING,
    }
    return _BOOKING.format(**(plain | columns))


_NOTHING = "CAST(NULL AS timestamp)"


def _instant(seconds: str) -> str:
    return f"to_timestamp({seconds})" if connection.vendor == "postgresql" else f"datetime({seconds}, 'unixepoch')"


def _fix_sequence(cursor: object) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(  # type: ignore[attr-defined]
            "SELECT setval(pg_get_serial_sequence('bookings_booking', 'id'), (SELECT max(id) FROM bookings_booking))"
        )


_BOOKING = """
    INSERT INTO bookings_booking (
        id, name, meeting_type_id, booking_status, booking_date, booking_reference, is_internal, booking_source,
        meeting_title, meeting_description, meeting_location, video_meeting_url, location_type,
        start_datetime, end_datetime, duration, customer_name, customer_email, customer_phone, customer_notes,
        customer_timezone, requires_approval, approval_status, rejection_reason, calendar_event_synced,
        external_calendar_link, reminders_sent, created_by_id, cancellation_reason, assignment_method,
        assignment_receipt, link_version, history_length, history_head, created_at, modified_at,
        ical_uid, sequence_base, cancelled_at, approved_by_id, approval_date
    )
    SELECT {base} + n + 1, 'MM-MB-bench-' || ({base} + n + 1), %s, {status}, '2026-01-01',
        'BN-' || ({base} + n + 1), {no}, 'Public Booking Page', 'Call', '', '', '', 'Video Call',
        {start}, {end}, 30, 'Customer ' || (n - n / 997 * 997), 'c' || (n - n / 997 * 997) || '@bench.example', '', '',
        '', {asks}, {approval}, '', {no}, '', '[]', %s, '', {method}, '{{}}', 1, 0, '', {created}, {created},
        'bench-' || ({base} + n + 1), 0, {cancelled_at}, {approver}, {approved_at}
    FROM {numbers}
"""


def shift(days: int) -> datetime:
    """That many days from the benchmarks' now."""
    return NOW + timedelta(days=days)
