"""Who and what the demo is about. `bestsecurity.example` can't be anybody's address: .example is reserved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DOMAIN = "bestsecurity.example"
ADMIN = f"admin@{DOMAIN}"

PEOPLE = {
    "admin": "Alex Morgan",
    "lead": "Laura Brandt",
    "sarah": "Sarah Novak",
    "mike": "Mike Osei",
    "jane": "Jane Fields",
    "sofia": "Sofia Marino",
    "tom": "Tom Lindqvist",
    "nina": "Nina Haddad",
}
"""Local part of the address → full name; the first one is the System Manager."""


def email(person: str) -> str:
    """The address of somebody in the cast."""
    return f"{person}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Team:
    """A department: its fields, its members with their weights, its meeting types, those with reminders by name, and
    what types ask by name."""

    fields: Mapping[str, object]
    members: Mapping[str, int]
    types: tuple[Mapping[str, object], ...]
    reminded: tuple[str, ...]
    questions: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)


REMINDERS: tuple[Mapping[str, object], ...] = ({"hours_before_meeting": 24}, {"hours_before_meeting": "0.25"})

SURVEY: tuple[Mapping[str, object], ...] = (
    {
        "key": "building",
        "label": "What kind of building is it?",
        "question_type": "Choice",
        "options": ["House", "Flat", "Office or shop", "Warehouse"],
        "is_required": True,
    },
    {"key": "arrival", "label": "How do we get in?", "help_text": "The name on the bell, a code, where to park."},
    {"key": "ladder", "label": "There is a ladder we can use", "question_type": "Checkbox"},
)
SURVEY_ANSWERS: tuple[Mapping[str, object], ...] = (
    {"building": "Office or shop", "arrival": "Reception on the ground floor.", "ladder": False},
    {"building": "Warehouse", "arrival": "Gate 3, the code is 4711. Please park on the left.", "ladder": True},
    {"building": "House"},
)

SUPPORT = Team(
    fields={
        "department_name": "Support",
        "department_leader": email("lead"),
        "description": "<p>Help with everything we have installed for you.</p>",
        "contact": "support@bestsecurity.example",
    },
    members={"sarah": 1, "mike": 1, "jane": 1, "lead": 1},
    types=(
        {
            "meeting_name": "30 Min Call",
            "duration": 30,
            "video_platform": "Jitsi",
            "video_meeting_url": "https://meet.bestsecurity.example/support",
            "description": "<p>A question, a problem, a second opinion.</p>",
            "no_show_mail": True,
        },
        {
            "meeting_name": "Site Survey",
            "description": "<p>We come, look and measure, and tell you what it takes.</p>",
            "duration": 90,
            "slot_interval": 30,
            "location_type": "Physical Location",
            "custom_location": "At your premises",
            "color": "#b45309",
        },
        {
            "meeting_name": "Internal Planning",
            "duration": 60,
            "is_public": False,
            "is_internal": True,
            "location_type": "Physical Location",
            "custom_location": "Room 1",
            "color": "#4d7c0f",
        },
    ),
    reminded=("30 Min Call", "Site Survey"),
    questions={"Site Survey": SURVEY},
)

SALES = Team(
    fields={
        "department_name": "Sales",
        "department_leader": email("sofia"),
        "description": "<p>What fits, what it costs, when it can be there.</p>",
        "timezone": "America/New_York",
        "assignment_algorithm": "Weighted",
        "members_may_book": True,
    },
    members={"sofia": 1, "tom": 3, "nina": 2, "jane": 1},
    types=(
        {
            "meeting_name": "Product Demo",
            "description": "<p>See how it works, with your own questions.</p>",
            "duration": 45,
            "slot_interval": 30,
            "is_internal": True,
            "video_platform": "Zoom",
            "video_meeting_url": "https://meet.bestsecurity.example/sales",
            "thank_you_mail": True,
        },
        {
            "meeting_name": "Executive Consultation",
            "description": "<p>For plans that concern the whole company.</p>",
            "duration": 60,
            "requires_approval": True,
            "location_type": "Phone Call",
            "color": "#7c3aed",
        },
        {
            "meeting_name": "Quick Question",
            "description": "<p>A quarter of an hour, one answer.</p>",
            "duration": 15,
            "location_type": "Phone Call",
            "color": "#0e7490",
        },
    ),
    reminded=("Product Demo", "Executive Consultation"),
)

TEAMS = {"support": SUPPORT, "sales": SALES}
"""Slug → department."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody works: availability rule, settings, and overrides by working days from today."""

    rule: Mapping[str, object]
    settings: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[int, Mapping[str, object]] = field(default_factory=dict)


def _day(start: str, end: str, *, enabled: bool = True, lunch: bool = True) -> dict[str, object]:
    breaks = [{"start": "12:30", "end": "13:15"}] if lunch else []
    return {"enabled": enabled, "start": start, "end": end, "breaks": breaks}


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_WEEKEND = {day: _day("09:00", "17:00", enabled=False) for day in ("saturday", "sunday")}

HABITS = {
    "sarah": Habits(
        rule={"rule_name": "Ten minutes to breathe", "buffer_time_after": 10, "max_bookings_per_day": 6},
        settings={"working_hours_json": {day: _day("08:00", "16:30") for day in _WEEKDAYS} | _WEEKEND},
    ),
    "mike": Habits(rule={"rule_name": "Half a day of notice", "min_notice_hours": 4, "buffer_time_before": 15}),
    "jane": Habits(
        rule={"rule_name": "Two teams", "max_bookings_per_day": 5, "max_bookings_per_week": 20},
        settings={"timezone": "Europe/London", "bio": "<p>Works for Support and for Sales.</p>"},
        overrides={
            3: {"available": False, "reason": "Training"},
            6: {"available": True, "custom_hours_start": "11:00", "custom_hours_end": "20:00", "reason": "Late shift"},
        },
    ),
    "sofia": Habits(rule={"rule_name": "Quarter ahead", "max_days_advance": 90}),
}

CUSTOMERS = (
    ("Ada Muster", "ada.muster@northwind.example", "+49 30 901820", "Europe/Berlin"),
    ("Ben Okafor", "ben.okafor@harbour.example", "+1 555 010 4567", "America/New_York"),
    ("Chloé Durand", "chloe.durand@atelier.example", "", "Europe/Paris"),
    ("Daniel Kim", "daniel.kim@lakeside.example", "+1 555 010 7788", "America/Chicago"),
    ("Elif Demir", "elif.demir@bosphorus.example", "", "Europe/Istanbul"),
    ("Frank Meyer", "frank.meyer@meyer-bau.example", "+49 89 1234567", "Europe/Berlin"),
    ("Grace Mbeki", "grace.mbeki@cape.example", "+27 21 555 0101", "Africa/Johannesburg"),
    ("Hiro Tanaka", "hiro.tanaka@kyoto.example", "", "Asia/Tokyo"),
    ("Isabel Rocha", "isabel.rocha@porto.example", "+351 22 555 0123", "Europe/Lisbon"),
    ("Jack O'Neill", "jack.oneill@shannon.example", "+353 1 555 0199", "Europe/Dublin"),
    ("Katja Virtanen", "katja.virtanen@saimaa.example", "", "Europe/Helsinki"),
)
"""Name, address, phone, time zone."""

NOTES = (
    "Two cameras are offline since the storm.",
    "We are moving offices in spring.",
    "",
    "Questions about the service contract.",
    "",
    "The alarm goes off every Sunday night.",
)
