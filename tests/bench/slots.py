"""Free slots: from rows to a result ready for JSON, against the raw read of the same rows."""

import json
from collections.abc import Callable
from datetime import timedelta

from meeting_manager.bookings import times
from meeting_manager.busy import queries as busy
from meeting_manager.departments.models import MeetingType
from tests.bench import seed
from tests.bench.measure import Figure, alternating_ms, ratio

DAYS, PER_DAY, MEMBERS = 60, 6, 100
START = int(seed.NOW.timestamp())


def run() -> list[Figure]:
    """100 members × 60 days: 36,000 busy rows out of 216,000; then the same among ever more bookings outside."""
    kind = seed.department("hundred", MEMBERS)
    seed.bookings(kind, seed.shift(-150), 360, PER_DAY)
    ids = list(kind.department.members.values_list("member_id", flat=True))

    def raw() -> list[tuple[int, int, int, int]]:
        return busy.read(ids, START, START + DAYS * seed.DAY)

    assert len(raw()) == MEMBERS * DAYS * PER_DAY
    ours, theirs = alternating_ms(_json_ready(kind, DAYS), raw)
    note = f" ({ours:.1f} ms against {theirs:.1f} ms, {len(_json_ready(kind, DAYS)())} characters)"
    first = ratio(f"slots of {MEMBERS} members × {DAYS} days / raw read", ours / theirs, 3, note=note)
    return [first, _growth()]


def _json_ready(kind: MeetingType, days: int) -> Callable[[], str]:
    first = seed.NOW.date()

    def work() -> str:
        offer = times.offered_slots(
            meeting_type=kind, first=first, last=first + timedelta(days=days - 1), now=seed.NOW, zone="UTC"
        )
        iso = offer.iso
        slots = (
            f'{{"start":"{iso(start)}","end":"{iso(end)}","available_members":{free}}}'
            for start, end, free in offer.slots
        )
        return f'{{"timezone":{json.dumps(offer.timezone)},"slots":[{",".join(slots)}]}}'

    return work


def _growth() -> Figure:
    """Twenty members, thirty days: beside 10,000 bookings outside the range, and beside 500,000.

    The two are measured minutes apart, so each beside a fixed piece of work, by which the machine's mood is taken out.
    """
    kind = seed.department("twenty", 20)
    work = _json_ready(kind, 30)
    seed.bookings(kind, seed.NOW, 30, PER_DAY)
    before = seed.bookings(kind, seed.shift(-90), 83, PER_DAY)
    few, mood_then = alternating_ms(work, _fixed_work, times=61)
    outside = before + seed.bookings(kind, seed.shift(-4200), 4100, PER_DAY)
    many, mood_now = alternating_ms(work, _fixed_work, times=61)
    value = (many / mood_now) / (few / mood_then)
    note = f" ({many:.1f} ms beside {outside:,}, {few:.1f} ms beside {before:,})"
    return ratio("slots beside many bookings outside the range / beside few", value, 1.2, note=note)


def _fixed_work() -> int:
    return len({str(number): (number, number) for number in range(12_000)})
