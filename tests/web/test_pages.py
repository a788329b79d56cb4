"""Every page has one frame, error pages too, and nothing inline that a policy would have to allow."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

TEMPLATES = sorted((Path(__file__).parents[2] / "src/meeting_manager").glob("*/templates/**/*.html"))


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "409", "429", "500", "503"])
def test_an_error_page_needs_neither_request_nor_database(status: str) -> None:
    page = render_to_string(f"{status}.html", {"minutes": 5, "detail": "Away."})
    assert page.count("<h1>") == 1
    assert '<a class="skip" href="#main">' in page
    assert "site.css" in page
    assert re.search(r"<title>\s*\S.*· Meeting Manager\s*</title>", page, flags=re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_script_or_style_inside(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text)


@pytest.mark.django_db
def test_an_unknown_address_is_explained_in_the_frame_of_the_site(client: Client) -> None:
    page = client.get("/nothing/here")
    assert page.status_code == 404
    assert b"There is nothing here" in page.content
    assert b"Find my booking" in page.content
