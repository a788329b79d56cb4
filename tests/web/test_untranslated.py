"""Nothing that people read was forgotten: with a catalogue in which every message stands in ⟦brackets⟧, pages and mails
are walked, and what stands outside must be data.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.config.email_url import to_files
from meeting_manager.ledger.running import run_due
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.samples import preview
from meeting_manager.people.languages import speaking
from meeting_manager.people.queries import system_user
from scripts.catalogues.extracting import extract
from tests.bookings.desk import NOW, Book
from tests.cast import Cast
from tests.catalogues import marked, outside
from tests.public.visits import CALL, DETAILS, free_starts, link
from tests.workspace.visits import signed_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

FOUND = extract()
ATTRIBUTES = re.compile(r'\s(?:aria-label|title|alt|placeholder|content|data-label)="([^"]*)"')
UNSEEN = re.compile(
    r"<(script|style|datalist|svg|pre|kbd)\b.*?</\1>|<p lang=\"en\">.*?</p>|<li lang=\"en\">.*?</li>|"
    r"<option[^>]*lang=.*?</option>|<!--.*?-->|<meta[^>]*>|&zwnj;|&#8203;"
    r'|<dl class="facts headers">.*?</dl>',
    re.DOTALL,
)
WORDS = re.compile(r"[^\W\d_]{2,}")
DATA = re.compile(
    r"[\w.+-]+@[\w.-]+"  # addresses
    r"|https?://\S+|mailto:\S+|BK-\w+|MM-[\w-]+|\{\{ \w+ \}\}|\w+_\w+"
    r"|[A-Z][a-z]+(?:/[A-Z][A-Za-z_ ]+)+|UTC\S*"  # zones
    r"|\d+\. \w+ \d{4}|\w+, \d+\. \w+(?: \d{4})?|\d+\.–\d+\. \w+ \d{4}|\d+\. \w+|\w\w\., \d+\. \w+\.? \d{4}"  # dates
    r"|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|[A-Z][a-z]+ \d{4}|\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\b"
)
NAMES = (
    "Which system is it about?",
    "What does it say?",
    "Thunderbird",
    "Error 535",
    *(
        "Booking created by",
        "REQUEST",
        "ACCEPTED",
        "NEEDS-ACTION",
        "Booking status changed from Pending to Confirmed",
        "Assigned by Round Robin",
    ),
    *("Needs help with MFA", "Sarah has to be at a workshop that day.", "The server refused the password."),
    *("We send you a summary within two days.", "Your case stays open until you close it."),
    *("We cannot sign in since the update.", "Two of us will be there.", "Jane Fuchs of Support", "Meeting Manager"),
    *(
        "30 Min Call",
        "Executive Consultation",
        "Support",
        "Sales",
        "Ada Muster",
        "Sarah Keller",
        "Mike Osei",
        "John Doe",
    ),
    *(
        "Ben Okafor",
        "Lena Brandt",
        "Lead",
        "Sarah",
        "Mike",
        "Admin",
        "Google",
        "Outlook.com",
        "Microsoft 365",
        "Yahoo",
        "Alarm",
    ),
    *(
        "(London)",
        "(New York)",
        "(Berlin)",
        "„Work“",
        "Work",
        "America/New York",
        "E-Mail-Adresse",
        "Passwort",
        "Angemeldet bleiben",
    ),
)
"""People, places and sentences of the cast and the samples, and what histories keep in English; the last three are
allauth's, which has catalogues of its own.
"""


def forgotten(html: str) -> list[str]:
    """Texts and labels of a page that stand in no brackets and are no data."""
    page = UNSEEN.sub(" ", html)
    labels = ATTRIBUTES.findall(page)
    texts = re.split(r"<[^>]*>", page)
    # A marked message may hold tags, so that its brackets are in several texts.
    whole = "\n".join([outside(" ".join(texts) if "⟦" in page else page)])
    left = [*whole.split("\n"), *(outside(unescape(label)) for label in labels)]
    return [bare for each in left if (bare := _bare(each))]


def _bare(text: str) -> str:
    text = " ".join(unescape(text).split())
    for name in NAMES:
        text = text.replace(name, " ")
    text = DATA.sub(" ", text)
    return text.strip() if WORDS.search(text) else ""


@pytest.fixture(autouse=True)
def brackets(tmp_path: Path) -> Iterator[None]:
    with marked(tmp_path, "de", FOUND):
        yield


@pytest.fixture
def guest() -> Client:
    return Client(headers={"Accept-Language": "de"})


def check(page: "Response") -> None:
    html = page.content.decode()
    assert "⟦" in html
    assert "\n".join(forgotten(html)) == ""


def test_the_walk_finds_what_is_bare() -> None:
    found = forgotten('<p>⟦Hello <b>you⟧</b></p><p>Not translated</p><img alt="A dog"><p>ada@x.example</p>')
    assert found == ["Not translated", "A dog"]


@pytest.mark.parametrize(
    "address",
    [
        "/book",
        "/book/support",
        CALL,
        f"{CALL}?month=soon&timezone=Mars",
        f"{CALL}?date=2031-01-01",
        "/booking",
        "/nothing",
        "/accounts/login/",
    ],
)
def test_pages_to_choose_from(guest: Client, cast: Cast, address: str) -> None:
    check(guest.get(address, follow=True))


def test_the_page_for_details(guest: Client, cast: Cast) -> None:
    stamp = f"{free_starts(cast.call)[-1]:%Y-%m-%dT%H:%M:%SZ}"
    check(guest.get(DETAILS, {"start": stamp, "timezone": "Europe/Berlin"}))
    check(
        guest.post(
            DETAILS, {"start": stamp, "timezone": "Europe/Berlin", "customer_email": "no", "customer_phone": "1"}
        )
    )
    check(guest.get(DETAILS, {"start": "2020-01-01T10:00:00Z"}))


@pytest.mark.parametrize("page", ["", "/cancel", "/reschedule"])
def test_the_pages_of_a_booking(guest: Client, cast: Cast, book: Book, page: str) -> None:
    check(guest.get(link(book(), page)))
    check(guest.get(link(book(), page) + "&start=2031-01-06T10:00:00Z"))


def test_the_pages_of_a_booking_that_is_over_or_cancelled(guest: Client, book: Book) -> None:
    booking = book()
    check(guest.get(f"/booking/{booking.booking_reference}"))
    services.cancel(booking=booking, actor=system_user(), now=timezone.now())
    check(guest.get(link(booking)))
    check(guest.get("/booking/BK-WRONG111?token=x"))


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/",
        "/accounts/tokens/",
        "/accounts/feed/",
        "/workspace/deliveries/",
        "/workspace/mails/",
        "/workspace/mails/customer_booked/",
    ],
)
def test_staff_pages(cast: Cast, book: Book, address: str) -> None:
    book()
    visitor = signed_in(cast.admin)
    visitor.cookies["language"] = "de"
    page = visitor.get(address)
    assert page.status_code == 200
    check(page)


def test_the_page_of_ones_feed_while_it_is_on(cast: Cast) -> None:
    visitor = signed_in(cast.admin)
    visitor.cookies["language"] = "de"
    check(visitor.post("/accounts/feed/new/", follow=True))
    check(visitor.post("/accounts/feed/new/", follow=True))
    check(visitor.post("/accounts/feed/off/", follow=True))


def test_the_staffs_page_of_a_booking(cast: Cast, book: Book) -> None:
    visitor = signed_in(cast.admin)
    visitor.cookies["language"] = "de"
    check(visitor.get(f"/workspace/bookings/{book().name}/"))


def test_the_pages_of_mails_that_are_written_as_files(cast: Cast, book: Book, tmp_path: Path) -> None:
    with override_settings(LANGUAGE_CODE="de", **to_files(tmp_path / "outbox")):
        book()
        run_due(NOW)
        visitor = signed_in(cast.admin)
        visitor.cookies["language"] = "de"
        page = visitor.get("/workspace/outbox/")
        check(page)
        first = re.search(r'href="(/workspace/outbox/[^"]+/)"', page.content.decode())
        assert first
        check(visitor.get(first[1]))


@pytest.mark.parametrize("message", list(Message))
def test_mails(message: Message) -> None:
    with speaking("de"):
        rendered = preview(message, None)
    assert _bare(outside(rendered.subject)) == ""
    assert forgotten(rendered.html) == []
