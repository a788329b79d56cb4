"""A real Chromium before a real site with demo data.

Playwright's loop makes Django refuse the ORM in the same thread, so the browser lives no longer than a module, and
tests here ask the site and nothing else.
"""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import find_chromium
from tests.site import Site

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site) -> Iterator[Site]:
    """A site with demo data that never serves: loading them takes seconds, and copying its database does not."""
    template = Site(tmp_path_factory.mktemp("demo") / "site", server, template=migrated_site)
    template.run("demo")
    yield template
    template.close()


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory, server: str | None, demo_template: Site) -> Iterator[Site]:
    """A site that serves demo data, shared by the tests of a module."""
    site = Site(tmp_path_factory.mktemp("browser") / "site", server, template=demo_template)
    site.start()
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the machine."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, demo_site: Site) -> Iterator[OpenPage]:
    """Opens a page: ``open_page("/book", width=360, script=False, scheme="dark", zone="Asia/Tokyo")``.

    The test fails when the browser reports an error or something that the content policy refused.
    """
    contexts: dict[tuple[int, bool, str, str], BrowserContext] = {}
    complaints: list[str] = []

    def context(width: int, script: bool, scheme: str, zone: str) -> BrowserContext:
        return browser.new_context(
            base_url=demo_site.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id=zone,
            locale="en-GB",
        )

    def opened(
        path: str, *, width: int = 1280, script: bool = True, scheme: str = "light", zone: str = "Europe/Berlin"
    ) -> Page:
        kind = (width, script, scheme, zone)
        if kind not in contexts:
            contexts[kind] = context(*kind)
        page = contexts[kind].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.goto(path)
        return page

    yield opened
    for each in contexts.values():
        each.close()
    assert not complaints


@pytest.fixture
def count_bookings(demo_site: Site) -> Callable[[], int]:
    """How many bookings the site has."""

    def count() -> int:
        with sqlite3.connect(demo_site.data_dir / "db.sqlite3") as connection:
            (found,) = connection.execute("SELECT count(*) FROM bookings_booking").fetchone()
        return int(found)

    return count
