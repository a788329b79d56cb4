"""From figures to the bookings behind them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from meeting_manager.analytics.periods import Period


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the list of bookings, narrowed as the figures are: department (slug), meeting type (document name)
    and member (e-mail), each empty where it is not narrowed; `query` is that of the page of figures."""

    department: str
    meeting_type: str
    member: str
    query: str

    def bookings(
        self, period: Period, statuses: Collection[str] = (), *, meeting_type: str = "", member: str = ""
    ) -> str:
        """The list of those that begin in the period. The one place that knows how the list is asked."""
        asked = [
            ("department", self.department),
            ("type", meeting_type or self.meeting_type),
            ("host", member or self.member),
            *(("status", str(status)) for status in statuses),
            ("since", period.first.isoformat()),
            ("until", period.last.isoformat()),
        ]
        return f"{reverse('workspace_bookings')}?{_query(asked)}"

    def cell(self, what: str, hour: int) -> str:
        """The bookings of one hour of the week, 0 for Monday 00:00, which the list cannot be asked for."""
        return self._here("workspace_figures_bookings", [("of", what), ("hour", str(hour))])

    def approved(self) -> str:
        """The bookings that waited for an approval."""
        return self._here("workspace_figures_bookings", [("of", "approved")])

    def csv(self, name: str) -> str:
        """The figures of a chart as a file."""
        return f"{reverse('workspace_figures_csv', args=[name])}{'?' if self.query else ''}{self.query}"

    def _here(self, page: str, more: Iterable[tuple[str, str]]) -> str:
        rest = f"&{self.query}" if self.query else ""
        return f"{reverse(page)}?{_query(more)}{rest}"


def _query(asked: Iterable[tuple[str, str]]) -> str:
    return urlencode([(name, value) for name, value in asked if value])
