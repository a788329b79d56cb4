"""A member connects a calendar in a real browser: on a small phone, without script, by what is on the pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.calendars.feedserver import Feed, serving
from tests.providers.google import Google
from tests.providers.signin import CLIENT, SECRET, SignIn
from tests.providers.signin import serving as serving_signin
from tests.providers.web import TOKEN
from tests.providers.web import serving as serving_google
from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@bestsecurity.example", "seven wet umbrellas"
SUBMIT = "main button[type=submit]:not([name=rezone])"
CONNECT = "/accounts/calendars/connect/"


@pytest.fixture(scope="module")
def signin() -> Iterator[SignIn]:
    with serving_signin() as served:
        served.token = TOKEN
        yield served


@pytest.fixture(scope="module")
def google() -> Iterator[str]:
    """The address of Google Calendar."""
    with serving_google(Google(), "/calendar/v3") as base:
        yield base


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site, signin: SignIn, google: str
) -> Iterator[Site]:
    """A site that may fetch calendars from this machine and is known to Google, with a System Manager."""
    made = Site(tmp_path_factory.mktemp("calendars") / "site", server, template=migrated_site)
    provider = f"http://127.0.0.1:{signin.port}"
    made.variables |= {
        "SITE_URL": made.url,
        "ALLOW_PRIVATE_ADDRESSES": "127.0.0.1",
        "GOOGLE_CLIENT_ID": CLIENT,
        "GOOGLE_CLIENT_SECRET": SECRET,
        "GOOGLE_SIGNIN_URL": f"{provider}/authorize",
        "GOOGLE_TOKEN_URL": provider,
        "GOOGLE_API_URL": google,
    }
    signin.redirects = {f"{made.url}/accounts/calendars/back/google/"}
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


def sign_in(page: Page) -> None:
    page.goto("/accounts/calendars/")
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(SUBMIT).click()


def connect(page: Page, site: Site, feed: Feed) -> None:
    """Sign in, and connect the feed after an address that is none."""
    sign_in(page)
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


def test_a_member_goes_to_google_agrees_and_chooses(browser: Browser, site: Site) -> None:
    context = opened(browser, site)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Policy" in message.text else None)
    sign_in(page)
    page.goto(CONNECT)
    page.get_by_role("button", name="Connect Google Calendar").click()
    page.wait_for_url("**/connect/choose/")
    assert not barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("[name=calendars]").first.check()
    page.locator("[name=bookings]").first.check()
    page.get_by_role("button", name="Connect").click()
    expect(page.locator(".messages")).to_contain_text("Connected.")
    expect(page.get_by_text("Your bookings are written to it")).to_be_visible()
    assert not refused
    context.close()
