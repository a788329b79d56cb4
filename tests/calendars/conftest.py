"""What the calendars' tests share: calendars in memory behind every kind that takes up bookings."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calendars.agenda import Agendas
    from tests.calendars.carrying import Connect


@pytest.fixture
def agendas() -> "Iterator[Agendas]":
    from meeting_manager.calendars.choices import IntegrationType
    from tests.calendars.agenda import Agendas, offered

    known = Agendas()
    undo = offered(known, IntegrationType.CALDAV, IntegrationType.GOOGLE, IntegrationType.OUTLOOK)
    yield known
    undo()


@pytest.fixture
def connect(agendas: "Agendas") -> "Connect":
    from tests.calendars.carrying import connecting

    return connecting(agendas)
