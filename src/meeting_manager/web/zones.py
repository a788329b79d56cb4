"""Time zones as people write them: by their name, or by a city."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext_noop

from meeting_manager.bookings import texts, when
from meeting_manager.people.languages import current_locale

_LABEL = gettext_noop("Timezone")


def find_zone(text: str) -> str:
    """The IANA zone that is meant by its name ("europe/berlin") or its city, in English or in the language of the
    request ("New York", "Lissabon"); empty for empty text. Raises ValidationError where there is none.
    """
    plain = _plain(text)
    found = _zones("en").get(plain) or _zones(current_locale().language).get(plain)
    return found or texts.zone(_LABEL, text)


@lru_cache(maxsize=16)
def _zones(language: str) -> dict[str, str]:
    """Every name and city without case; of two cities of one name the first zone, which is none of anybody's choice."""
    known: dict[str, str] = {}
    cities = Locale(language).time_zones
    for zone in when.zone_choices():
        known.setdefault(_plain(zone.rpartition("/")[2]), zone)
        if city := cities.get(zone, {}).get("city"):
            known[_plain(city)] = zone
    known.update({_plain(zone): zone for zone in when.zone_choices()})
    return known


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
