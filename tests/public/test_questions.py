"""What a meeting type asks on its booking page, without any script."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.services import set_questions
from meeting_manager.public import starts
from tests.cast import Cast
from tests.public.visits import DETAILS, Book, link, send, text, title

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

NAME = {"label": "Name on the bell", "help_text": "As visitors read it."}
STORY = {"label": "What happened", "question_type": "Long Text"}
ROOF = {"label": "Kind of roof", "question_type": "Choice", "options": ["Flat", "Pitched & old"], "is_required": True}
DAY = {"label": "Best day", "question_type": "Choice", "options": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]}
DOG = {"label": "There is a dog", "question_type": "Checkbox", "help_text": "We like dogs."}
DOOR = {"label": "Phone at the door", "question_type": "Phone"}
ALL = (NAME, STORY, ROOF, DAY, DOG, DOOR)
ANSWERS = {
    "answers.name-on-the-bell": "Muster",
    "answers.what-happened": "It rained.\nIn.",
    "answers.kind-of-roof": "Pitched & old",
    "answers.best-day": "Wed",
    "answers.there-is-a-dog": "on",
    "answers.phone-at-the-door": "+49 30 901820",
}


class _Controls(HTMLParser):
    """All inputs, selects and the like of a page by name, and what refers to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, list[dict[str, str | None]]] = {}
        self.ids: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if name := given.get("name"):
            self.named.setdefault(name, []).append({"tag": tag, **given})
        self.ids += [given["id"] or ""] if "id" in given else []
        self.references += (given.get("aria-describedby") or "").split()
        self.references += [given["for"] or ""] if "for" in given else []
        if (given.get("href") or "").startswith("#"):
            self.references.append((given["href"] or "")[1:])


def controls(response: "Response") -> _Controls:
    read = _Controls()
    read.feed(response.content.decode())
    return read


def ask(cast: Cast, *rows: Mapping[str, object]) -> None:
    set_questions(actor=cast.lead, meeting_type=cast.call, questions=rows)


def form(client: Client, start: datetime) -> "Response":
    page = client.get(DETAILS, {"start": starts.write(start)})
    assert page.status_code == 200
    return page


def test_the_form_asks_each_question_in_its_own_way(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, *ALL)
    page = form(client, start)
    named = controls(page).named
    assert named["answers.name-on-the-bell"][0]["type"] == "text"
    assert named["answers.what-happened"][0]["tag"] == "textarea"
    assert [each["value"] for each in named["answers.kind-of-roof"]] == ["Flat", "Pitched & old"]
    assert {each["type"] for each in named["answers.kind-of-roof"]} == {"radio"}
    assert named["answers.best-day"][0]["tag"] == "select"
    assert named["answers.there-is-a-dog"][0]["type"] == "checkbox"
    door = named["answers.phone-at-the-door"][0]
    assert (door["type"], door["autocomplete"]) == ("tel", "off")
    assert "As visitors read it." in text(page)
    assert "Name on the bell (optional)" in text(page)
    assert "Kind of roof (optional)" not in text(page)
    assert "checked" not in page.content.decode()


def test_an_optional_choice_can_be_left_or_taken_back(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, {**ROOF, "is_required": False}, DAY)
    page = form(client, start)
    assert [each["value"] for each in controls(page).named["answers.kind-of-roof"]] == ["Flat", "Pitched & old", ""]
    assert '<option value="" selected>Please choose</option>' in page.content.decode()
    assert send(client, start, **{"answers.kind-of-roof": "", "answers.best-day": ""}).status_code == 303
    assert Booking.objects.get().answers == []


def test_everything_that_refers_to_a_field_finds_it(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, *[{**row, "is_required": True, "help_text": "Help."} for row in ALL])
    for page in (form(client, start), send(client, start, customer_name="")):
        read = controls(page)
        assert len(read.ids) == len(set(read.ids))
        assert set(read.references) <= set(read.ids)
        assert "" not in read.ids


def test_answers_are_booked_and_told_on_the_bookings_page(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, *ALL)
    assert send(client, start, **ANSWERS).status_code == 303
    booking = Booking.objects.get()
    assert [each["value"] for each in booking.answers] == [
        "Muster",
        "It rained.\nIn.",
        "Pitched & old",
        "Wed",
        True,
        "+49 30 901820",
    ]
    page = unescape(text(client.get(link(booking))))
    assert "Name on the bell Muster What happened It rained. In. Kind of roof Pitched & old Best day Wed" in page
    assert "There is a dog Yes Phone at the door +49 30 901820" in page
    bare = text(client.get(f"/booking/{booking.booking_reference}"))
    assert "roof" not in bare


def test_what_is_missing_is_said_beside_its_field_with_all_else(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, *[{**row, "is_required": True} for row in ALL])
    page = send(client, start, customer_name="")
    assert page.status_code == 422
    assert title(page).startswith("Error:")
    html = unescape(page.content.decode())
    assert '<a href="#id_customer_name">Customer Name is required for external bookings.</a>' in html
    assert '<a href="#id_answers.name-on-the-bell">"Name on the bell" needs an answer.</a>' in html
    assert '<a href="#id_answers.kind-of-roof_0">"Kind of roof" needs an answer.</a>' in html
    assert '<a href="#id_answers.there-is-a-dog">Please tick "There is a dog".</a>' in html
    assert len(re.findall(r'class="errorlist"', html)) == 7
    assert not Booking.objects.exists()


def test_what_was_typed_stays_when_something_is_wrong(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, *ALL)
    page = send(client, start, **{**ANSWERS, "answers.phone-at-the-door": "call <b>me</b>"})
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="Muster"' in html
    assert "It rained.\nIn." in html
    assert '<option value="Wed" selected>Wed</option>' in html
    assert 'value="call &lt;b&gt;me&lt;/b&gt;"' in html
    checked = [each for rows in controls(page).named.values() for each in rows if "checked" in each]
    assert [(each["name"], each.get("value")) for each in checked] == [
        ("answers.kind-of-roof", "Pitched & old"),
        ("answers.there-is-a-dog", None),
    ]


def test_a_time_that_was_taken_meanwhile_keeps_the_answers(
    client: Client, cast: Cast, start: datetime, book: Book
) -> None:
    ask(cast, DAY)
    for _ in range(4):
        book()
    page = send(client, start, **{"answers.best-day": "Thu"})
    assert page.status_code == 409
    assert '<option value="Thu" selected>Thu</option>' in page.content.decode()


def test_an_answer_that_is_not_offered_is_refused(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, ROOF)
    page = send(client, start, **{"answers.kind-of-roof": "Thatched"})
    assert page.status_code == 422
    assert 'Please choose one of the answers that "Kind of roof" offers.' in unescape(page.content.decode())


def test_a_form_with_other_answers_is_not_the_form_sent_before(client: Client, cast: Cast, start: datetime) -> None:
    ask(cast, ROOF)
    first = send(client, start, key="abc", **{"answers.kind-of-roof": "Flat"})
    assert send(client, start, key="abc", **{"answers.kind-of-roof": "Flat"})["Location"] == first["Location"]
    again = send(client, start, key="abc", **{"answers.kind-of-roof": "Pitched & old"})
    assert again.status_code == 422
    assert "This form was sent before" in again.content.decode()
    assert Booking.objects.count() == 1


def test_questions_and_answers_are_text_never_markup(client: Client, cast: Cast, start: datetime) -> None:
    evil = "<script>alert(1)</script>"
    ask(cast, {"label": evil, "help_text": evil}, {**ROOF, "label": evil, "options": [evil, "Flat"]})
    assert evil not in form(client, start).content.decode()
    keys = ["scriptalert1script", "scriptalert1script-2"]
    assert send(client, start, **{f"answers.{key}": evil for key in keys}).status_code == 303
    page = client.get(link(Booking.objects.get())).content.decode()
    assert evil not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4


@pytest.mark.parametrize("sent", [{}, ANSWERS])
def test_pages_cost_the_same_for_any_number_of_questions(
    client: Client, cast: Cast, start: datetime, sent: dict[str, str]
) -> None:
    costs = []
    for rows in ((), (NAME,), ALL):
        ask(cast, *rows)
        with CaptureQueriesContext(connection) as queries:
            send(client, start, **sent) if sent else form(client, start)
        assert sum("meetingtypequestion" in query["sql"] for query in queries) == 1
        costs.append(len(queries))
    assert len(set(costs)) == 1
