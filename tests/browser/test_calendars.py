"""A member connects a calendar in a real browser: on a small phone, without script, by what is on the pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.calendars.feedserver import Feed, serving
from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@bestsecurity.example", "seven wet umbrellas"
SUBMIT = "main button[type=submit]:not([name=rezone])"
CONNECT = "/accounts/calendars/connect/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site) -> Iterator[Site]:
    """A site that may fetch calendars from this machine, with a System Manager whose password is known."""
    variables = {"ALLOW_PRIVATE_ADDRESSES": "127.0.0.1"}
    made = Site(tmp_path_factory.mktemp("calendars") / "site", server, variables, template=migrated_site)
    made.start()
    made.run("createadmin", BOSS, text=f"{PASSWORD}\n")
    yield made
    made.close()


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving() as served:
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        served.put("dentist@elsewhere", start, start + timedelta(hours=1))
        yield served


def opened(browser: Browser, site: Site, **options: object) -> BrowserContext:
    return browser.new_context(
        base_url=site.url,
        viewport={"width": 320, "height": 700},
        locale="en-GB",
        **options,  # type: ignore[arg-type]
    )


def barriers(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response
    assert found["passes"]
    return [(page.url, each["nodes"][0]["html"]) for each in found["violations"]]


def pages_of(page: Page) -> list[str]:
    """One address of each page, of a member who has connected a calendar."""
    page.goto("/accounts/calendars/")
    links = page.locator(".card a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert len(links) == 3
    return ["/accounts/", "/accounts/calendars/", CONNECT, f"{CONNECT}caldav/", f"{CONNECT}ical/", *links]


def connect(page: Page, site: Site, feed: Feed) -> None:
    """Sign in, and connect the feed after an address that is none."""
    page.goto("/accounts/calendars/")
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(SUBMIT).click()
    expect(page.get_by_text("No calendar is connected yet.")).to_be_visible()
    page.get_by_role("link", name="Connect a calendar").click()
    page.get_by_role("link", name="Connect by address").click()
    page.get_by_label("Address of the feed").fill(f"{site.url}/healthz")
    page.get_by_label("Name").fill("Family")
    page.get_by_role("button", name="Try it, and connect").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Family")
    page.get_by_label("Address of the feed").fill(feed.url)
    page.get_by_role("button", name="Try it, and connect").click()
    expect(page.locator(".messages")).to_contain_text("The feed is connected")


def test_a_feed_is_connected_read_and_left_on_a_small_phone_without_script(
    browser: Browser, site: Site, feed: Feed
) -> None:
    context = opened(browser, site, java_script_enabled=False)
    page = context.new_page()
    connect(page, site, feed)
    page.get_by_role("button", name="Sync now").click()
    for scheme in ("light", "dark"):
        looking = opened(browser, site, color_scheme=scheme, storage_state=context.storage_state())
        seen = looking.new_page()
        for path in pages_of(seen):
            seen.goto(path)
            assert not barriers(seen)
            assert seen.evaluate("document.documentElement.scrollWidth") <= 320, path
        looking.close()
    page.goto("/accounts/calendars/")
    page.get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("No calendar is connected yet.")).to_be_visible()
    context.close()
