"""The look of a department's guest pages: its accent colour, as a stylesheet of its own, and its logo."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from meeting_manager.departments.colors import Tones, dark_tones, light_tones
from meeting_manager.departments.models import Department

LOGO_BOX = (240, 40)
"""What a logo is shown in at most, in pixels of the page."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo, and how large it is shown."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """What tells the pages of a department from others; empty and None are the site's."""

    name: str
    home: str
    stylesheet: str
    logo: Logo | None


def look_of(context: Mapping[str, Any]) -> Look | None:
    """The look of the active department that a page's context is about, if it is about one. One query."""
    department = _department_of(context)
    if department is None or not department.is_active:
        return None
    slug = department.department_slug
    home = reverse("public:types", args=[slug])
    return Look(department.department_name, home, _stylesheet_url(department), _logo(department))


@lru_cache(maxsize=256)
def stylesheet(color: str) -> str:
    """The tokens of site.css that go by the accent colour `color` (#rrggbb), for light and dark."""
    light, dark = _tokens(light_tones(color)), _tokens(dark_tones(color))
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def version(color: str) -> str:
    """What the stylesheet's address carries, so that caches may keep it until it is another."""
    return hashlib.sha256(stylesheet(color).encode()).hexdigest()[:16]


def _department_of(context: Mapping[str, Any]) -> Department | None:
    if "department" in context:
        found: Department = context["department"]
        return found
    kind = context.get("type") or getattr(context.get("booking"), "meeting_type", None)
    return kind.department if kind else None


def _stylesheet_url(department: Department) -> str:
    color = department.accent_color
    address = reverse("public:look", args=[department.department_slug])
    return f"{address}?v={version(color)}" if color else ""


def _logo(department: Department) -> Logo | None:
    logo = getattr(department, "logo", None)
    if logo is None:
        return None
    share = min(1, LOGO_BOX[0] / logo.width, LOGO_BOX[1] / logo.height)
    url = reverse("public:logo", args=[department.department_slug, logo.digest])
    return Logo(url, max(1, round(logo.width * share)), max(1, round(logo.height * share)))


def _tokens(tones: Tones) -> str:
    values = {
        "accent": tones.accent,
        "accent-strong": tones.strong,
        "on-accent": tones.on_accent,
        "accent-soft": tones.soft,
    }
    return " ".join(f"--{name}: {value};" for name, value in values.items())
