"""Answering an invitation in a real browser: without script, by keyboard, on the smallest screen, for everybody."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_guest import CALL, choose_and_book, tab_to
from tests.site import Site

pytestmark = pytest.mark.browser

ASK = """
from meeting_manager.bookings.links import answer_url
from meeting_manager.bookings.models import Booking
booking = Booking.objects.get(booking_reference="{reference}")
print(answer_url(booking, "ada@customer.example"))
"""


@pytest.fixture
def invitation(open_page: OpenPage, demo_site: Site) -> Callable[[int], str]:
    """Books as Ada, and returns the link by which she answers."""

    def make(nth: int) -> str:
        page = open_page(CALL, script=False)
        choose_and_book(page, nth)
        reference = page.locator(".reference").inner_text()
        return demo_site.run("shell", "-c", ASK.format(reference=reference)).stdout.strip().splitlines()[-1]

    return make


def test_a_participant_answers_and_answers_anew_without_script_on_a_phone(
    open_page: OpenPage, invitation: Callable[[int], str]
) -> None:
    page = open_page(invitation(30), width=320, script=False)
    expect(page.locator("h1")).to_have_text("Will you be there?")
    page.reload()
    expect(page.locator("h1")).to_have_text("Will you be there?")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("h1")).to_have_text("You have accepted")
    page.reload()
    page.get_by_role("button", name="Decline").click()
    expect(page.locator("h1")).to_have_text("You have declined")
    page.get_by_role("button", name="Maybe").click()
    expect(page.locator("h1")).to_have_text("You may come")


def test_it_goes_by_keyboard_alone(open_page: OpenPage, invitation: Callable[[int], str]) -> None:
    page = open_page(invitation(31))
    tab_to(page, "button[value=Declined]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("You have declined")
    tab_to(page, "button[value=Accepted]")
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("You have accepted")


def test_neither_screens_nor_schemes_are_barriers(open_page: OpenPage, invitation: Callable[[int], str]) -> None:
    url = invitation(32)
    open_page(url).get_by_role("button", name="Maybe").click()
    for path in (url, f"{url}x"):
        for scheme in ("light", "dark"):
            found = Axe().run(open_page(path, scheme=scheme)).response
            assert found["passes"]
            assert not [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
        small = open_page(path, width=320)
        assert small.evaluate("document.documentElement.scrollWidth") <= 320
        boxes = [each.bounding_box() for each in small.locator("main button").all()]
        assert all(box and box["height"] >= 44 for box in boxes)
