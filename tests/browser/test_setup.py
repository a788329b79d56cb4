"""What somebody sees who has just installed the site: from nothing to a test booking, then a question to customers."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@care.example", "seven wet umbrellas"


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site) -> Iterator[Site]:
    """A site with one System Manager and nothing else."""
    site = Site(tmp_path_factory.mktemp("setup") / "site", server, template=migrated_site)
    site.run("createadmin", BOSS, "--name=Boss", text=f"{PASSWORD}\n")
    site.start()
    yield site
    site.close()


@pytest.fixture(scope="module")
def browsing(browser: Browser, empty_site: Site) -> Iterator[BrowserContext]:
    """The System Manager's browser, signed in; it keeps a list of what the content policy refused."""
    context = browser.new_context(
        base_url=empty_site.url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(browsing: BrowserContext) -> Iterator[Page]:
    """A page of the System Manager, on which nothing may go wrong."""
    complaints: list[str] = []
    opened = browsing.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    yield opened
    opened.close()
    assert not complaints


def serious(page: Page, scheme: str = "light") -> list[str]:
    """What axe finds wrong on the page, and whether it scrolls sideways on a phone."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    violations = Axe().run(page).response["violations"]
    found = [
        f"{page.url} {each['id']} {each['nodes'][0]['html'][:120]}"
        for each in violations
        if each["impact"] in {"serious", "critical"}
    ]
    page.set_viewport_size({"width": 360, "height": 740})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url} scrolls sideways")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_from_nothing_to_a_test_booking(page: Page) -> None:
    page.goto("/workspace/departments/")
    expect(page.get_by_text("There is no department yet.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="First steps").click()
    assert serious(page) == []
    page.get_by_label("Name of the team").fill("Care")
    page.get_by_role("button", name="Make the department").click()
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    assert serious(page, "dark") == []
    page.get_by_role("button", name="Save the hours").click()
    page.get_by_label("Name of the meeting").fill("First call")
    page.get_by_label("Kind of place").select_option("Phone Call")
    page.get_by_role("button", name="Make the meeting type").click()
    page.get_by_role("radio").nth(2).check()
    assert serious(page) == []
    page.get_by_role("button", name="Book it").click()
    page.get_by_role("link", name="Your test booking").click()
    expect(page.get_by_role("main")).to_contain_text("First call - Boss")
    expect(page.get_by_role("main")).to_contain_text("Confirmed")
    page.goto("/workspace/welcome/")
    expect(page.get_by_role("heading", name="Your colleagues")).to_be_visible()


def test_a_question_that_is_set_up_is_asked_on_the_booking_page(page: Page) -> None:
    page.goto("/workspace/departments/care/types/")
    page.get_by_role("main").get_by_role("link", name="First call", exact=True).click()
    page.get_by_label("Duration in minutes").fill("45")
    page.get_by_role("textbox", name="Description").click()
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("Bring questions.")
    assert serious(page, "dark") == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("Which product is it about?")
    page.get_by_label("Answer", exact=True).select_option("Choice")
    page.get_by_label("Options").fill("Lock\nAlarm")
    page.get_by_label("Must be answered").check()
    assert serious(page) == []
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("main")).to_contain_text("Which product is it about?")
    assert serious(page, "dark") == []
    page.get_by_role("link", name="Open the booking page").click()
    expect(page.get_by_role("main")).to_contain_text("45 minutes")
    expect(page.locator("main b", has_text="Bring questions.")).to_be_visible()
    page.locator(".times a").nth(4).click()
    expect(page.get_by_role("group", name="Which product is it about?").get_by_label("Alarm")).to_be_visible()
    for path in ("members/?q=boss", "logo/"):
        page.goto(f"/workspace/departments/care/{path}")
        assert serious(page) == []
    for path in ("", f"{BOSS}/disable/"):
        page.goto(f"/workspace/people/{path}")
        assert serious(page, "dark") == []
