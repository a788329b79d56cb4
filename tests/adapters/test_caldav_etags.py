"""Bookings kept on servers that tell versions of events in other ways than the standard asks."""

from dataclasses import replace

import pytest

from meeting_manager.adapters.calendar.errors import ConflictError
from tests.adapters.caldavs import REF, booking, opened
from tests.calendarserver import Answer, Asked, CalendarServer, Collection, HandOn, Spoiling, door_to

pytestmark = pytest.mark.engine


def _silent_about_etags(asked: Asked, hand_on: HandOn) -> Answer:
    answer = hand_on(asked)
    return replace(answer, headers={name: value for name, value in answer.headers.items() if name != "etag"})


def _weak_by_a_proxy(asked: Asked, hand_on: HandOn) -> Answer:
    answer = hand_on(asked)
    return _weakened(answer)


def _weak_itself(asked: Asked, hand_on: HandOn) -> Answer:
    """A server that means its weak etags, and takes nothing else."""
    given = asked.headers.get("If-Match", "")
    if given and not given.startswith("W/"):
        return Answer(412)
    answer = hand_on(replace(asked, headers=asked.headers | ({"If-Match": given[2:]} if given else {})))
    return _weakened(answer)


def _weakened(answer: Answer) -> Answer:
    headers = {name: f"W/{value}" if name == "etag" else value for name, value in answer.headers.items()}
    return replace(answer, headers=headers).saying("<getetag>", "<getetag>W/")


@pytest.mark.parametrize("spoil", [_silent_about_etags, _weak_by_a_proxy, _weak_itself])
def test_events_are_kept_on_servers_with_etags_of_other_kinds(
    calendar_server: CalendarServer, collection: Collection, spoil: Spoiling
) -> None:
    with door_to(calendar_server, spoil) as door:
        calendar = opened(collection.through(door))
        written = calendar.upsert(REF, booking(), "")
        assert [event.etag for event in calendar.pull("").events] == [written.etag]
        changed = calendar.upsert(written.id, booking(sequence=1), written.etag)
        assert changed.etag != written.etag
        with pytest.raises(ConflictError):
            calendar.delete(written.id, written.etag)
        calendar.delete(changed.id, changed.etag)
    assert collection.names() == []
