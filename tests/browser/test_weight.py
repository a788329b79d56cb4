"""What a visitor has to load: pages that outgrow their budget fail here (shared/design/experience.md, 39)."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_guest import CALL, SUBMIT, choose, choose_and_book
from tests.site import Site

pytestmark = pytest.mark.browser

MOST_BYTES, MOST_SCRIPT_BYTES, MOST_REQUESTS = 100_000, 50_000, 12

SHIFTS = """
new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) if (!each.hadRecentInput) sum += each.value })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})
"""


class Load:
    """What the network brought to a page since it was opened: bytes as they travelled, by type."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        self.requests = 0
        self._types: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict[str, str]) -> None:
        self._types[event["requestId"]] = event["type"]

    def _finished(self, event: dict[str, int]) -> None:
        kind = self._types.get(str(event["requestId"]), "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])
        self.requests += 1


def cold(browser: Browser, site: Site, steps: Callable[[Page], str]) -> tuple[Page, Load]:
    """The page that `steps` lead to, opened anew by a browser that has nothing yet."""
    first = browser.new_context(base_url=site.url, timezone_id="Europe/Berlin")
    path = steps(first.new_page())
    first.close()
    page = browser.new_context(base_url=site.url, timezone_id="Europe/Berlin").new_page()
    load = Load(page)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page, load


def at(path: str) -> Callable[[Page], str]:
    return lambda page: path


def details(page: Page) -> str:
    page.goto(CALL)
    choose(page)
    expect(page.locator(SUBMIT)).to_be_visible()
    return page.url


def booking(page: Page) -> str:
    page.goto(CALL)
    choose_and_book(page)
    return page.url


@pytest.mark.parametrize(
    "steps",
    [at("/book"), at("/book/support"), at("/book/support/30-min-call"), details, booking, at("/booking"), at("/none")],
    ids=["departments", "types", "times", "details", "booking", "lookup", "not found"],
)
def test_a_cold_page_stays_within_its_budget_and_nothing_jumps(
    browser: Browser, demo_site: Site, steps: Callable[[Page], str]
) -> None:
    page, load = cold(browser, demo_site, steps)
    shifts = page.evaluate(SHIFTS)
    page.context.close()
    assert load.bytes["Document"] > 0
    assert load.bytes["Stylesheet"] > 0
    assert sum(load.bytes.values()) <= MOST_BYTES, load.bytes
    assert load.bytes.get("Script", 0) <= MOST_SCRIPT_BYTES, load.bytes
    assert load.requests <= MOST_REQUESTS
    assert shifts <= 0.1


def test_pages_travel_compressed_and_what_they_need_is_kept_for_ever(demo_site: Site) -> None:
    page = httpx.get(f"{demo_site.url}{CALL}")
    assert page.headers["Content-Encoding"] == "gzip"
    assert "no-cache" in page.headers["Cache-Control"]
    static = {part.partition('"')[0] for part in page.text.split('"/static/')[1:]}
    assert len(static) >= 4
    for name in static:
        answer = httpx.get(f"{demo_site.url}/static/{name.partition('#')[0]}")
        assert "immutable" in answer.headers["Cache-Control"], name
        assert int(answer.headers["Cache-Control"].partition("max-age=")[2].partition(",")[0]) >= 31_536_000
        assert answer.headers["Content-Encoding"] == "gzip", name
