"""The parts of pages on one page, for those who build them."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from meeting_manager.public.views import styleguide

STATIC = Path(styleguide.__file__).parents[2] / "web/static/web"


def test_the_styleguide_shows_two_dozen_parts_where_debugging_is_on(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    page = client.get("/styleguide").content.decode()
    numbers = [int(number) for number in re.findall(r">\s*(\d+) · ", page)]
    assert numbers == list(range(1, 25))


@pytest.mark.django_db
def test_nobody_else_sees_it(client: Client) -> None:
    assert client.get("/styleguide").status_code == 404


def test_it_shows_every_icon_and_every_colour(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    page = client.get("/styleguide").content.decode()
    drawn = re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text())
    assert set(drawn) == set(re.findall(r"icons[^#]*#(\w+)", page))
    painted = re.findall(r"swatch-([a-z-]+)::before", (STATIC / "styleguide.css").read_text())
    assert painted == re.findall(r"<code>--([a-z-]+)</code>", page)
