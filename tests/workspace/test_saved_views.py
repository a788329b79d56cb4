"""Lists of bookings under names of one's own: saved, opened, renamed, deleted, and nobody else's."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.test import Client

from meeting_manager.web.privacy import erasing
from meeting_manager.workspace.choices import Verb
from meeting_manager.workspace.models import SavedView
from meeting_manager.workspace.services import runs
from meeting_manager.workspace.services.views import MOST_VIEWS
from tests.bookings.desk import JOHN, NOW, Book
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

ADDRESS = "/workspace/bookings/"


def save(client: Client, name: str, query: str) -> "Response":
    return client.post(f"/workspace/views/?{urlencode({'query': query})}", {"name": name})


def test_a_view_is_saved_opened_renamed_and_deleted(cast: Cast) -> None:
    client = signed_in(cast.lead)
    answer = save(client, " My  week ", "period=week&status=Pending&after=xyz&q=")
    assert answer["Location"] == f"{ADDRESS}?period=week&status=Pending"
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r'href="\?period=week&amp;status=Pending"\s+aria-current="page">My week<', page)
    view = SavedView.objects.get()
    client.post(f"/workspace/views/{view.pk}/rename/", {"name": "Decide"})
    assert "Decide" in text(client.get("/workspace/views/"))
    client.post(f"/workspace/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert "You have no views yet." in text(client.get("/workspace/views/"))


def test_the_same_name_is_the_same_view(cast: Cast) -> None:
    client = signed_in(cast.lead)
    save(client, "Mine", "period=week")
    save(client, "Mine", "period=month")
    assert list(SavedView.objects.values_list("query", flat=True)) == ["period=month"]
    save(client, "Other", "")
    other = SavedView.objects.get(name="Other")
    answer = client.post(f"/workspace/views/{other.pk}/rename/", {"name": "Mine"})
    assert answer.status_code == 422
    assert "You have a view of this name already." in text(answer)


@pytest.mark.parametrize(("name", "query"), [("  ", ""), ("x" * 61, ""), ("Long", "q=" + "x" * 2100)])
def test_a_view_needs_a_name_and_some_measure(cast: Cast, name: str, query: str) -> None:
    answer = save(signed_in(cast.lead), name, query)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.content.decode()
    assert not SavedView.objects.exists()


def test_there_are_only_so_many_views(cast: Cast) -> None:
    SavedView.objects.bulk_create(SavedView(user=cast.lead, name=str(number)) for number in range(MOST_VIEWS))
    client = signed_in(cast.lead)
    assert save(client, "One more", "").status_code == 422
    assert save(client, "1", "period=week").status_code == 302


@pytest.mark.parametrize("page", ["rename", "delete"])
def test_views_are_their_owners_alone(cast: Cast, page: str) -> None:
    view = SavedView.objects.create(user=cast.lead, name="Mine")
    for who in (cast.admin, cast.sarah):
        client = signed_in(who)
        assert "Mine" not in text(client.get("/workspace/views/"))
        assert client.post(f"/workspace/views/{view.pk}/{page}/", {"name": "Yours"}).status_code == 404
    view.refresh_from_db()
    assert view.name == "Mine"


def test_a_get_deletes_no_view(cast: Cast) -> None:
    view = SavedView.objects.create(user=cast.lead, name="Mine")
    assert signed_in(cast.lead).get(f"/workspace/views/{view.pk}/delete/").status_code == 302
    assert SavedView.objects.exists()


def test_a_guest_who_is_erased_stands_in_no_view_and_no_reason(cast: Cast, book: Book) -> None:
    booking = book()
    client = signed_in(cast.lead)
    save(client, "John Doe", f"customer={JOHN.email}&period=all&q=mfa")
    back = f"{ADDRESS}?q=john%40customer.example"
    order = runs.Order("k", Verb.CANCEL, [runs.Piece(booking.pk)], f"As {JOHN.email} wished", back)
    run = runs.begin(order=order, user=cast.lead, now=NOW)
    erasing.erase(actor=cast.admin, email=JOHN.email, now=NOW, also_cancel=True)
    run.refresh_from_db()
    view = SavedView.objects.get()
    assert (view.name, view.query) == (f"Erased person {view.pk}", "q=mfa&period=all")
    assert (run.words, run.back) == ("Personal data was erased.", ADDRESS)
