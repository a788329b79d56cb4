"""A site that is killed, stopped, or loses its database in the middle of bookings."""

import random
import time
from collections import Counter
from collections.abc import Callable

from tests.soak.furnished import Crowd, Furnished
from tests.soak.scale import Report, scaled


def test_what_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_done(
    furnish: Callable[..., Furnished], report: Report
) -> None:
    furnished = furnish(hosts=3)
    chance = random.Random(26)
    acknowledged: dict[str, str] = {}
    unanswered = 0
    kills = scaled(2, 100)
    for _ in range(kills):
        crowd = Crowd(furnished, 6)
        crowd.come()
        time.sleep(chance.uniform(0.2, 1.5))
        furnished.site.kill()
        crowd.go()
        statuses = Counter(answer.status for answer in crowd.answers)
        assert set(statuses) <= {0, 201, 409}
        unanswered += statuses[0]
        acknowledged |= crowd.acknowledged
        furnished.site.start()
    stored = furnished.stored()
    assert acknowledged.items() <= stored.items()
    customers = Counter(stored.values())
    assert not [customer for customer, number in customers.items() if number > 1]
    assert furnished.verify() == ""
    report.note(f"{kills} kills: {len(acknowledged)} bookings acknowledged, {len(stored)} stored")
    report.note(f"{unanswered} requests went unanswered")


def test_a_site_that_is_stopped_under_load_answers_everybody_it_has_let_in(
    furnish: Callable[..., Furnished], report: Report
) -> None:
    furnished = furnish(hosts=3)
    for _ in range(scaled(1, 10)):
        crowd = Crowd(furnished, 12)
        crowd.come()
        time.sleep(1.5)
        seconds = furnished.site.stop()
        crowd.go()
        problems = Counter(answer.problem for answer in crowd.answers if answer.status == 0)
        assert set(problems) <= {"ConnectionRefusedError"}
        assert {answer.status for answer in crowd.answers} - {0} <= {201, 409}
        assert crowd.acknowledged.items() <= furnished.stored().items()
        assert crowd.acknowledged
        report.note(f"stopped in {seconds:.1f} s after {len(crowd.acknowledged)} bookings")
        assert seconds < 30
        furnished.site.start()
    assert furnished.verify() == ""
