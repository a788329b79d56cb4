"""Wanting no follow-ups."""

import pytest
from django.test import Client

from meeting_manager.notifications.links import unsubscribe_url
from meeting_manager.notifications.models import Unsubscription

pytestmark = pytest.mark.django_db

ADA = "ada@customer.example"


def link(address: str = ADA) -> str:
    return unsubscribe_url(address).removeprefix("http://127.0.0.1:8000")


def test_opening_the_link_changes_nothing(client: Client) -> None:
    page = client.get(link())
    assert ADA in page.content.decode()
    assert not Unsubscription.objects.exists()


def test_the_button_unsubscribes_and_the_next_one_takes_it_back(client: Client) -> None:
    page = client.post(link(), follow=True)
    assert "no thank-you and follow-up mails" in page.content.decode()
    assert Unsubscription.objects.get().address == ADA
    client.post(link(), {"again": "1"})
    assert not Unsubscription.objects.exists()


def test_a_mail_program_unsubscribes_with_one_click_and_no_cookie() -> None:
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert strict.post(link(), {"List-Unsubscribe": "One-Click"}).status_code == 303
    assert Unsubscription.objects.count() == 1


@pytest.mark.parametrize("wrong", ["x", "ImFkYSI:1", "%F0%9F%92%A9"])
def test_a_link_that_nobody_sent_is_not_found(client: Client, wrong: str) -> None:
    assert client.get(f"/unsubscribe/{wrong}").status_code == 404


def test_the_page_is_kept_out_of_caches_and_search_engines(client: Client) -> None:
    page = client.get(link())
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
