"""A department with its own colour and logo in a real browser: to be seen, to be read, and nothing moves."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.departments.pictures import picture
from tests.site import Site

pytestmark = pytest.mark.browser

BOSS = "boss@bestsecurity.example"
PAGES = ("/book/support", "/book/support/30-min-call?timezone=Europe/Berlin")


@pytest.fixture(scope="module")
def branded_site(demo_site: Site) -> Site:
    """Support is green and has a logo as wide as they come."""
    demo_site.run("createadmin", BOSS, text="seven wet umbrellas\n")
    token = demo_site.run("token", BOSS).stdout.split()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{demo_site.url}/api/v1/departments/support"
    httpx.patch(address, headers=headers, json={"accent_color": "#0f766e"}).raise_for_status()
    logo = {**headers, "Content-Type": "image/png"}
    httpx.put(f"{address}/logo", headers=logo, content=picture(size=(960, 160))).raise_for_status()
    return demo_site


def colors_of(page: Page) -> list[str]:
    """Every colour of text, ground and border that the page shows."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('main *')].map(each => getComputedStyle(each))"
        ".flatMap(style => [style.color, style.backgroundColor, style.borderTopColor])"
    )
    return found


@pytest.mark.usefixtures("branded_site")
@pytest.mark.parametrize(("scheme", "accent"), [("light", "rgb(15, 118, 110)"), ("dark", "rgb(24, 189, 176)")])
def test_pages_wear_the_colour_of_their_department_without_a_barrier(
    open_page: OpenPage, scheme: str, accent: str
) -> None:
    for path in PAGES:
        page = open_page(path, scheme=scheme)
        assert (accent in colors_of(page)) or path == PAGES[0]  # a list of types has it under the pointer only
        found = Axe().run(page).response
        assert not [(page.url, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
    assert accent not in colors_of(open_page("/book", scheme=scheme))


@pytest.mark.usefixtures("branded_site")
@pytest.mark.parametrize("width", [320, 1280])
def test_a_wide_logo_fits_and_nothing_moves_when_it_arrives(open_page: OpenPage, width: int) -> None:
    page = open_page(PAGES[0], width=width)
    logo = page.get_by_role("link", name="Support", exact=True).locator("img")
    assert logo.evaluate("image => image.complete && image.naturalWidth") == 480
    before = page.locator("h1").bounding_box()
    logo.evaluate("image => image.removeAttribute('src')")
    assert page.locator("h1").bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.usefixtures("branded_site")
def test_a_second_page_asks_for_neither_colour_nor_logo_again(open_page: OpenPage) -> None:
    page = open_page(PAGES[0])
    page.goto(PAGES[1])
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').filter(each => /look.css|logo/.test(each.name))"
        ".map(each => each.transferSize)"
    )
    assert sizes == [0, 0]
