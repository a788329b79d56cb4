"""Which language and clock a page has: what its reader chose, else what their browser asks for."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from meeting_manager.bookings import when
from meeting_manager.people.languages import current_tag
from tests.cast import Cast
from tests.catalogues import translations
from tests.public.visits import CALL, text

pytestmark = pytest.mark.django_db

FIND = {"Find my booking": "Meine Buchung finden"}


def language_of(client: Client, accepted: str = "") -> str:
    page = client.get("/booking", headers={"Accept-Language": accepted})
    found = re.search(r'<html lang="([^"]+)"', page.content.decode())
    assert found
    assert page["Content-Language"].partition("-")[0] == found[1]
    return str(page["Content-Language"])


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de-at"),
        ("pl,fr-CA;q=0.7,en-US;q=0.3", "fr-ca"),
        ("en-US,en;q=0.9", "en-us"),
        ("nn, ja;q=0.5", "en"),
        ("es-XQ", "es"),
        ("da-" + "x" * 400, "en"),
    ],
)
def test_a_page_speaks_the_first_language_of_the_browser_that_the_site_knows(
    client: Client, accepted: str, language: str
) -> None:
    assert language_of(client, accepted) == language


def test_a_page_is_in_the_words_of_its_language(client: Client, tmp_path: Path) -> None:
    with translations(tmp_path, "de", FIND):
        assert "Meine Buchung finden" in text(client.get("/booking", headers={"Accept-Language": "de"}))
        assert "Find my booking" in text(client.get("/booking"))


def test_the_site_has_a_language_of_its_own_for_those_who_ask_for_none(client: Client, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "da"
    assert language_of(client) == "da"
    assert language_of(client, "fr") == "fr"


def test_what_was_chosen_counts_more_than_what_the_browser_asks_for(client: Client) -> None:
    client.post("/preferences", {"language": "fr", "next": "/booking"})
    assert language_of(client, "en-US") == "fr"
    assert language_of(client, "fr-CH, en") == "fr-ch"


@pytest.mark.parametrize(
    ("accepted", "chosen", "style"),
    [
        ("en-US", "", "12"),
        ("en-AU", "", "12"),
        ("en-CA", "", "12"),
        ("en-GB", "", "24"),
        ("en", "", "24"),
        ("", "", "24"),
        ("de-DE", "", "24"),
        ("fr-CA", "", "24"),
        ("en-US", "24", "24"),
        ("de", "12", "12"),
        ("de", "13", "24"),
    ],
)
def test_the_clock_is_the_one_of_the_region_unless_another_was_chosen(
    client: Client, cast: Cast, accepted: str, chosen: str, style: str
) -> None:
    if chosen:
        client.cookies["clock"] = chosen
    page = client.get(CALL, headers={"Accept-Language": accepted}).content.decode()
    assert re.search(rf'<option value="{style}"\s+selected', page)
    is_twelve = bool(re.search(r"\d[:.]\d\d\xa0[AaPp]\.?[Mm]", page))
    assert is_twelve == (style == "12")


def test_nothing_of_a_page_stays_for_the_next_one_in_the_same_thread(client: Client) -> None:
    before = (translation.get_language(), current_tag(), when.clock_style())
    client.cookies["clock"] = "12"
    client.get("/booking", headers={"Accept-Language": "da"})
    assert (translation.get_language(), current_tag(), when.clock_style()) == before


def test_caches_are_told_what_a_page_depends_on(client: Client) -> None:
    varies = {name.strip() for name in client.get("/booking")["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= varies


@pytest.mark.parametrize("address", ["/api/v1/bookings/BK-NOTTHERE", "/api/method/nothing.here", "/healthz"])
def test_programs_are_answered_in_english(client: Client, address: str, tmp_path: Path) -> None:
    english = client.get(address)
    words = {"Not found, or not yours to see.": "Nicht gefunden"}
    with translations(tmp_path, "de", words):
        client.cookies["language"] = "de"
        german = client.get(address, headers={"Accept-Language": "de"})
    assert (german.status_code, german.content) == (english.status_code, english.content)
    assert "Accept-Language" not in german.get("Vary", "")


def test_what_is_wrong_with_a_booking_is_said_to_programs_in_english(
    client: Client, cast: Cast, tmp_path: Path
) -> None:
    body = {"department": "support", "meeting_type": "30-min-call", "start": "2020-01-01T10:00:00Z", "customer": {}}
    with translations(tmp_path, "de", {"Customer Name is required for external bookings.": "Der Name fehlt."}):
        reply = client.post("/api/v1/bookings", body, "application/json", headers={"Accept-Language": "de"})
    messages = [error["message"] for error in reply.json()["errors"]]
    assert "Customer Name is required for external bookings." in messages
