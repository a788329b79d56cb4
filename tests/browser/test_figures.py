"""The figures in a real browser: read by people and machines, on any screen, in light and dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_staff import BOSS, PASSWORD, sign_in
from tests.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def state(browser: Browser, demo_site: Site) -> object:
    """The cookies of a System Manager of a site with demo data."""
    demo_site.run("createadmin", BOSS, text=f"{PASSWORD}\n")
    context = browser.new_context(base_url=demo_site.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page)
    stored = context.storage_state()
    context.close()
    return stored


@pytest.fixture
def page(browser: Browser, demo_site: Site, state: object) -> Iterator[Page]:
    """A dark, narrow page without script; the test fails when the content policy refused something of it."""
    complaints: list[str] = []
    context = browser.new_context(
        base_url=demo_site.url,
        viewport={"width": 360, "height": 740},
        color_scheme="dark",
        storage_state=state,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    yield page
    context.close()
    assert not complaints


def test_leaders_follow_a_figure_to_its_bookings_on_a_telephone(page: Page) -> None:
    page.goto("/workspace/figures/?period=this-month&department=support")
    page.get_by_label("Period").select_option("90-days")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**period=90-days**")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.get_by_role("img", name="Bookings over time").get_by_text("0", exact=True).first.is_visible()
    serious = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert serious == []
    page.locator("summary").nth(1).click()
    figure = page.locator("details[open] td a").first
    number = int(figure.inner_text())
    figure.click()
    expect(page.locator("tbody tr")).to_have_count(number)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Figures").click()
    expect(page.get_by_label("Period")).to_have_value("90-days")
