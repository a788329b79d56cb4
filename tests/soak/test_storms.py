"""Many customers in the same instant, over real HTTP."""

from collections import Counter
from collections.abc import Callable
from itertools import groupby

from tests.hours import stay_within_the_hour
from tests.soak.furnished import Answer, Furnished, at_once, start_of
from tests.soak.scale import Report, percentile, scaled

TAKEN = "The selected time is no longer available. Please choose another time."
CUSTOMERS = scaled(100, 200)


def speak_of(report: Report, what: str, answers: list[Answer]) -> None:
    """Note how long they waited."""
    waits = [answer.seconds for answer in answers]
    slow = ", ".join(f"p{share} {percentile(waits, share / 100):.2f} s" for share in (50, 95, 99))
    report.note(f"{what}: {len(waits)} requests, {slow}, longest {max(waits):.2f} s")


def test_one_of_many_gets_the_last_free_host_and_all_others_are_shown_other_times(
    furnish: Callable[..., Furnished], report: Report
) -> None:
    furnished = furnish(hosts=1)
    everybody: list[Answer] = []
    for number in range(scaled(2, 50)):
        start = start_of(2 * number)
        answers = at_once(CUSTOMERS, lambda _, start=start: furnished.book(start))  # type: ignore[misc] # bound now
        everybody += answers
        assert Counter(answer.status for answer in answers) == {201: 1, 409: CUSTOMERS - 1}
        refusals = [answer.body for answer in answers if answer.status == 409]
        assert {refusal["detail"] for refusal in refusals} == {TAKEN}
        assert all(refusal["alternatives"] for refusal in refusals)
    assert len(furnished.bookings()) == scaled(2, 50)
    speak_of(report, f"{CUSTOMERS} customers for one slot of one host", everybody)
    assert furnished.verify() == ""


def test_ten_hosts_at_one_time_get_one_booking_each_and_turns_stay_fair(
    furnish: Callable[..., Furnished], report: Report
) -> None:
    furnished = furnish(hosts=10)
    everybody: list[Answer] = []
    for number in range(scaled(1, 10)):
        start = start_of(2 * number)
        answers = at_once(CUSTOMERS, lambda _, start=start: furnished.book(start))  # type: ignore[misc] # bound now
        everybody += answers
        assert Counter(answer.status for answer in answers) == {201: 10, 409: CUSTOMERS - 10}
    assert [furnished.book(start_of(1_000 + number)).status for number in range(13)] == [201] * 13
    bookings = furnished.bookings()
    by_time = {start: [row["hosts"] for row in rows] for start, rows in groupby(bookings, lambda row: row["start"])}
    assert all(len({host for (host,) in hosts}) == len(hosts) for hosts in by_time.values())
    assert [len(hosts) for hosts in by_time.values()] == [10] * scaled(1, 10) + [1] * 13
    turns = Counter(host for row in bookings for host in row["hosts"])
    assert max(turns.values()) - min(turns.values()) <= 1
    speak_of(report, f"{CUSTOMERS} customers for one time of ten hosts", everybody)
    assert furnished.verify() == ""


def test_the_same_request_fifty_times_at_once_is_one_booking_with_one_reply(
    furnish: Callable[..., Furnished], report: Report
) -> None:
    furnished = furnish(hosts=3)
    key = {"Idempotency-Key": "the-very-same"}
    wish = furnished.wish(start_of(4))
    answers = at_once(50, lambda _: furnished.ask("POST", "/api/v1/bookings", wish, key))
    speak_of(report, "50 times the same key", answers)
    assert Counter(answer.status for answer in answers) == {201: 50}
    assert all(answer.body == answers[0].body for answer in answers)
    assert list(furnished.stored()) == [answers[0].body["booking_reference"]]
    other = furnished.ask("POST", "/api/v1/bookings", {**wish, "start": start_of(5).isoformat()}, key)
    assert other.status == 422
    assert len(furnished.stored()) == 1
    assert furnished.verify() == ""


def test_an_address_that_storms_gets_no_more_bookings_than_its_limit(furnish: Callable[..., Furnished]) -> None:
    furnished = furnish(hosts=2, GUEST_BOOKINGS_PER_HOUR="10")
    stay_within_the_hour(60)
    answers = at_once(40, lambda number: furnished.book(start_of(number)))
    assert Counter(answer.status for answer in answers) == {201: 10, 429: 30}
    assert len(furnished.bookings()) == 10
