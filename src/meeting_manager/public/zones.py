"""Time zones as people write them: by their name, or by a city."""

from functools import lru_cache

from django.utils.translation import gettext_noop

from meeting_manager.bookings import texts, when


def find_zone(text: str) -> str:
    """The IANA zone that is meant by its name ("europe/berlin") or its city ("New York"); empty for empty text.

    Raises ValidationError where there is none.
    """
    plain = _plain(text)
    return _zones().get(plain) or texts.zone(gettext_noop("Timezone"), text)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Every name and city without case; of two cities of one name the first zone, which is none of anybody's choice."""
    known: dict[str, str] = {}
    for zone in when.zone_choices():
        known.setdefault(_plain(zone.rpartition("/")[2]), zone)
    known.update({_plain(zone): zone for zone in when.zone_choices()})
    return known


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
