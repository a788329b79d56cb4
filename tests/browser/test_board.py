"""The calendar of staff in a real browser: dragging, taking back, and what others change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser

BOSS, PASSWORD = "boss@bestsecurity.example", "seven wet umbrellas"
CALENDAR = "/workspace/calendar/"
TALL = 2500
"""So that a whole day can be seen, and nothing scrolls while a card is dragged."""
EVENT = ".ec-event.booking:not(.ec-preview):not(.ec-ghost)"
SEEN_MS = 9000
"""Five seconds, and what a busy machine takes."""


@pytest.fixture(scope="module")
def boss(browser: Browser, demo_site: Site) -> Iterator[Callable[[], Page]]:
    """Opens pages as the System Manager; errors and what the content policy refused make the test fail."""
    demo_site.run("createadmin", BOSS, text=f"{PASSWORD}\n")
    complaints: list[str] = []
    contexts: list[BrowserContext] = []
    signing = browser.new_context(base_url=demo_site.url)
    page = signing.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(BOSS)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page).not_to_have_url("/accounts/login/")
    state = signing.storage_state()
    signing.close()

    def opened() -> Page:
        viewport = {"width": 1280, "height": TALL}
        context = browser.new_context(base_url=demo_site.url, viewport=viewport, storage_state=state)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        return page

    yield opened
    for each in contexts:
        each.close()
    assert not complaints


@dataclass(frozen=True)
class Scene:
    """A day with a booking that another host could have."""

    address: str
    booking: str
    start: str
    end: str
    host: str
    """E-mail address of who has it."""
    free: str
    """And of who could have it."""
    columns: list[str]


def find_scene(page: Page) -> Scene:
    for ahead in range(1, 40):
        query = f"?department=support&date={date.today() + timedelta(days=ahead)}"  # noqa: DTZ011 - any day will do
        told = page.request.get(f"{CALENDAR}feed/{query}").json()
        emails = {each["id"]: each["extendedProps"]["email"] for each in told["resources"]}
        for event in told["events"]:
            if not event.get("editable") or len(event["resourceIds"]) != 1:
                continue
            times = {"start": event["start"], "end": event["end"]}
            hosts = page.request.get(f"{CALENDAR}{event['id']}/hosts/", params=times).json()["hosts"]
            own = emails[event["resourceIds"][0]]
            free = [email for email, why in hosts.items() if not why and email != own]
            if free:
                columns = list(emails.values())
                return Scene(f"{CALENDAR}{query}", event["id"], event["start"], event["end"], own, free[0], columns)
    pytest.fail("the demo has no booking that another host could have")


def top_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def expect_in_column(page: Page, selector: str, column: int) -> None:
    """Wait until the card stands in the column with this number."""
    page.wait_for_function(
        """([card, column]) => {
          const box = document.querySelector(card)?.getBoundingClientRect();
          const edge = document.querySelectorAll(".ec-body .ec-day")[column].getBoundingClientRect();
          return box && box.left >= edge.left && box.right <= edge.right;
        }""",
        arg=[selector, column],
        timeout=SEEN_MS,
    )


def drag(page: Page, selector: str, column: int, down: float = 0) -> None:
    """Carry the card into a column, `down` pixels further down, and hold it there."""
    box = page.locator(selector).bounding_box()
    edge = page.locator(".ec-body .ec-day").nth(column).bounding_box()
    assert box
    assert edge
    page.mouse.move(box["x"] + 30, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 9, steps=3)
    page.mouse.move(edge["x"] + 40, box["y"] + 8 + down, steps=6)


def test_dragged_to_another_host_a_booking_is_reassigned_and_can_be_taken_back(boss: Callable[[], Page]) -> None:
    page = boss()
    scene = find_scene(page)
    page.goto(scene.address)
    mine = f"{EVENT}[data-booking='{scene.booking}']"
    expect(page.locator(mine)).to_have_attribute("role", "button")
    findings = [each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], each["nodes"][0]["html"]) for each in findings] == []
    before, target = scene.columns.index(scene.host), scene.columns.index(scene.free)

    drag(page, mine, target)
    expect(page.locator(f"[data-host='{scene.free}'] .board-why")).to_have_text("Free")
    expect(page.locator(".ec-body .ec-day").nth(target)).to_have_attribute("data-verdict", "free")
    page.mouse.up()
    expect(page.locator("#board-done")).to_contain_text("is with")
    expect_in_column(page, mine, target)
    page.locator("#board-done").get_by_role("button", name="Undo").click()
    expect(page.locator("#board-done").get_by_role("button", name="Undo")).to_have_count(0)
    expect_in_column(page, mine, before)

    height = top_of(page, mine)
    night = -(int(scene.start[11:13]) - 2) * 72.0
    drag(page, mine, before, night)
    expect(page.locator("#board-verdict")).to_contain_text("outside working hours")
    page.mouse.up()
    expect(page.get_by_role("alert")).to_contain_text("outside working hours")
    expect_in_column(page, mine, before)
    assert top_of(page, mine) == height


def test_what_somebody_else_changes_appears_by_itself_and_disturbs_nothing(boss: Callable[[], Page]) -> None:
    page, other = boss(), boss()
    scene = find_scene(page)
    page.goto(scene.address)
    mine = f"{EVENT}[data-booking='{scene.booking}']"
    page.get_by_label("Host").select_option(scene.free)
    page.locator(mine).focus()
    page.locator(mine).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Reassign…")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(mine)).to_be_focused()

    other.goto(scene.address)
    fields = {"start": scene.start, "end": scene.end, "host": scene.free, "former": scene.host}
    send = """async ([path, fields]) => {
      const token = document.querySelector("#board [name=csrfmiddlewaretoken]").value;
      const body = new URLSearchParams(fields);
      return (await fetch(path, { method: "POST", headers: { "X-CSRFToken": token }, body })).status;
    }"""
    assert other.evaluate(send, [f"{CALENDAR}{scene.booking}/drop/", fields]) == 200
    expect_in_column(page, mine, scene.columns.index(scene.free))
    expect(page.locator(mine)).to_be_focused()
    expect(page.get_by_label("Host")).to_have_value(scene.free)
