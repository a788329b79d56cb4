"""What a review found in the picker of times, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_booking_page import focused, next_month
from tests.browser.test_guest import CALL

pytestmark = pytest.mark.browser


def test_forward_to_a_month_that_was_fetched_before_shows_the_page_and_not_the_picker_alone(
    open_page: OpenPage,
) -> None:
    page = open_page(CALL)
    page.wait_for_load_state("networkidle")
    next_month(page)
    second = page.locator("#month-title").inner_text()
    page.go_back()
    expect(page.locator("#month-title")).not_to_have_text(second)
    page.go_forward()
    expect(page.locator("#month-title")).to_have_text(second)
    expect(page.locator("h1")).to_have_text("30 Min Call")
    expect(page.locator("header")).to_be_visible()


def test_page_down_goes_to_the_same_day_also_from_a_month_whose_first_weeks_are_over(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.wait_for_load_state("networkidle")
    cell = page.locator("#days tbody [id]").nth(7)  # in any month the second row that is shown
    cell.evaluate("cell => { cell.tabIndex = 0; cell.focus() }")
    day = focused(page)[-2:]
    page.keyboard.press("PageDown")
    expect(page.locator("#earlier")).to_be_visible()
    expect(page.locator("#days tbody [tabindex='0']")).to_be_focused()
    assert focused(page)[-2:] in {day, "28", "30"}


def test_page_down_beyond_the_last_times_is_said_and_keeps_the_focus_on_the_page(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.wait_for_load_state("networkidle")
    said = page.locator("#said")
    for _ in range(12):
        before = said.inner_text()
        page.locator("#days [tabindex='0']").focus()
        page.keyboard.press("PageDown")
        expect(said).not_to_have_text(before)
        if not page.locator("#days").count():
            break
    expect(page.locator("#picker .notice")).to_contain_text("There are no later times.")
    expect(said).to_contain_text("0 days with free times")
    expect(page.get_by_role("link", name="First free times")).to_be_focused()


def test_a_change_of_zone_that_fails_is_made_by_the_browsers_own_way(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.wait_for_load_state("networkidle")
    page.route(
        "**/book/**",
        lambda route: route.fulfill(status=503) if "hx-request" in route.request.headers else route.continue_(),
    )
    page.get_by_text("Times are in Europe/Berlin").click()
    page.get_by_label("Your time zone").fill("Tokyo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Times are in Asia/Tokyo (UTC+9)")).to_be_visible()
