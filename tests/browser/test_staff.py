"""What staff do in a real browser: read what went out, decide by the link of a mail, mend what failed."""

import sqlite3
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@bestsecurity.example", "seven wet umbrellas"
SUBMIT = "main button[type=submit]:not([name=rezone])"
PATIENCE_SECONDS = 30

OpenStaffPage = Callable[..., Page]


@pytest.fixture(scope="module")
def boss_site(demo_site: Site) -> Site:
    """A site with demo data, a System Manager whose password is known, and mails about two bookings in its outbox."""
    demo_site.run("createadmin", BOSS, text=f"{PASSWORD}\n")
    return demo_site


@pytest.fixture(scope="module")
def state(browser: Browser, boss_site: Site) -> object:
    """The cookies of the System Manager, after two customers have booked."""
    context = browser.new_context(base_url=boss_site.url, java_script_enabled=False)
    page = context.new_page()
    book(page, "/book/support", "30 Min Call")
    book(page, "/book/sales", "Executive Consultation")
    page.goto("/accounts/login/")
    sign_in(page)
    wait_for(page, "Confirmed:", "Please decide:")
    stored = context.storage_state()
    context.close()
    return stored


@pytest.fixture
def open_staff_page(browser: Browser, boss_site: Site, state: object) -> Iterator[OpenStaffPage]:
    """Opens a page as the System Manager: ``open_staff_page("/workspace/outbox/", width=360, script=False)``.

    The test fails when the browser reports an error or something that the content policy refused.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        path: str, *, width: int = 1280, script: bool = True, scheme: str = "light", signed: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=boss_site.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=state if signed else None,  # type: ignore[arg-type]
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


def book(page: Page, department: str, kind: str) -> None:
    page.goto(department)
    page.get_by_role("link", name=kind).click()
    page.locator(".times a").nth(8).click()
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.locator("main button.main").click()
    expect(page.locator(".reference")).to_be_visible()


def sign_in(page: Page) -> None:
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(SUBMIT).click()


def wait_for(page: Page, *subjects: str) -> None:
    """Load the outbox again until it has mails whose subjects begin so: workers need a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        page.goto("/workspace/outbox/")
        if all(page.locator("table a", has_text=subject).count() for subject in subjects):
            return
        time.sleep(0.3)
    raise AssertionError(page.locator("main").inner_text())


def open_mail(page: Page, subject: str) -> None:
    page.goto("/workspace/outbox/")
    page.locator("table a", has_text=subject).first.click()


def make_one_fail(site: Site) -> None:
    """As if a mail server had refused the first mail for a day."""
    with sqlite3.connect(site.data_dir / "db.sqlite3") as connection:
        connection.execute(
            "UPDATE ledger_delivery SET state = 'dead', failures = 48, attempt = 48, last_error = '451 Try later'"
            " WHERE id = (SELECT min(id) FROM ledger_delivery WHERE kind = 'mail')"
        )


def test_a_newcomer_reads_in_the_outbox_what_would_go_out(open_staff_page: OpenStaffPage) -> None:
    page = open_staff_page("/accounts/", width=360, script=False)
    page.get_by_role("main").get_by_role("link", name="Outbox").click()
    expect(page.get_by_text("Mail is not sent but kept here")).to_be_visible()
    page.locator("table a", has_text="Confirmed:").first.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Ada Muster").first).to_be_visible()
    expect(page.get_by_text("REQUEST", exact=True)).to_be_visible()
    page.locator("pre a[href*='/booking/BK-']").first.click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_the_link_of_a_mail_leads_through_sign_in_to_a_decision_that_a_button_makes(
    open_staff_page: OpenStaffPage, boss_site: Site
) -> None:
    reader = open_staff_page("/workspace/outbox/")
    open_mail(reader, "Please decide:")
    link = reader.locator("pre a[href*='/workspace/bookings/']").first.get_attribute("href")
    assert link
    page = open_staff_page(link.removeprefix(boss_site.url), width=360, script=False, signed=False)
    sign_in(page)
    assert page.url == link
    expect(page.locator(".status").first).to_have_text("Awaits approval")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".error-summary")).to_contain_text("Rejection Reason is required")
    assert page.title().startswith("Error:")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".notice")).to_have_text("The booking is approved.")
    expect(page.locator(".status").first).to_have_text("Confirmed")


def test_what_failed_is_retried_by_keyboard_and_goes_out(open_staff_page: OpenStaffPage, boss_site: Site) -> None:
    make_one_fail(boss_site)
    page = open_staff_page("/workspace/deliveries/?state=dead")
    button = page.get_by_role("button", name="Retry")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.first.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_have_text("It will be tried again at once.")
    deadline = time.monotonic() + PATIENCE_SECONDS
    page.goto("/workspace/deliveries/?state=ready")
    while page.locator("table").count() and time.monotonic() < deadline:
        time.sleep(0.3)
        page.reload()
    page.goto("/workspace/deliveries/?state=dead")
    expect(page.get_by_text("No delivery fits.")).to_be_visible()


def test_own_words_are_written_checked_and_taken_back(open_staff_page: OpenStaffPage) -> None:
    page = open_staff_page("/workspace/mails/")
    page.get_by_role("link", name="Customer: booking confirmed").click()
    page.get_by_role("link", name="Support").click()
    page.get_by_label("Subject").fill("Hello {{ nobody }}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="{{ nobody }} is not a placeholder").click()
    expect(page.get_by_label("Subject")).to_be_focused()
    page.get_by_label("Subject").fill("Hello {{ recipient_name }}")
    page.get_by_role("textbox", name="Text").fill("We are looking forward to it.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Hello Ada Muster", exact=True)).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("We are looking forward to it.")).to_be_visible()
    page.get_by_role("button", name="Reset to the standard words").click()
    expect(page.get_by_text("The standard words hold again.")).to_be_visible()


def test_an_address_for_ones_calendar_is_made_and_shown_on_demand(open_staff_page: OpenStaffPage) -> None:
    page = open_staff_page("/accounts/", width=320, script=False)
    page.get_by_role("link", name="Your bookings in your calendar").click()
    page.get_by_role("button", name="Make an address").click()
    address = page.locator("details code")
    expect(address).to_be_hidden()
    page.get_by_text("Show the address").click()
    expect(address).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not barriers(open_staff_page("/accounts/feed/", scheme="dark"))
    calendar = page.request.get(address.inner_text())
    assert calendar.text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="Switch the address off").click()
    expect(page.get_by_text("The address is switched off and no longer works.")).to_be_visible()
    assert page.request.get(calendar.url).status == 404


def addresses(page: Page) -> list[str]:
    """One address of each page of the workspace."""
    page.goto("/workspace/outbox/")
    letter = page.locator("table a", has_text="Confirmed:").first.get_attribute("href")
    page.goto("/workspace/deliveries/")
    booking = page.locator("table a[href*='/workspace/bookings/']").first.get_attribute("href")
    assert letter
    assert booking
    return [
        "/accounts/",
        "/accounts/tokens/",
        "/accounts/feed/",
        "/workspace/outbox/",
        "/workspace/outbox/?q=nobody",
        letter,
        "/workspace/deliveries/",
        "/workspace/deliveries/?state=dead",
        "/workspace/deliveries/?state=lost",
        "/workspace/deliveries/?q=nobody",
        "/workspace/deliveries/failed/discard/?state=dead",
        booking,
        "/workspace/mails/",
        "/workspace/mails/customer_booked/",
        "/workspace/mails/customer_booked/of/support/",
    ]


def refused(page: Page, booking: str) -> Page:
    """The page of a booking with a refused decision."""
    page.goto(booking)
    page.get_by_role("button", name="Reject").click()
    return page


@pytest.fixture
def pending(browser: Browser, boss_site: Site) -> str:
    """The address of a booking that awaits a decision."""
    context = browser.new_context(base_url=boss_site.url, java_script_enabled=False)
    page = context.new_page()
    book(page, "/book/sales", "Executive Consultation")
    context.close()
    with sqlite3.connect(boss_site.data_dir / "db.sqlite3") as connection:
        rows = connection.execute("SELECT name FROM bookings_booking WHERE booking_status = 'Pending' ORDER BY id DESC")
        (name,) = rows.fetchone()
    return f"/workspace/bookings/{name}/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_that_axe_finds(
    open_staff_page: OpenStaffPage, boss_site: Site, pending: str, scheme: str
) -> None:
    make_one_fail(boss_site)
    page = open_staff_page("/accounts/", width=1024, scheme=scheme)
    for path in [*addresses(page), pending]:
        page.goto(path)
        assert not barriers(page)
    assert not barriers(refused(page, pending))


def barriers(page: Page) -> list[tuple[str, str, str]]:
    found = Axe().run(page).response
    assert found["passes"]
    return [(page.url, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def test_nothing_scrolls_sideways_on_the_smallest_screen(
    open_staff_page: OpenStaffPage, boss_site: Site, pending: str
) -> None:
    make_one_fail(boss_site)
    page = open_staff_page("/accounts/", width=320)
    for path in [*addresses(page), pending]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    refused(page, pending)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_on_a_small_screen_each_cell_has_its_label(open_staff_page: OpenStaffPage) -> None:
    page = open_staff_page("/workspace/outbox/", width=360)
    label = page.locator("tbody td").first.evaluate("each => getComputedStyle(each, '::before').content")
    assert label == '"Subject"'
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("cell").count() >= 3
