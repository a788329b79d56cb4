"""Public holidays of countries and their regions, for people to take over as days on which they are away.

The package `holidays` knows them; it is large, so that it is loaded when it is first asked.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.core import Locale, get_global

from meeting_manager.people.languages import current_locale


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day, and what it is called in the reader's language where the package knows it, else in English or its own."""

    day: date
    name: str


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country whose holidays are known, by their names in the reader's language."""
    names = current_locale().territories
    return sorted(((code, names.get(code, code)) for code in _regions_by_country()), key=lambda each: each[1])


def regions(country: str) -> list[tuple[str, str]]:
    """(code, name) of the regions of a country that have holidays of their own; none where none has."""
    codes = _regions_by_country().get(country, ())
    if not codes:
        return []
    names = {code: name for name, code in _names_of_regions(country).items()}
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda each: each[1])


def country_of(zone: str) -> str:
    """The country in which an IANA zone lies; empty where that is none, or none that is known."""
    found = str(get_global("zone_territories").get(zone, ""))
    return found if found in _regions_by_country() else ""


def holidays_of(country: str, region: str, year: int) -> list[Holiday]:
    """The public holidays of a year, by day; none for a country or region that is not known."""
    known = _regions_by_country()
    if country not in known or (region and region not in known[country]):
        return []
    import holidays

    days = holidays.country_holidays(country, subdiv=region or None, years=year, language=_language(country))
    return [Holiday(day, name) for day, name in sorted(days.items())]


@cache
def _regions_by_country() -> dict[str, tuple[str, ...]]:
    import holidays

    found = holidays.list_supported_countries()
    return {code: tuple(found[code]) for code in found if len(code) == _ISO and code in Locale("en").territories}


_ISO = 2


@cache
def _names_of_regions(country: str) -> dict[str, str]:
    import holidays

    return dict(getattr(holidays.country_holidays(country), "subdivisions_aliases", {}))


def _language(country: str) -> str | None:
    import holidays

    known = holidays.list_localized_countries().get(country, [])
    wanted = current_locale().language
    return next((each for each in (*_variants(wanted, known), *_variants("en", known)) if each in known), None)


def _variants(language: str, known: list[str]) -> list[str]:
    return [each for each in known if each.split("_")[0] == language]
