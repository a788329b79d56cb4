"""What a meeting type asks, in a real browser: without script, on a phone, dark and light, for everybody."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

SUBMIT = "main form button.main"


def open_form(open_page: OpenPage, **how: object) -> Page:
    """The form for the demo's site survey, at the first time that is free in a while."""
    page = open_page("/book", **how)
    today = datetime.now(UTC).date()
    days = f"from={today + timedelta(days=5)}&to={today + timedelta(days=20)}"
    found = page.request.get(f"/api/v1/slots?department=support&meeting_type=site-survey&{days}").json()
    page.goto(f"/book/support/site-survey/details?start={quote(found['slots'][0]['start'])}")
    return page


def test_a_customer_answers_without_script_on_a_phone(open_page: OpenPage) -> None:
    page = open_form(open_page, width=360, script=False)
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.get_by_label("How do we get in?").fill("Ring twice")
    page.get_by_label("There is a ladder we can use").check()
    page.locator(SUBMIT).click()
    problem = page.get_by_role("link", name='"What kind of building is it?" needs an answer.')
    expect(problem).to_be_visible()
    expect(page.get_by_label("How do we get in?")).to_have_value("Ring twice")
    expect(page.get_by_label("There is a ladder we can use")).to_be_checked()
    problem.click()
    expect(page.get_by_label("House", exact=True)).to_be_in_viewport()
    page.get_by_label("Warehouse").check()
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    facts = page.locator("dl.facts").last
    for told in ("Warehouse", "Ring twice", "Yes"):
        expect(facts).to_contain_text(told)


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_questions_are_accessible_and_fit_also_when_something_is_missing(
    open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_form(open_page, width=width, scheme=scheme)
    for _ in range(2):
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator(SUBMIT).click()
    expect(page.get_by_role("group", name="What kind of building is it?")).to_have_accessible_description(
        '"What kind of building is it?" needs an answer.'
    )
