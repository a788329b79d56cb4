"""What a guest does in a real browser: the whole way without script, by keyboard, on a small screen, for everybody."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

CALL = "/book/support/30-min-call?timezone=Europe/Berlin"
SUBMIT = "main button[type=submit]:not([name=rezone])"
TIMES = ".times a"


def choose(page: Page, nth: int = 8) -> None:
    """Choose a time of the next month, which has some on many days: each day from its first time on."""
    page.locator("#later").click()
    expect(page.locator("#earlier")).to_be_visible()
    day = page.locator("#days a").nth(nth // 8)
    day.click()
    expect(page.locator(f"#{day.get_attribute('id')}.chosen")).to_be_visible()
    page.locator(TIMES).nth(nth % 8).click()


def choose_and_book(page: Page, nth: int = 8) -> None:
    choose(page, nth)
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.locator(SUBMIT).click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")


def test_a_customer_books_sees_moves_and_cancels_without_script_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/", width=360, script=False)
    page.get_by_role("link", name="Support").click()
    page.get_by_role("link", name="30 Min Call").click()
    choose_and_book(page)
    first = page.locator(".reference").inner_text()
    old_link = page.url
    page.get_by_role("link", name="Choose another time").click()
    choose(page, 12)
    page.get_by_label("Reason").fill("The train is late")
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    second = page.locator(".reference").inner_text()
    assert first != second
    page.goto(old_link)
    expect(page.locator(".reference")).to_have_text(second)
    page.get_by_role("link", name="Cancel the meeting").click()
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.locator("h1")).to_have_text("This meeting is cancelled")
    page.get_by_role("link", name="Book again").click()
    assert page.locator(TIMES).count() > 0


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, which has to be visible."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_the_whole_way_goes_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, TIMES)
    page.keyboard.press("Enter")
    tab_to(page, "#id_customer_name")
    page.keyboard.type("Ada Muster")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@customer.example")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    tab_to(page, "a[href*='/reschedule']")
    page.keyboard.press("Enter")
    tab_to(page, TIMES)
    page.keyboard.press("Enter")
    tab_to(page, SUBMIT)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    tab_to(page, "a[href*='/cancel']")
    page.keyboard.press("Enter")
    tab_to(page, SUBMIT)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("This meeting is cancelled")


def test_robots_fields_are_out_of_reach_for_people(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.locator(TIMES).first.click()
    assert page.locator("#id_website").bounding_box()["x"] < 0  # type: ignore[index]
    tab_to(page, "#id_customer_notes")
    page.keyboard.press("Tab")
    assert page.locator(f"{SUBMIT}:focus").count() == 1


def test_problems_get_the_focus_and_lead_to_their_fields(open_page: OpenPage) -> None:
    page = open_page(CALL)
    page.locator(TIMES).first.click()
    page.get_by_label("E-mail").fill("ada@")
    page.locator(SUBMIT).click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="Invalid email format for Customer Email: 'ada@'").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(
        "Invalid email format for Customer Email: 'ada@'"
    )


def test_a_double_click_books_once(open_page: OpenPage, count_bookings: Callable[[], int]) -> None:
    before = count_bookings()
    page = open_page(CALL, script=False)
    choose(page, 20)
    page.get_by_label("Your name").fill("Ada Muster")
    page.get_by_label("E-mail").fill("ada@customer.example")
    page.locator(SUBMIT).dblclick()
    expect(page.locator("h1")).to_have_text("Your meeting is booked")
    assert count_bookings() == before + 1


def test_times_are_shown_in_another_zone_after_choosing_it_in_the_form(open_page: OpenPage) -> None:
    page = open_page(CALL, script=False)
    first = page.locator(".times time").first.get_attribute("datetime")
    page.get_by_text("Times are in Europe/Berlin").click()
    page.get_by_label("Your time zone").fill("tokyo")
    page.get_by_role("button", name="Show times").click()
    expect(page.get_by_text("Times are in Asia/Tokyo (UTC+9)")).to_be_visible()
    assert page.locator(".times time").first.get_attribute("datetime") == first


PAGES = (
    "/book",
    "/book/support",
    CALL,
    "/book/support/30-min-call?timezone=Europe/Nowhere",
    "/booking",
    "/booking/BK-AAAAAAAA?token=none",
    "/nothing",
    "/accounts/login/",
)


def every_page(open_page: OpenPage, width: int, scheme: str = "light") -> list[Page]:
    """Each page of the guests' way, open; the ones of a booking belong to one that is made for it."""
    pages = [open_page(path, width=width, scheme=scheme) for path in PAGES]
    details = open_page(CALL, width=width, scheme=scheme)
    choose(details, 4)
    wrong = open_page(details.url, width=width, scheme=scheme)
    wrong.locator(SUBMIT).click()
    booked = open_page(CALL, width=width, scheme=scheme)
    choose_and_book(booked)
    own = [
        open_page(booked.url.replace("?", f"{page}?"), width=width, scheme=scheme)
        for page in ("/cancel", "/reschedule")
    ]
    move = open_page(own[1].url, width=width, scheme=scheme)
    choose(move, 9)
    bare = open_page(booked.url.partition("?")[0], width=width, scheme=scheme)
    return [*pages, details, wrong, booked, *own, move, bare]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_that_axe_finds(open_page: OpenPage, scheme: str) -> None:
    for page in every_page(open_page, 1024, scheme):
        found = Axe().run(page).response
        assert found["passes"]
        assert not [(page.url, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def test_nothing_scrolls_sideways_on_the_smallest_screen(open_page: OpenPage) -> None:
    for page in every_page(open_page, 320):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_everything_to_press_is_large_enough_for_a_thumb(open_page: OpenPage) -> None:
    page = open_page(CALL, width=360)
    boxes = [each.bounding_box() for each in page.locator(f"{TIMES}, #days a, .turn a, summary, header a").all()]
    assert len(boxes) > 20
    assert min(box["height"] for box in boxes if box) >= 44
