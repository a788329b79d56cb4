"""The booking page as its visitors meet it, line by line of what they should be able to say yes to
(shared/design/experience.md, 1 to 22).
"""

import re
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_guest import CALL, SUBMIT, TIMES, choose, choose_and_book, tab_to
from tests.site import Site

pytestmark = pytest.mark.browser

PLAIN = "/book/support/30-min-call"


def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def next_month(page: Page) -> None:
    page.locator("#later").click()
    expect(page.locator("#earlier")).to_be_visible()


def test_a_meeting_is_booked_in_three_screens_with_two_things_to_type(open_page: OpenPage) -> None:
    page = open_page(CALL)
    addresses = [page.url]
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    page.locator(".first-time a").click()
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    assert len({address.partition("?")[0] for address in addresses}) == 3


def test_the_first_screen_has_times_and_the_next_available_one_is_one_action_away(open_page: OpenPage) -> None:
    page = open_page(CALL)
    expect(page.locator(TIMES).first).to_be_in_viewport()
    first = str(page.locator(TIMES).first.locator("time").get_attribute("datetime"))
    page.get_by_role("link", name="Next available").click()
    expect(page.locator("h1")).to_have_text("Your details")
    assert first in page.url.replace("%3A", ":")


def test_the_zone_is_found_by_itself_and_stands_beside_the_times(open_page: OpenPage) -> None:
    page = open_page(PLAIN, zone="Asia/Tokyo")
    expect(page.get_by_text("Times are in Asia/Tokyo (UTC+9)")).to_be_visible()
    found = page.locator(f"{TIMES} time").first
    hour = datetime.fromisoformat(str(found.get_attribute("datetime"))).astimezone(UTC).hour
    assert int(found.inner_text()[:2]) == (hour + 9) % 24
    page.reload()
    expect(page.get_by_text("Times are in Asia/Tokyo (UTC+9)")).to_be_visible()


def test_another_zone_is_found_by_typing_a_city_and_kept(open_page: OpenPage) -> None:
    page = open_page(PLAIN)
    page.get_by_text("Times are in Europe/Berlin").click()
    page.get_by_label("Your time zone").fill("new york")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Times are in America/New York")).to_be_visible()
    assert "timezone=" in page.url
    page.goto(PLAIN)
    expect(page.get_by_text("Times are in America/New York")).to_be_visible()


def test_a_zone_that_is_none_is_said_beside_its_field_without_leaving_the_page(open_page: OpenPage) -> None:
    page = open_page(PLAIN)
    page.get_by_text("Times are in Europe/Berlin").click()
    page.get_by_label("Your time zone").fill("Atlantis")
    page.get_by_role("button", name="Show times").click()
    expect(page.get_by_role("link", name="Timezone 'Atlantis' is not a known time zone")).to_be_visible()
    expect(page.get_by_label("Your time zone")).to_have_value("Atlantis")
    assert page.locator(TIMES).count()


@pytest.mark.parametrize("script", [True, False])
def test_changing_the_zone_keeps_the_moment_and_what_was_typed_and_says_the_new_time(
    open_page: OpenPage, script: bool
) -> None:
    page = open_page(CALL, script=script)
    choose(page)
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_text("Times are in Europe/Berlin").click()
    page.get_by_label("Your time zone").fill("Tokyo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The time you chose stays:")).to_contain_text("in Asia/Tokyo (UTC+9)")
    expect(page.get_by_label("Your name")).to_have_value("Ada Muster")
    expect(page.locator(".chosen-time")).to_contain_text("Asia/Tokyo")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_the_next_month_is_there_before_it_is_asked_for(open_page: OpenPage) -> None:
    page = open_page(CALL)
    url = page.locator("#later").evaluate("link => link.href")
    arrived = "url => performance.getEntriesByName(url).some(entry => entry.responseEnd > 0)"
    page.wait_for_function(arrived, arg=url)
    next_month(page)
    sizes = page.evaluate("url => performance.getEntriesByName(url, 'resource').map(each => each.transferSize)", url)
    assert sizes[0] > 0
    assert sizes[1:] == [0]


def test_choosing_a_day_asks_the_site_nothing_and_moves_the_focus_to_its_times(open_page: OpenPage) -> None:
    page = open_page(CALL)
    next_month(page)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    day = page.locator("#days a").nth(6)
    name = str(day.get_attribute("aria-label"))
    day.click()
    expect(page.locator("#day-title")).to_be_focused()
    assert name.startswith(page.locator("#day-title").inner_text())
    assert int(re.search(r", (\d+) times?$", name)[1]) == page.locator(TIMES).count()  # type: ignore[index]
    assert asked == []
    page.get_by_role("link", name="Back to the calendar").focus()
    page.keyboard.press("Enter")
    assert focused(page) == day.get_attribute("id")


def test_a_chosen_day_survives_reloading_and_coming_back_in_each_of_two_tabs(open_page: OpenPage) -> None:
    one, two = open_page(CALL), open_page(CALL)
    for page, number in ((one, 3), (two, 5)):
        next_month(page)
        page.locator("#days a").nth(number).click()
    for page, number in ((one, 3), (two, 5)):
        title = page.locator("#day-title").inner_text()
        page.reload()
        expect(page.locator("#day-title")).to_have_text(title)
        expect(page.locator("#days a").nth(number)).to_have_attribute("aria-current", "true")
        page.locator(TIMES).first.click()
        expect(page.locator("h1")).to_have_text("Your details")
        page.go_back()
        expect(page.locator("#day-title")).to_have_text(title)


def test_back_returns_from_month_to_month(open_page: OpenPage) -> None:
    page = open_page(CALL)
    first = page.locator("#month-title").inner_text()
    next_month(page)
    second = page.locator("#month-title").inner_text()
    assert first != second
    page.go_back()
    expect(page.locator("#month-title")).to_have_text(first)
    page.go_forward()
    expect(page.locator("#month-title")).to_have_text(second)
    page.locator("#days a").nth(2).click()
    expect(page.locator("#day-title")).to_be_focused()


def test_the_days_are_a_grid_for_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(CALL)
    next_month(page)
    tab_to(page, "#days [tabindex='0']")
    month = page.locator("#days tbody [id]").first.get_attribute("id")[:8]  # type: ignore[index]
    page.locator(f"#{month}-10").evaluate("cell => { cell.tabIndex = 0; cell.focus() }")
    for key, day in (
        ("ArrowRight", "11"),
        ("ArrowDown", "18"),
        ("ArrowLeft", "17"),
        ("ArrowUp", "10"),
        ("ArrowUp", "03"),
    ):
        page.keyboard.press(key)
        assert focused(page) == f"{month}-{day}", key
    page.keyboard.press("Home")
    monday = datetime.fromisoformat(focused(page)[1:])
    assert monday.weekday() == 0 or monday.day == 1
    page.keyboard.press("End")
    assert datetime.fromisoformat(focused(page)[1:]).weekday() == 6
    assert page.evaluate("document.querySelectorAll('#days [tabindex=\"0\"]').length") == 1
    before = page.locator("#month-title").inner_text()
    page.keyboard.press("PageUp")
    expect(page.locator("#month-title")).not_to_have_text(before)
    expect(page.locator("#days tbody [id]:focus")).to_have_count(1)
    page.keyboard.press("PageDown")
    expect(page.locator("#month-title")).to_have_text(before)
    expect(page.locator("#days tbody [id]:focus")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.locator("#days a").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#day-title")).to_be_focused()


def test_screen_readers_hear_days_with_their_times_and_every_new_month(open_page: OpenPage) -> None:
    page = open_page(CALL)
    assert page.get_by_role("grid", name=page.locator("#month-title").inner_text()).count() == 1
    next_month(page)
    title, number = page.locator("#month-title").inner_text(), page.locator("#days a").count()
    expect(page.locator("#said")).to_have_text(f"{title}: {number} days with free times")
    labels = page.locator("#days tbody [id]").evaluate_all("all => all.map(cell => cell.getAttribute('aria-label'))")
    assert len(labels) >= 28
    assert all(re.fullmatch(r"\w+, \d+ \w+ \d{4}, (\d+ times?|no times)", label) for label in labels)


def test_right_to_left_nothing_overflows_and_arrows_go_the_other_way(open_page: OpenPage) -> None:
    for width in (320, 1280):
        page = open_page(CALL, width=width)
        next_month(page)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    first, second = page.locator("#days a").nth(0), page.locator("#days a").nth(1)
    assert first.bounding_box()["x"] > second.bounding_box()["x"]  # type: ignore[index]
    at = page.locator("#days [tabindex='0']").get_attribute("id")
    page.locator("#days [tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    assert datetime.fromisoformat(focused(page)[1:]) > datetime.fromisoformat(str(at)[1:])


def test_a_time_taken_meanwhile_keeps_what_was_typed_and_offers_the_three_nearest(
    open_page: OpenPage, demo_site: Site
) -> None:
    page = open_page(CALL)
    choose(page, 40)
    start = page.locator("input[name=start]").get_attribute("value")
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.get_by_label("What is it about?").fill("The alarm")
    customer = {"name": "Eve", "email": "eve@customer.example"}
    wish = {"department": "support", "meeting_type": "30-min-call", "start": start, "customer": customer}
    while httpx.post(f"{demo_site.url}/api/v1/bookings", json=wish).status_code == httpx.codes.CREATED:
        pass
    page.locator(SUBMIT).click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("The selected time is no longer available.")
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(page.get_by_label("What is it about?")).to_have_value("The alarm")
    page.get_by_role("radio").first.check()
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_the_confirmation_says_all_that_is_needed(open_page: OpenPage) -> None:
    page = open_page(CALL)
    choose_and_book(page, 17)
    expect(page.locator(".reference")).to_have_text(re.compile(r"BK-[A-Z0-9]{8}"))
    expect(page.get_by_text("Europe/Berlin (UTC+1)")).to_be_visible()
    expect(page.get_by_text("For them it is")).to_contain_text("UTC")
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    expect(page.get_by_text("on its way to ada@customer.example")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to my calendar").click()
    assert download.value.suggested_filename.endswith(".ics")


def test_opening_the_pages_to_cancel_and_move_changes_nothing(open_page: OpenPage) -> None:
    page = open_page(CALL)
    choose_and_book(page, 25)
    own = page.url
    for path in ("/cancel", "/reschedule"):
        page.goto(own.replace("?", f"{path}?"))
    page.goto(own)
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_a_used_link_leads_to_where_the_meeting_is_and_a_wrong_one_explains_itself(open_page: OpenPage) -> None:
    page = open_page(CALL)
    choose_and_book(page, 33)
    own, reference = page.url, page.locator(".reference").inner_text()
    page.goto(own[:-4])
    expect(page.locator("h1")).to_have_text("This link opens no booking")
    expect(page.get_by_label("Booking reference")).to_have_value(reference)
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.get_by_role("button", name="Show the booking").click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_a_deep_link_fills_in_and_leaves_no_personal_data_in_any_address(open_page: OpenPage) -> None:
    page = open_page(f"{PLAIN}?name=Ada+Muster&email=ada@customer.example&timezone=Asia/Tokyo", script=False)
    assert "ada" not in page.url.lower()
    choose(page, 11)
    expect(page.get_by_label("Your name")).to_have_value("Ada Muster")
    expect(page.get_by_label("E-mail")).to_have_value("ada@customer.example")
    assert "ada" not in page.url.lower()


def test_another_clock_comes_back_to_the_day_that_is_shown(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.locator("#later").click()
    expect(page.locator("#earlier")).to_be_visible()
    page.locator("#days a").nth(4).click()
    shown = page.locator("#day-title").inner_text()
    page.get_by_label("Clock").select_option("12")
    page.locator(".preferences button").click()
    expect(page.locator(".times a").first).to_contain_text("am")
    expect(page.locator("#day-title")).to_have_text(shown)
