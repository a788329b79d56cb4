"""The API, ready to be called. What needs Django is imported late: it is not set up yet when this file is read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.caller import Api
    from tests.cast import Cast


@pytest.fixture
def api(cast: "Cast") -> Iterator["Api"]:
    """The API of a site with the cast on it; limits on guests are off."""
    from django.test import override_settings

    from tests.api.caller import Api

    with override_settings(GUEST_BOOKINGS_PER_HOUR=0, GUEST_LOOKUPS_PER_HOUR=0, GUEST_MISSES_PER_HOUR=0):
        yield Api()
