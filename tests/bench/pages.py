"""The booking page on a slow telephone: Chromium with the network and the processor that Lighthouse takes for one."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.measure import Figure
from tests.browser.conftest import FLAGS
from tests.conftest import find_chromium
from tests.site import Site

TIMES = "/book/support/30-min-call"
ROUNDS = 5

# Lighthouse's "slow 4G" as devtools apply it: 150 ms there and back and 1.6 Mbit/s, counted for each request.
_SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 184_320, "uploadThroughput": 84_375}
_SLOWER_PROCESSOR = {"rate": 4}

_WATCH = """
window.seen = {lcp: 0, shifts: 0, longest: 0};
const watch = (type, take, more) => new PerformanceObserver(list => list.getEntries().forEach(take))
  .observe({type, buffered: true, ...more});
watch("largest-contentful-paint", each => { seen.lcp = each.startTime });
watch("layout-shift", each => { if (!each.hadRecentInput) seen.shifts += each.value });
watch("event", each => { if (each.interactionId) seen.longest = Math.max(seen.longest, each.duration) },
  {durationThreshold: 16});
"""


def run() -> list[Figure]:
    """Largest paint, jumps, and the slowest answer to a choice, each the median of a few cold visits."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            site.start("--demo-if-empty")
            visits = [_visit(browser, site) for _ in range(ROUNDS)]
        finally:
            browser.close()
            site.close()
    lcp, shifts, longest = (median(column) for column in zip(*visits, strict=True))
    return [
        Figure("booking page, slow 4G and a slow telephone: largest paint", f"{lcp:.0f} ms", "≤ 2500 ms", lcp <= 2500),
        Figure("the same: what jumps (CLS)", f"{shifts:.3f}", "≤ 0.1", shifts <= 0.1),
        Figure("the same: longest answer to a choice of day", f"{longest:.0f} ms", "≤ 200 ms", longest <= 200),
    ]


def _visit(browser: Browser, site: Site) -> tuple[float, float, float]:
    context = browser.new_context(
        base_url=site.url, viewport={"width": 360, "height": 740}, timezone_id="Europe/Berlin", has_touch=True
    )
    context.add_init_script(_WATCH)
    page = context.new_page()
    _slow_down(context.new_cdp_session(page))
    page.goto(TIMES)
    page.wait_for_load_state("networkidle")
    seen = _choose_days(page)
    context.close()
    return seen


def _slow_down(session: CDPSession) -> None:
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", _SLOWER_PROCESSOR)


def _choose_days(page: Page) -> tuple[float, float, float]:
    page.locator("#later").click()
    page.locator("#earlier").wait_for()
    for number in (4, 9, 2):
        page.locator("#days a").nth(number).click()
        page.wait_for_timeout(300)
    seen = page.evaluate("window.seen")
    return float(seen["lcp"]), float(seen["shifts"]), float(seen["longest"])
