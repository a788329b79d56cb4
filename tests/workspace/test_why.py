"""Why a time is not offered: who hears of whom, and what would have to change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meeting_manager.people.models import User
from meeting_manager.people.services import edit_settings
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def utc(cast: Cast) -> None:
    """Everybody reads times in UTC."""
    for user in (cast.admin, cast.lead, cast.sarah, cast.mike, cast.outsider):
        edit_settings(actor=cast.admin, user=user, changes={"timezone": "UTC"})


def asked(cast: Cast, who: User, clock: str) -> str:
    """The answer about a call on the Tuesday of the week after next."""
    today = timezone.now().date()
    day = today + timedelta(days=15 - today.weekday())
    query = {"type": cast.call.name, "date": day.isoformat(), "time": clock}
    answer = signed_in(who).get("/workspace/why/", query)
    assert answer.status_code == 200
    return text(answer)


@pytest.mark.usefixtures("utc")
def test_a_leader_hears_of_every_member_what_refuses_and_what_would_open_it(cast: Cast) -> None:
    page = asked(cast, cast.lead, "08:00")
    assert page.count("outside working hours on Tuesday") == 4
    assert page.count("The working hours on Tuesday would have to begin at 08:00 instead of 09:00.") == 4
    assert "It is not one of the starts that are offered that day." in page
    assert "09:00" in page.split("The nearest are:")[1]
    assert page.count("Change the working hours") == 1  # a leader changes only their own


@pytest.mark.usefixtures("utc")
def test_a_member_hears_of_themselves_only(cast: Cast) -> None:
    page = asked(cast, cast.sarah, "08:00")
    assert page.count("would have to begin") == 1
    assert "Mike" not in page
    assert "Sarah" in page


@pytest.mark.usefixtures("utc")
def test_who_is_free_is_said_to_be(cast: Cast) -> None:
    page = asked(cast, cast.admin, "09:30")
    assert page.count("Not free") == 0
    assert page.count("Free") == 4
    assert "not one of the starts" not in page


@pytest.mark.usefixtures("utc")
def test_who_does_not_belong_cannot_ask(cast: Cast) -> None:
    query = {"type": cast.call.name, "date": "2027-01-05", "time": "08:00"}
    answer = signed_in(cast.outsider).get("/workspace/why/", query)
    assert answer.status_code == 422
    assert "Support" not in text(answer)


def test_a_time_that_clocks_skip_is_refused(cast: Cast) -> None:
    edit_settings(actor=cast.sarah, user=cast.sarah, changes={"timezone": "Europe/Berlin"})
    query = {"type": cast.call.name, "date": "2027-03-28", "time": "02:30"}
    answer = signed_in(cast.sarah).get("/workspace/why/", query)
    assert answer.status_code == 422
    assert "Clocks skip this time" in text(answer)
