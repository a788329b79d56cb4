"""Booking inside a page of another site, in a real browser that keeps cookies and origins apart."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect

from tests.browser.hosts import Host, hosting
from tests.site import Site

pytestmark = pytest.mark.browser

CALL = "support/30-min-call"
SUBMIT = "main button.main[type=submit], main form button[type=submit]"
LISTEN = """
    window.heard = [];
    addEventListener("message", ({ origin, data }) => window.heard.push({ origin, data }));
    addEventListener("meeting-manager:booked", ({ target, detail }) => window.booked = { id: target.id, detail });
"""

OpenAt = Callable[[Host, str], Page]


@pytest.fixture(scope="module")
def allowed() -> Iterator[Host]:
    with hosting() as host:
        yield host


@pytest.fixture(scope="module")
def stranger() -> Iterator[Host]:
    with hosting() as host:
        yield host


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site, allowed: Host, stranger: Host
) -> Iterator[Site]:
    """A site that one of the two hosts may embed; both try."""
    folder = tmp_path_factory.mktemp("embed") / "site"
    made = Site(folder, server, {"EMBED_ORIGINS": allowed.origin}, template=migrated_site)
    made.start("--demo-if-empty")
    script = f"<script src='{made.url}/embed.js'></script>"
    for host in (allowed, stranger):
        host.guest = made.url
        host.pages = {
            "/one": f"<h1>Shop</h1><div id=one data-meeting-manager='{CALL}'></div>{script}",
            "/two": (
                f"{script}<div id=one data-meeting-manager='{CALL}' data-timezone=Asia/Tokyo></div>"
                f"<div id=two data-meeting-manager=sales data-title='Meet sales'></div>"
            ),
            "/script": f"<p>Shop</p><script src='{made.url}/embed.js' async data-meeting-manager='{CALL}'></script>",
            "/silent": f"<iframe title=Book src='{made.url}/embed/{CALL}'></iframe>",
        }
    yield made
    made.close()


@pytest.fixture
def open_at(browser: Browser, site: Site) -> Iterator[OpenAt]:
    """Opens a page of a host: ``open_at(allowed, "/one")``; the test fails when a page of the site reports an error."""
    context = browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-GB", timezone_id="Europe/Berlin")
    context.add_init_script(LISTEN)
    complaints: list[str] = []

    def opened(host: Host, path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(host.origin + path)
        return page

    yield opened
    context.close()
    assert not complaints


def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    """The messages of a kind that the page has received, each with its origin."""
    found: list[dict[str, Any]] = page.evaluate("window.heard")
    return [each for each in found if each["data"].get("type") == kind]


def wait_for(page: Page, expression: str, arg: object = None) -> None:
    """Playwright's own way to wait evaluates a string again and again, which the policy of the hosts forbids."""
    for _ in range(200):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def within(page: Page, place: str = "#one") -> FrameLocator:
    return page.frame_locator(f"{place} iframe")


def frame_of(page: Page, part: str) -> Frame:
    return next(frame for frame in page.frames if part in frame.url)


def choose_and_book(inside: FrameLocator) -> None:
    inside.locator(".times a").nth(1).click()
    inside.get_by_label("Your name").fill("Ada Muster")
    inside.get_by_label("E-mail").fill("ada@customer.example")
    inside.get_by_role("button", name="Book this meeting").click()
    expect(inside.locator("h1")).to_have_text("Your meeting is booked")


def test_a_customer_books_inside_the_page_of_another_site_which_hears_of_it(
    open_at: OpenAt, allowed: Host, site: Site
) -> None:
    page = open_at(allowed, "/one")
    inside = within(page)
    first = inside.locator(".times time").nth(1)
    start = first.get_attribute("datetime")
    choose_and_book(inside)
    wait_for(page, "window.booked")
    told = page.evaluate("window.booked")
    assert told["id"] == "one"
    assert told["detail"].keys() == {"start", "end", "department", "meeting_type"}
    assert (told["detail"]["department"], told["detail"]["meeting_type"]) == ("support", "30-min-call")
    same = "(pair) => new Date(pair[0]).getTime() === new Date(pair[1]).getTime()"
    assert page.evaluate(same, [told["detail"]["start"], start])
    ((message),) = heard(page, "booked")
    assert message["origin"] == site.url
    assert message["data"] == {"source": "meeting-manager", "type": "booked", **told["detail"]}


def test_the_frame_is_as_high_as_its_page_at_every_step(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/one")
    inside = within(page)
    heights = []

    def fits() -> None:
        wait_for(
            page,
            "([frame]) => Math.abs(frame.getBoundingClientRect().height - window.heard.at(-1)?.data.height) < 1",
            arg=[page.query_selector("#one iframe")],
        )
        frame = frame_of(page, "/embed/")
        assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        heights.append(page.locator("#one iframe").bounding_box()["height"])  # type: ignore[index]

    expect(inside.locator(".times a").first).to_be_visible()
    fits()
    inside.locator(".times a").nth(1).click()
    expect(inside.get_by_label("Your name")).to_be_visible()
    fits()
    before = len(heard(page, "height"))
    inside.locator("summary").click()
    wait_for(page, "(count) => window.heard.length > count", arg=before)
    fits()
    assert len(set(heights)) == 3


def test_two_on_one_page_are_told_apart(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/two")
    expect(within(page).locator("main")).to_contain_text("Asia/Tokyo")
    sales = within(page, "#two")
    page.locator("#two iframe").scroll_into_view_if_needed()
    sales.get_by_role("link", name="Product Demo").click()
    expect(sales.locator("main")).to_contain_text("Europe/Berlin")
    assert page.locator("#two iframe").get_attribute("title") == "Meet sales"
    choose_and_book(within(page))
    wait_for(page, "window.booked")
    assert page.evaluate("window.booked.id") == "one"
    heights = [page.locator(f"#{name} iframe").bounding_box()["height"] for name in ("one", "two")]  # type: ignore[index]
    assert heights[0] != heights[1]


def test_the_script_alone_is_enough(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/script")
    expect(page.frame_locator("iframe").locator(".times a").first).to_be_visible()


def test_what_leads_out_of_booking_opens_beside_the_page(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/one")
    choose_and_book(within(page))
    with page.expect_popup() as opened:
        within(page).get_by_role("link", name="Choose another time").click()
    expect(opened.value.locator("h1")).to_contain_text("time")
    assert "/reschedule?token=" in opened.value.url
    assert opened.value.evaluate("window.opener === null")
    expect(within(page).locator("h1")).to_have_text("Your meeting is booked")
    assert page.url == f"{allowed.origin}/one"


def test_reloading_the_last_page_tells_of_no_second_booking(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/one")
    choose_and_book(within(page))
    wait_for(page, "window.booked")
    frame = frame_of(page, "/booked/")
    count = len(heard(page, "height"))
    frame.evaluate("location.reload()")
    wait_for(page, "(count) => window.heard.filter(each => each.data.type === 'height').length > count", arg=count)
    assert len(heard(page, "booked")) == 1


def test_on_a_site_that_is_not_allowed_nothing_shows_and_nothing_is_told(open_at: OpenAt, stranger: Host) -> None:
    page = open_at(stranger, "/one")
    page.locator("#one iframe").wait_for()
    wait_for(page, "performance.getEntriesByType('resource').some(each => each.name.includes('/embed/'))")
    (inside,) = (frame for frame in page.frames if frame != page.main_frame)
    inside.wait_for_url("chrome-error://**")
    assert "30 Min Call" not in inside.content()
    assert page.evaluate("window.heard") == []


def test_a_frame_that_does_not_name_its_page_tells_nothing(open_at: OpenAt, allowed: Host) -> None:
    page = open_at(allowed, "/silent")
    inside = page.frame_locator("iframe")
    choose_and_book(inside)
    assert page.evaluate("window.heard") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_in_a_frame_has_a_barrier_that_axe_finds(browser: Browser, site: Site, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", base_url=site.url)
    page = context.new_page()
    page.goto(f"/embed/{CALL}")

    def check() -> None:
        found = Axe().run(page).response
        assert not [(page.url, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]

    check()
    page.locator(".times a").nth(3).click()
    check()
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.get_by_role("button", name="Book this meeting").click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    check()
    page.goto("/embed/nowhere")
    check()
    context.close()
