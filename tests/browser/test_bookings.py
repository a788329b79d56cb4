"""What people do with the list of bookings in a real browser: find, tick, look before they leap, and decide."""

import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser

LEAD, PASSWORD = "lead@bestsecurity.example", "seven wet umbrellas"
PATIENCE_SECONDS = 30
SMALLEST = 320

OpenAsLead = Callable[..., Page]


@pytest.fixture(scope="module")
def state(browser: Browser, demo_site: Site) -> object:
    """The cookies of Support's leader."""
    demo_site.run("changepassword", LEAD, text=f"{PASSWORD}\n{PASSWORD}\n")
    context = browser.new_context(base_url=demo_site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(LEAD)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    stored = context.storage_state()
    context.close()
    return stored


@pytest.fixture
def open_as_lead(browser: Browser, demo_site: Site, state: object) -> Iterator[OpenAsLead]:
    """Opens a page as Support's leader; fails when the browser reports an error or a breach of the content policy."""
    contexts, complaints = [], []

    def opened(path: str, *, width: int = 1280, script: bool = True, scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=demo_site.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=state,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.goto(path)
        return page

    yield opened
    for each in contexts:
        each.close()
    assert not complaints


def barriers(page: Page) -> list[tuple[str, str, str]]:
    found = Axe().run(page).response
    assert found["passes"]
    return [(page.url, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def test_a_leader_finds_ticks_looks_first_and_cancels_and_the_mails_go_out(open_as_lead: OpenAsLead) -> None:
    page = open_as_lead("/workspace/bookings/")
    page.get_by_role("group", name="Status").get_by_text("Confirmed").click()
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url("**/workspace/bookings/?period=upcoming&status=Confirmed")
    page.get_by_role("link", name="Save this view…").click()
    page.get_by_label("Name of this view").fill("To come")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="To come")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page.get_by_role("columnheader", name="Customer")).to_have_attribute("aria-sort", "ascending")

    page.get_by_role("checkbox", name="Select all on this page").check()
    rows = page.locator("[name=pick]").count()
    expect(page.locator("output")).to_have_text(f"{rows} selected")
    page.locator("[name=pick]").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("output")).to_have_text(f"{rows - 1} selected")
    page.get_by_label("All that fit the filters, on all pages").check()
    page.get_by_role("button", name="Cancel…").click()

    expect(page.locator(".lead")).to_have_text(f"Cancel {rows} bookings?")
    expect(page.get_by_text("Customer: booking cancelled")).to_be_visible()
    assert not barriers(page)
    customer = page.locator("table a").last  # the first may be an internal meeting, which has none
    address = customer.get_attribute("href")
    page.get_by_label("Reason").fill("Power cut")
    page.get_by_role("button", name=f"Cancel {rows} bookings").click()
    expect(page.locator("main .lead")).to_have_text(f"{rows} bookings cancelled", timeout=PATIENCE_SECONDS * 1000)
    page.reload()
    expect(page.locator("main .lead")).to_have_text(f"{rows} bookings cancelled")

    page.goto(str(address))
    deadline = time.monotonic() + PATIENCE_SECONDS
    told = page.get_by_role("row").filter(has_text="Customer: booking cancelled").filter(has_text="Done")
    while not told.count() and time.monotonic() < deadline:
        time.sleep(0.3)
        page.reload()
    expect(told).to_have_count(1)
    expect(page.get_by_text("Power cut").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_each_booking_is_a_card_and_nothing_is_in_the_way(open_as_lead: OpenAsLead, scheme: str) -> None:
    page = open_as_lead("/workspace/bookings/?period=all", width=SMALLEST, scheme=scheme)
    label = page.locator("tbody td:not(.tick)").first.evaluate("each => getComputedStyle(each, '::before').content")
    assert label == '"When"'
    reference = page.locator("[name=pick]").first.get_attribute("value")
    for path in (
        "/workspace/bookings/?period=all",
        "/workspace/bookings/?q=nobody&host=",
        "/workspace/bookings/?period=all&col=email&col=status&since=2020-01-01",
        "/workspace/approvals/",
        f"/workspace/bulk/cancel/?pick={reference}",
        "/workspace/bulk/reassign/?all=1&period=all",
        f"/workspace/bulk/export/?pick={reference}",
        "/workspace/bulk/cancel/",
        "/workspace/views/?query=period%3Dall",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST, path
        assert not barriers(page)
