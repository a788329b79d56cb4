"""Times in mails: the recipient's clock first, the host's beside it where it shows something else, zones named."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Before
from tests.notifications.reading import told

pytestmark = pytest.mark.engine

BOOKED = Message.CUSTOMER_BOOKED


def when(text: str) -> list[str]:
    """The lines of the row "When"."""
    row = re.split("Meeting: |Customer: ", text.partition("When: ")[2])[0]
    return [line.strip() for line in row.strip().split("\n")]


def test_both_clocks_are_shown_each_with_its_zone_and_offset() -> None:
    assert when(told(BOOKED).text) == [
        "Tuesday, 14 May 2030, 15:00–15:30",
        "Europe/Berlin (UTC+2)",
        "For Sarah Keller: 14:00–14:30 Europe/London (UTC+1)",
    ]


@pytest.mark.parametrize("same_clock", ["Europe/Berlin", "Europe/Paris", "Africa/Johannesburg"])
def test_a_host_on_the_same_clock_is_not_told_apart(same_clock: str) -> None:
    assert when(told(BOOKED, host_zone=same_clock).text) == [
        "Tuesday, 14 May 2030, 15:00–15:30",
        "Europe/Berlin (UTC+2)",
    ]


def test_another_day_is_named() -> None:
    rendered = told(BOOKED, host_zone="Pacific/Kiritimati")
    assert when(rendered.text)[2] == (
        "For Sarah Keller: Wednesday, 15 May 2030, 03:00–03:30 Pacific/Kiritimati (UTC+14)"
    )


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", ["Tuesday, 14 May 2030, 13:00–13:30", "UTC"]),
        ("Asia/Kolkata", ["Tuesday, 14 May 2030, 18:30–19:00", "Asia/Kolkata (UTC+5:30)"]),
        (
            "America/Argentina/Buenos_Aires",
            ["Tuesday, 14 May 2030, 10:00–10:30", "America/Argentina/Buenos Aires (UTC−3)"],
        ),
    ],
)
def test_every_zone_is_named_as_people_write_it(zone: str, shown: list[str]) -> None:
    rendered = told(BOOKED, to_zone=zone)
    assert when(rendered.text)[:2] == shown
    assert zone.rpartition("/")[2].replace("_", " ") in rendered.subject


def test_a_meeting_over_midnight_names_the_day_of_its_end() -> None:
    rendered = told(BOOKED, to_zone="Asia/Tokyo", end_datetime=datetime(2030, 5, 14, 16, 0, tzinfo=UTC))
    assert when(rendered.text)[0] == "Tuesday, 14 May 2030, 22:00–01:00, Wednesday, 15 May"


def test_the_old_time_has_the_offset_it_had() -> None:
    winter = datetime(2030, 3, 29, 14, 0, tzinfo=UTC)
    rendered = told(Message.CUSTOMER_RESCHEDULED, before=Before(winter, winter + timedelta(minutes=30)))
    old = rendered.text.split("Old time: ")[1]
    assert old.startswith("Friday, 29 March 2030, 15:00–15:30\n  Europe/Berlin (UTC+1)")


def test_hosts_see_the_customers_clock_customers_of_nobody_else() -> None:
    assert when(told(Message.HOST_BOOKED).text) == [
        "Tuesday, 14 May 2030, 14:00–14:30",
        "Europe/London (UTC+1)",
        "For Ada Muster: 15:00–15:30 Europe/Berlin (UTC+2)",
    ]
    assert "Ada" not in " ".join(when(told(Message.PARTICIPANT_INVITED).text))


def test_a_second_host_elsewhere_sees_three_clocks() -> None:
    assert when(told(Message.HOST_BOOKED, to_zone="America/New_York").text)[2:] == [
        "For Sarah Keller: 14:00–14:30 Europe/London (UTC+1)",
        "For Ada Muster: 15:00–15:30 Europe/Berlin (UTC+2)",
    ]


def test_while_nobody_decided_the_clock_is_the_departments() -> None:
    assert "For Support: 14:00–14:30 Europe/London (UTC+1)" in told(Message.CUSTOMER_AWAITING).text
