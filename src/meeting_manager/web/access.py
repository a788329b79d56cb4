"""Who may use which address: every route of the site is declared here or beside its `urls.py`, and a test walks them.

A route without a declaration fails the build (tests/web/test_access.py). A declaration is a promise about rights, not
their enforcement: queries and services enforce, the test compares.
"""

from enum import Enum


class Audience(Enum):
    """Who gets in; everybody else is told what is said after the dash."""

    ANYBODY = "guests too"
    GUEST_WITH_REFERENCE = "whoever has the reference, and those to whom the booking is visible - 404"
    INVITED = "participants, by the token in their invitation - 404"
    SIGNED_IN = "any active account, for what is its own - 401"
    SEES_BOOKING = "those to whom the booking is visible - 401, 404"
    DECIDES_BOOKING = "System Managers and the leader - 401, 403 for its hosts, 404 for others"
    DELETES_BOOKING = "System Managers - 401, 403 for those who see it, 404 for others"
    BELONGS_TO_DEPARTMENT = "System Managers, leader, members - 401, 403"
    MANAGES_DEPARTMENT = "System Managers and the leader - 401, 403"
    MANAGES_SOME = "System Managers and the leaders of departments - 401, 403"
    BOOKS_SOME = "who manages some department, and members of one where they may book for themselves - 401, 403"
    SEES_ACCOUNT = "themselves, colleagues, leaders, System Managers - 401, 404"
    READS_ACCOUNT = "themselves, their leaders, System Managers - 401, 403 for colleagues, 404 for others"
    EDITS_ACCOUNT = "themselves and System Managers - 401, 403 for those who see them, 404 for others"
    READS_RULE = "the rule's user, their leaders, System Managers - 401, 404"
    EDITS_RULE = "the rule's user and System Managers - 401, 403 for their leaders, 404 for others"
    OWNS_CALENDAR = "the calendar's user and System Managers - 401, 404"
    HAS_CALENDAR = "the calendar's user - 401, 404"
    OWNS_TOKEN = "the token's user - 401, 404"  # noqa: S105 - a sentence about tokens
    OWNS_RECORD = "whoever made it - 401, 404"
    SYSTEM_MANAGER = "System Managers - 401, 403"


_declared: dict[str, Audience] = {}


def declare(audience: Audience, *routes: str) -> None:
    """Say who may use these routes, written as the URL patterns read, such as "book/<slug:department>".

    A method before the route ("POST api/v1/bookings") declares that method alone, GET also HEAD. To be called in
    `urls.py`.
    """
    for route in routes:
        _declared[route] = audience


def audience_of(method: str, route: str) -> Audience | None:
    """Who may use a route by a method; None where nobody has said so."""
    asked = "GET" if method == "HEAD" else method
    return _declared.get(f"{asked} {route}") or _declared.get(route)
