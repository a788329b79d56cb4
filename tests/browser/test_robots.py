"""What keeps robots away, met by people in a real browser: they are hardly held up, and without script they book, too.

The site allows four bookings in an hour, so that from the third on a puzzle is asked for.
"""

import email
import re
import time
from collections.abc import Iterator
from email import policy

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_guest import CALL, SUBMIT, choose
from tests.hours import stay_within_the_hour
from tests.site import Site

pytestmark = pytest.mark.browser

LIMITS = {"GUEST_BOOKINGS_PER_HOUR": "4", "GUEST_FORM_SECONDS": "2", "GUEST_PROOF_OF_WORK": "17"}
LINK = re.compile(r"https?://[^/\s]+(/confirm/\S+)")
HOLD = """
    const real = window.setTimeout;
    const held = [];
    let holds = true;
    window.setTimeout = (call, ...rest) => holds && call.name === "search" ? held.push(call) : real(call, ...rest);
    window.goOn = () => { holds = false; held.splice(0).forEach((call) => real(call)); };
"""
"""Stops the search of proof.js between its slices, until the test has looked."""


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory, server: str | None, migrated_site: Site) -> Iterator[Site]:
    """A site with demo data whose limits are low, and where forms that come at once are asked again."""
    site = Site(tmp_path_factory.mktemp("robots") / "site", server, LIMITS, migrated_site)
    site.start("--demo-if-empty")
    yield site
    site.close()


def fill_in(page: Page, nth: int) -> None:
    choose(page, nth)
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")


def wait_as_people_do(page: Page) -> None:
    page.wait_for_timeout(2500)


def book(page: Page, nth: int) -> None:
    fill_in(page, nth)
    wait_as_people_do(page)
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def mailed_path(site: Site) -> str:
    """The path in the mail that a worker of the site sends."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for file in (site.data_dir / "outbox").glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            found = LINK.search(body.get_content() if body else "")
            if found:
                return found[1]
        time.sleep(0.1)
    raise AssertionError("no mail with a link came")


def has_no_barrier(page: Page) -> None:
    assert not [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]


def test_people_get_through_quick_or_often_with_script_and_without(open_page: OpenPage, demo_site: Site) -> None:
    stay_within_the_hour(120)
    page = open_page(CALL)
    fill_in(page, 4)
    page.locator(SUBMIT).click()
    expect(page.get_by_role("alert")).to_contain_text("That was very quick.")
    expect(page.get_by_label("Your name")).to_have_value("Ada Muster")
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    book(open_page(CALL), 9)

    solved = open_page(CALL)
    fill_in(solved, 12)
    solved.add_init_script(HOLD)
    solved.reload()
    while solved.locator("[name=solution]").input_value():  # found in the first slice: then there is nothing to see
        solved.reload()
    solved.get_by_label("Your name").fill("Ada Muster")
    solved.get_by_label("E-mail").fill("ada@customer.example")
    wait_as_people_do(solved)
    solved.locator(SUBMIT).click()
    expect(solved.locator("[data-proof]")).to_contain_text("your browser is proving that it is no robot")
    expect(solved.locator("h1")).to_have_text("Your details")
    has_no_barrier(solved)
    solved.get_by_label("Your name").fill("Ada B. Muster")  # the page answers meanwhile
    solved.evaluate("goOn()")
    expect(solved.locator("h1")).to_have_text("Your meeting is booked", timeout=60_000)

    plain = open_page(CALL, width=360, script=False)
    fill_in(plain, 17)
    wait_as_people_do(plain)
    plain.locator(SUBMIT).click()
    expect(plain.locator("h1")).to_have_text("Please confirm")
    expect(plain.get_by_text("ada@customer.example")).to_be_visible()
    path = mailed_path(demo_site)
    for scheme in ("light", "dark"):
        look = open_page(path, scheme=scheme)
        expect(look.locator("h1")).to_have_text("Confirm your booking")
        has_no_barrier(look)
    plain.goto(path)
    plain.get_by_role("button", name="Yes, book this meeting").click()
    expect(plain.locator("h1")).to_have_text("Your meeting is booked")
    plain.goto(path)
    expect(plain.locator("h1")).to_have_text("You have confirmed already")

    last = open_page(CALL)
    choose(last, 25)  # whoever would be refused is told before they type
    expect(last.locator("h1")).to_have_text("Too many requests")
