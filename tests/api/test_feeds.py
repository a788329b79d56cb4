"""The private feed over REST: its user has the address, System Managers may end it."""

import pytest
from django.test import Client

from meeting_manager.people.models import User
from meeting_manager.people.queries import feed_of
from tests.api.caller import Api, moment
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MINE, SARAHS = "/users/me/feed", "/users/sarah@bestsecurity.example/feed"
IS_OFF = {"user": "sarah@bestsecurity.example", "is_on": False, "made_at": None, "address": ""}


def opens(address: str) -> bool:
    return Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_feed_is_made_shown_renewed_and_switched_off(api: Api, cast: Cast) -> None:
    assert api.get(MINE, by=cast.sarah).body == IS_OFF
    made = api.post(MINE, by=cast.sarah)
    assert (made.status, made.body["is_on"]) == (201, True)
    assert moment(made.body["made_at"])
    assert opens(made.body["address"])
    assert api.get(SARAHS, by=cast.sarah).body == made.body
    renewed = api.post(MINE, by=cast.sarah).body["address"]
    assert (opens(made.body["address"]), opens(renewed)) == (False, True)
    for _ in range(2):
        assert api.delete(MINE, by=cast.sarah).status == 204
    assert not opens(renewed)
    assert api.get(MINE, by=cast.sarah).body == IS_OFF


def test_system_managers_renew_and_end_it_but_the_address_is_its_users(api: Api, cast: Cast) -> None:
    own = api.post(MINE, by=cast.sarah).body["address"]
    assert api.get(SARAHS, by=cast.admin).body["is_on"]
    assert api.get(SARAHS, by=cast.admin).body["address"] == ""
    renewed = api.post(SARAHS, by=cast.admin)
    assert (renewed.status, renewed.body["address"]) == (201, "")
    assert not opens(own)
    assert opens(api.get(MINE, by=cast.sarah).body["address"])
    assert api.delete(SARAHS, by=cast.admin).status == 204
    assert feed_of(cast.sarah) is None


@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("mike", 403), ("outsider", 404)])
def test_others_may_not(api: Api, cast: Cast, who: str, status: int) -> None:
    api.post(MINE, by=cast.sarah)
    for method in ("GET", "POST", "DELETE"):
        assert api(method, SARAHS, by=getattr(cast, who)).status == status
    assert feed_of(cast.sarah) is not None


def test_an_account_that_is_closed_gets_none(api: Api, cast: Cast) -> None:
    User.objects.filter(pk=cast.sarah.pk).update(is_active=False)
    assert api.post(SARAHS, by=cast.admin).status == 422
