"""A recurring meeting among colleagues in a real browser: one of its dates clashes, and is left out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@bestsecurity.example", "seven wet umbrellas"


@pytest.fixture
def page(browser: Browser, demo_site: Site) -> Iterator[Page]:
    """A System Manager in the workspace; the test fails where the content policy refuses something."""
    demo_site.run("createadmin", BOSS, text=f"{PASSWORD}\n")
    context = browser.new_context(base_url=demo_site.url, viewport={"width": 1024, "height": 800}, locale="en-GB")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.goto("/workspace/new/")
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]:not([name=rezone])").click()
    yield page
    context.close()
    assert not complaints


def a_monday() -> date:
    """In three weeks or more."""
    today = datetime.now(UTC).date() + timedelta(days=21)
    return today + timedelta(days=-today.weekday() % 7)


def without_barriers(page: Page) -> None:
    found = Axe().run(page).response
    assert found["passes"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def book_a_customer(page: Page, day: date, host: str) -> str:
    """Book `host` on that day; the clock of the time that was chosen."""
    page.goto("/workspace/new/")
    page.get_by_role("link", name="30 Min Call").click()
    page.get_by_label("Day").fill(str(day))
    page.get_by_role("button", name="Show").click()
    without_barriers(page)
    chosen = page.locator(".free-times a", has_text=host).nth(2)
    clock = chosen.locator("strong").inner_text()
    chosen.click()
    without_barriers(page)
    page.get_by_role("radio", name=host).check()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("Customer Name is required")
    page.get_by_label("Customer's name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    expect(page.get_by_role("radio", name=host)).to_be_checked()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator(".notice").first).to_contain_text("Booked.")
    return clock


def test_a_weekly_meeting_is_booked_without_the_week_in_which_somebody_is_busy(page: Page) -> None:
    monday = a_monday()
    page.get_by_role("link", name="Internal Planning").click()
    host = page.locator("#id_host label").first.inner_text().strip()
    clock = book_a_customer(page, monday + timedelta(weeks=1), host)
    page.goto("/workspace/new/")
    page.get_by_role("link", name="Internal Planning").click()
    page.get_by_role("checkbox", name=host).check()
    page.get_by_label("Day", exact=True).fill(str(monday))
    page.get_by_role("button", name="Find times").click()
    without_barriers(page)
    page.locator(".people-times tbody a", has_text=f"{clock}–").click()
    page.get_by_label("Title").fill("Monday round")
    page.get_by_label("Agenda").fill("What is new?")
    page.get_by_label("Does it come again?").select_option("every week on Monday")
    page.get_by_role("spinbutton", name="Number of meetings").fill("3")
    without_barriers(page)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("tr.left-out")).to_have_count(1)
    expect(page.locator("tr.left-out")).to_contain_text("already booked")
    without_barriers(page)
    page.get_by_role("button", name="Book 2 meetings").click()
    expect(page.get_by_text("2 meetings are booked.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Monday round")
    page.get_by_role("link", name="Cancel or move several of them").click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    page.set_viewport_size({"width": 360, "height": 740})
    without_barriers(page)
