"""The form at the foot of every page: language and clock, kept in the browser."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.workspace.visits import signed_in

pytestmark = pytest.mark.django_db


def test_every_language_is_named_in_itself(client: Client) -> None:
    page = client.get("/booking").content.decode()
    options = re.findall(r'<option value="(\w\w)"\s+lang="(\w\w)"(?:\s+selected)?>([^<]+)</option>', page)
    named = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("da", "Dansk")]
    assert options == [(code, code, name) for code, name in named]


def test_a_choice_is_kept_for_a_year_and_leads_back(client: Client) -> None:
    answer = client.post("/preferences", {"language": "da", "clock": "12", "next": "/booking?x=1"})
    assert (answer.status_code, answer["Location"]) == (303, "/booking?x=1")
    for name, value in (("language", "da"), ("clock", "12")):
        cookie = answer.cookies[name]
        assert cookie.value == value
        assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (365 * 24 * 3600, "Lax", True)


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil"])
def test_nobody_is_led_elsewhere(client: Client, wanted: str) -> None:
    assert client.post("/preferences", {"language": "da", "next": wanted})["Location"] == "/"


def test_what_is_no_language_and_no_clock_is_not_kept(client: Client) -> None:
    assert not client.post("/preferences", {"language": "xx", "clock": "25", "next": "/book"}).cookies


def test_opening_the_address_changes_nothing(client: Client) -> None:
    answer = client.get("/preferences?language=da&clock=12&next=/booking")
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (303, "/", {})


def test_a_form_of_another_site_changes_nothing() -> None:
    assert Client(enforce_csrf_checks=True).post("/preferences", {"language": "da"}).status_code == 403


def test_the_form_works_as_it_is_on_the_page_for_guests_and_staff(cast: Cast) -> None:
    for visitor, page in (
        (Client(enforce_csrf_checks=True), "/booking"),
        (signed_in(cast.sarah, checks_csrf=True), "/accounts/"),
    ):
        shown = visitor.get(page).content.decode()
        form = re.search(r'<form[^>]*action="/preferences".*?</form>', shown, flags=re.DOTALL)
        assert form
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        answer = visitor.post("/preferences", {**hidden, "language": "es", "clock": "24"})
        assert (answer.status_code, answer["Location"]) == (303, page)
        assert 'lang="es"' in visitor.get(page).content.decode()
