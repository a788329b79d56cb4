"""What the tests of the Outlook adapter share."""

from meeting_manager.adapters.calendar.oauth import TokenSource
from meeting_manager.adapters.calendar.outlook import OutlookCalendar
from tests.adapters.events import WINDOW
from tests.providers.graph import Graph
from tests.providers.web import good_token


def opened(graph: Graph, token: TokenSource = good_token, **changes: object) -> OutlookCalendar:
    given: dict[str, object] = {
        "base": graph.base,
        "calendar_id": "cal-1",
        "window": WINDOW,
        "zone": "Europe/Berlin",
        "addresses": ("me@contoso.example",),
        "timeout": 0.3,
    }
    return OutlookCalendar(token, **{**given, **changes})  # type: ignore[arg-type]  # tests change any of them
