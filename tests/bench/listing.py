"""A page of bookings out of half a million, against its main query in raw SQL."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.bookings import queries
from meeting_manager.bookings.queries import Filters
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from tests.bench import seed
from tests.bench.measure import Figure, alternating_ms, ratio

LIMIT = 50


def run() -> list[Figure]:
    """Needs the bookings that the slots were measured on; narrows them in the ways people do."""
    kind = MeetingType.objects.get(meeting_slug="call", department__department_slug="twenty")
    leader = kind.department.department_leader
    assert leader is not None
    admin = User.objects.create(email="admin@bench.example", password="!", is_system_manager=True)
    since, until = seed.NOW, seed.shift(7)
    return [
        _page("leader, this week, confirmed", leader, Filters(statuses=["Confirmed"], since=since, until=until)),
        _page("System Manager, department, this week", admin, Filters(department="twenty", since=since, until=until)),
        _page("System Manager, one customer", admin, Filters(customer="c5@bench.example")),
        _page("System Manager, one member, from today", admin, Filters(member=leader.email, since=seed.NOW)),
    ]


def _page(what: str, user: User, filters: Filters) -> Figure:
    page = _reader(user, filters)
    with CaptureQueriesContext(connection) as made:
        assert len(page()) == LIMIT
    sql, arguments = queries.listing(user, filters)[:LIMIT].query.sql_with_params()

    def raw() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows

    ours, theirs = alternating_ms(page, raw, times=21)
    note = f" ({ours:.1f} ms against {theirs:.1f} ms, {len(made)} queries)"
    return ratio(f"50 of {_count():,} bookings: {what} / main query", ours / theirs, 5, note=note)


def _reader(user: User, filters: Filters) -> Callable[[], list[str]]:
    def page() -> list[str]:
        found = queries.listing(user, filters)[:LIMIT]
        return [f"{b.name} {b.meeting_type.name} {[h.user.email for h in b.assigned_users.all()]}" for b in found]

    return page


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bookings_booking")
        return int(cursor.fetchone()[0])
