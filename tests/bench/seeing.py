"""The page of figures beside half a million bookings, against the one second it may take."""

from datetime import date

from django.test import Client

from meeting_manager.departments.models import MeetingType
from tests.bench import seed
from tests.bench.measure import Figure, median_ms

MEMBERS, DAYS, PER_DAY = 60, 1400, 6
MOST = 1000
PERIODS = {
    "30 days": "since=2026-11-08&until=2026-12-07",
    "a year": "since=2026-01-01&until=2026-12-31",
}


def run() -> list[Figure]:
    """The whole page, as a leader gets it: from the request to the last byte."""
    kind = seed.department("figures", MEMBERS)
    number = seed.life(kind, seed.shift(-DAYS + 30), DAYS, PER_DAY)
    return [_figure(kind, number, period, query) for period, query in PERIODS.items()]


def _figure(kind: MeetingType, number: int, period: str, query: str) -> Figure:
    client = Client()
    leader = kind.department.department_leader
    assert leader is not None
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/workspace/figures/?period=range&{query}"

    def page() -> None:
        assert client.get(address, SERVER_NAME="localhost").status_code == 200

    taken = median_ms(page, times=7)
    inside = _count(kind, query)
    what = f"the page of figures, {period}: {inside:,} of the department's {number:,} bookings"
    return Figure(what, f"{taken:.0f} ms", f"≤ {MOST} ms", taken <= MOST)


def _count(kind: MeetingType, query: str) -> int:
    since, until = (date.fromisoformat(part.partition("=")[2]) for part in query.split("&"))
    return kind.bookings.filter(start_datetime__date__range=(since, until)).count()
