"""The page on which members make, renew and switch off the address of their bookings."""

import re

import pytest
from django.test import Client

from meeting_manager.people.feeds import address_of
from meeting_manager.people.models import PersonalFeed, User
from meeting_manager.people.queries import feed_of
from meeting_manager.people.services import make_feed
from tests.cast import NOW, Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

PAGE, NEW, OFF = "/accounts/feed/", "/accounts/feed/new/", "/accounts/feed/off/"


def address(user: User) -> str:
    feed = feed_of(user)
    assert feed
    return address_of(feed.key)


def test_the_account_page_leads_to_it(cast: Cast) -> None:
    assert f'href="{PAGE}"' in signed_in(cast.sarah).get("/accounts/").content.decode()


def test_without_a_feed_there_is_a_button_and_no_address(cast: Cast) -> None:
    make_feed(actor=cast.mike, user=cast.mike, now=NOW)
    page = signed_in(cast.sarah).get(PAGE).content.decode()
    assert "Make an address" in page
    assert ".ics" not in page
    assert OFF not in page


def test_making_one_shows_its_address_on_demand_and_to_nobody_else(cast: Cast) -> None:
    sarah = signed_in(cast.sarah)
    page = sarah.post(NEW, follow=True)
    assert "Your calendar address is ready." in text(page)
    hidden = re.search(r"<details>.*?<code>(.*?)</code>.*?</details>", page.content.decode(), re.DOTALL)
    assert hidden
    assert hidden[1] == address(cast.sarah)
    assert Client().get(hidden[1].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert "no-store" in page["Cache-Control"]
    for other in (cast.mike, cast.lead, cast.admin):
        assert hidden[1] not in signed_in(other).get(PAGE).content.decode()


def test_renewing_shows_another_address(cast: Cast) -> None:
    sarah = signed_in(cast.sarah)
    sarah.post(NEW)
    old = address(cast.sarah)
    page = sarah.post(NEW, follow=True)
    assert "The address is new; the old one no longer works." in text(page)
    assert address(cast.sarah) in page.content.decode()
    assert old not in page.content.decode()


def test_switching_off_takes_the_address_away(cast: Cast) -> None:
    sarah = signed_in(cast.sarah)
    sarah.post(NEW)
    page = sarah.post(OFF, follow=True)
    assert "The address is switched off and no longer works." in text(page)
    assert "Make an address" in text(page)
    assert feed_of(cast.sarah) is None


@pytest.mark.parametrize("path", [NEW, OFF])
def test_only_ones_own_form_changes_anything(cast: Cast, path: str) -> None:
    made = make_feed(actor=cast.sarah, user=cast.sarah, now=NOW)
    assert signed_in(cast.sarah).get(path).status_code == 405
    assert signed_in(cast.sarah, checks_csrf=True).post(path).status_code == 403
    assert signed_in(None).post(path).status_code == 302
    signed_in(cast.mike).post(path)
    assert PersonalFeed.objects.get(user=cast.sarah).key == made.key
