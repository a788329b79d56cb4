"""What each role may expect of each record, by the audience that a route declares."""

from collections.abc import Mapping
from dataclasses import dataclass

from meeting_manager.availability.services import create_rule
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.services import create_integration
from meeting_manager.people.models import User
from meeting_manager.people.services import create_token
from meeting_manager.web.access import Audience
from tests.api.caller import Api, guest_body
from tests.cast import NOW, Cast
from tests.workspace.owed import fail

GUESTS = ("guest", "disabled")
STAFF = ("admin", "lead", "sarah", "mike", "outsider")
ROLES = (*GUESTS, *STAFF)
RECORDS = ("support", "sales", "missing")

ALLOWED = "allowed"
Verdict = str | int

# Whom each audience lets in and whom it refuses though they see the record; for everybody else there is no record.
_INSIDE: Mapping[Audience, tuple[Mapping[str, set[str]], Mapping[str, set[str]]]] = {
    Audience.SEES_BOOKING: ({"support": {"lead", "sarah"}, "sales": {"outsider"}}, {}),
    Audience.GUEST_WITH_REFERENCE: ({"support": {"lead", "sarah"}, "sales": {"outsider"}}, {}),
    Audience.DECIDES_BOOKING: ({"support": {"lead"}, "sales": set()}, {"support": {"sarah"}, "sales": {"outsider"}}),
    Audience.DELETES_BOOKING: ({}, {"support": {"lead", "sarah"}, "sales": {"outsider"}}),
    Audience.BELONGS_TO_DEPARTMENT: (
        {"support": {"lead", "sarah", "mike"}, "sales": {"outsider"}},
        {"support": {"outsider"}, "sales": {"lead", "sarah", "mike"}},
    ),
    Audience.MANAGES_DEPARTMENT: (
        {"support": {"lead"}},
        {"support": {"sarah", "mike", "outsider"}, "sales": {"lead", "sarah", "mike", "outsider"}},
    ),
    Audience.SEES_ACCOUNT: ({"support": {"lead", "sarah", "mike"}, "sales": {"outsider"}}, {}),
    Audience.READS_ACCOUNT: ({"support": {"lead", "sarah"}, "sales": {"outsider"}}, {"support": {"mike"}}),
    Audience.EDITS_ACCOUNT: ({"support": {"sarah"}, "sales": {"outsider"}}, {"support": {"lead", "mike"}}),
    Audience.READS_RULE: ({"support": {"lead", "sarah"}, "sales": {"outsider"}}, {}),
    Audience.EDITS_RULE: ({"support": {"sarah"}, "sales": {"outsider"}}, {"support": {"lead"}}),
    Audience.OWNS_CALENDAR: ({"support": {"sarah"}, "sales": {"outsider"}}, {}),
    Audience.OWNS_TOKEN: ({"support": {"sarah"}, "sales": {"outsider"}}, {}),
}


def verdict(audience: Audience, role: str, record: str, *, has_record: bool, names_user: bool) -> Verdict:
    """What the role must be told: ALLOWED, 401, 403 or 404."""
    if role == "disabled" or (role == "guest" and audience is not Audience.ANYBODY):
        return 401
    if record == "missing" and has_record:
        return 404
    if audience in {Audience.ANYBODY, Audience.SIGNED_IN}:
        return ALLOWED
    if audience in {Audience.MANAGES_SOME, Audience.BOOKS_SOME}:  # members may book nowhere here
        return ALLOWED if role in {"admin", "lead"} else 403
    if audience is Audience.SYSTEM_MANAGER:
        hidden = names_user and not _sees(role, record)
        return ALLOWED if role == "admin" else 404 if hidden else 403
    if role == "admin" and audience is not Audience.OWNS_TOKEN:
        return ALLOWED
    inside, refused = _INSIDE[audience]
    if role in inside.get(record, set()):
        return ALLOWED
    return 403 if role in refused.get(record, set()) else 404


def _sees(role: str, record: str) -> bool:
    return role == "admin" or role in _INSIDE[Audience.SEES_ACCOUNT][0][record]


@dataclass(frozen=True)
class World:
    """One record of each kind in either department, and the roles."""

    users: Mapping[str, User | None]
    parts: Mapping[str, Mapping[str, str]]
    """For each record the parts of a route by name."""
    disabled_token: str


def make_world(api: Api, cast: Cast) -> World:
    """Support's records belong to sarah, those of Sales to outsider."""
    call = api.book().body["name"]
    slot = api.slots("executive-consultation", "sales")[0]["start"]
    body = guest_body(slot, department="sales", meeting_type="executive-consultation")
    consultation = api.post("/bookings", body).body["name"]
    users = {role: getattr(cast, role) for role in STAFF}
    _, disabled_token = create_token(actor=cast.jane, user=cast.jane, now=NOW)
    User.objects.filter(pk=cast.jane.pk).update(is_active=False)
    support = _parts("support", cast.sarah, call)
    sales = _parts("sales", cast.outsider, consultation)
    missing = {**dict.fromkeys(support, "none"), "booking": "MM-MB-none"}
    parts = {"support": support, "sales": sales, "missing": missing}
    return World({**users, "guest": None}, parts, disabled_token)


def _parts(department: str, user: User, booking: str) -> dict[str, str]:
    kind = Booking.objects.get(name=booking).meeting_type.name
    rule = create_rule(
        actor=user,
        user=user,
        fields={"rule_name": "Mine"},
        date_overrides=[{"date": "2030-01-01", "reason": "Holiday"}],
    )
    ical = {"integration_type": "iCal", "integration_name": "Mine", "ical_url": "https://calendar.example/a.ics"}
    token, _ = create_token(actor=user, user=user, now=NOW)
    delivery = fail(user.pk, about=booking)
    return {
        "department": department,
        "meeting_type": kind,
        "booking": booking,
        "delivery": str(delivery.pk),
        "message": "customer_booked",
        "email": user.email,
        "rule": rule.name,
        "date": "2030-01-01",
        "calendar": create_integration(actor=user, user=user, fields=ical, now=NOW).name,
        "token": str(token.pk),
    }
