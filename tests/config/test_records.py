"""The last resort of System Managers: every record can be read, none changed, and no secret is shown."""

import pytest
from django.urls import reverse

from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.services import create_integration
from meeting_manager.people.services import create_token
from tests.bookings.desk import NOW, Book, block
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

RECORDS = "/workspace/records/"


def test_a_system_manager_reads_lists_and_records(cast: Cast, book: Book) -> None:
    booking = book()
    client = signed_in(cast.admin)
    assert "Bookings" in text(client.get(RECORDS))
    listed = client.get(f"{RECORDS}bookings/booking/", {"q": booking.booking_reference})
    assert booking.name in text(listed)
    assert "John Doe" in text(client.get(f"{RECORDS}bookings/booking/{booking.pk}/change/"))


def test_every_list_can_be_opened(cast: Cast, book: Book) -> None:
    block(cast.sarah, NOW, NOW.replace(hour=12))
    book()
    client = signed_in(cast.admin)
    lists = [model["admin_url"] for app in client.get(RECORDS).context["app_list"] for model in app["models"]]
    assert len(lists) > 20
    assert [each for each in lists if client.get(each).status_code != 200] == []


@pytest.mark.parametrize("verb", ["add/", "1/change/", "1/delete/"])
def test_nothing_can_be_changed(cast: Cast, book: Book, verb: str) -> None:
    book()
    client = signed_in(cast.admin)
    assert client.post(f"{RECORDS}departments/department/{verb}", {"department_name": "X"}).status_code in {403, 405}
    assert Booking.objects.count() == 1


def test_only_system_managers_get_in_by_the_sites_own_door(cast: Cast) -> None:
    for user in (cast.lead, cast.sarah):
        assert signed_in(user).get(RECORDS, follow=True).status_code == 403
    answer = signed_in(None).get(f"{RECORDS}bookings/booking/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_secrets_and_what_is_private_are_not_shown(cast: Cast) -> None:
    feed = {"integration_type": "iCal", "integration_name": "Feed", "ical_url": "https://cal.example/very-secret.ics"}
    integration = create_integration(actor=cast.sarah, user=cast.sarah, fields=feed, now=NOW)
    block(cast.mike, NOW, NOW.replace(hour=12))
    create_token(actor=cast.admin, user=cast.admin, label="script", now=NOW)
    client = signed_in(cast.admin)
    pages = [
        f"calendars/calendarintegration/{integration.pk}/change/",
        "calendars/calendareventsync/",
        f"people/user/{cast.admin.pk}/change/",
        "people/apitoken/",
    ]
    for page in pages:
        told = text(client.get(RECORDS + page))
        for secret in ("very-secret", "Dentist", "argon2", "pbkdf2"):
            assert secret not in told
