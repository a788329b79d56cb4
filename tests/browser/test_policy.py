"""The content policy holds on every page that links lead to: nothing inline, and nothing that a browser refuses."""

from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_guest import CALL, choose, choose_and_book
from tests.site import Site

pytestmark = pytest.mark.browser

MOST_PAGES = 60
WATCH = "addEventListener('securitypolicyviolation', each => console.error(`refused: ${each.violatedDirective}`))"
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


def kind_of(link: str) -> str:
    """Links that differ in their values only lead to pages of one kind."""
    parts = urlsplit(link)
    return parts.path + "?" + "&".join(sorted(part.partition("=")[0] for part in parts.query.split("&")))


def links(page: Page, site: Site) -> list[str]:
    """Where the page leads on this site, files left out."""
    found = [urldefrag(link)[0] for link in page.evaluate(LINKS)]
    return [link for link in found if link.startswith(site.url) and not urlsplit(link).path.endswith(".ics")]


def test_a_crawl_of_all_pages_meets_no_refusal_and_no_loose_policy(browser: Browser, demo_site: Site) -> None:
    context = browser.new_context(base_url=demo_site.url, timezone_id="Asia/Tokyo")
    context.add_init_script(WATCH)
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "console", lambda message: refused.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    page.on("pageerror", lambda error: refused.append(f"{page.url}: {error}"))
    page.goto(CALL)
    choose_and_book(page, 3)
    waiting, seen = [page.url, f"{demo_site.url}/", f"{demo_site.url}{CALL}"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, path
        policy = str(answer.header_value("content-security-policy"))
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert not page.evaluate("document.querySelectorAll('[style], style, script:not([src])').length"), path
        waiting += links(page, demo_site)
    context.close()
    assert len(seen) >= 12
    assert refused == []


def test_scripts_carry_the_nonce_of_their_page(browser: Browser, demo_site: Site) -> None:
    context = browser.new_context(base_url=demo_site.url)
    page = context.new_page()
    answer = page.goto(CALL)
    assert answer is not None
    policy = str(answer.header_value("content-security-policy"))
    nonces = set(page.evaluate("[...document.scripts].map(script => script.nonce)"))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert str(answer.header_value("referrer-policy")) == "same-origin"
    choose(page)
    context.close()
