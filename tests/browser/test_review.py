"""What a review found in the picker of times, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_booking_page import next_month
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
