"""The first steps on a site: from nothing to a test booking, with no state of their own."""

import pytest
from django.test import Client

from meeting_manager.availability.queries import standing
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.people.models import User
from meeting_manager.people.services import create_admin
from tests.cast import NOW, Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

WELCOME = "/workspace/welcome/"
HOURS = {"days": ["monday", "wednesday", "sunday"], "start": "10:00", "end": "16:30", "timezone": "Europe/Berlin"}
DEPARTMENT = {"department_name": "Care", "timezone": "Europe/Berlin"}
KIND = {"meeting_name": "First call", "duration": "30", "location_type": "Video Call", "custom_location": ""}


@pytest.fixture
def boss() -> User:
    """Somebody who has just installed the site."""
    return create_admin(email="boss@care.example", password=None, full_name="Boss", now=NOW)


@pytest.fixture
def site(boss: User) -> Client:
    return signed_in(boss)


def step_of(client: Client) -> str | None:
    step = client.get(WELCOME).context["step"]
    return step.key if step else None


def test_the_first_steps_are_for_system_managers(cast: Cast) -> None:
    people = (cast.admin, cast.lead, cast.sarah, None)
    for path in (WELCOME, f"{WELCOME}hours/"):
        assert tuple(signed_in(who).get(path).status_code for who in people) == (200, 403, 403, 302)
    assert signed_in(cast.lead).post(f"{WELCOME}department/", DEPARTMENT).status_code == 403
    assert signed_in(cast.admin, checks_csrf=True).post(f"{WELCOME}department/", DEPARTMENT).status_code == 403
    assert not Department.objects.filter(department_name="Care").exists()
    assert signed_in(cast.admin).get(f"{WELCOME}nonsense/").status_code == 404


def test_from_nothing_to_a_test_booking_and_a_colleague(boss: User, site: Client) -> None:
    assert step_of(site) == "department"
    site.post(f"{WELCOME}department/", DEPARTMENT)
    assert step_of(site) == "hours"
    site.post(f"{WELCOME}hours/", HOURS)
    assert step_of(site) == "type"
    site.post(f"{WELCOME}type/", KIND)
    assert step_of(site) == "booking"
    start = site.get(WELCOME).context["form"].fields["start"].choices[0][0]
    site.post(f"{WELCOME}booking/", {"start": start})
    assert step_of(site) == "colleagues"
    site.post(f"{WELCOME}colleagues/", {"email": "ann@care.example", "full_name": "Ann"})
    done = site.get(WELCOME)
    assert "All steps are done." in text(done)
    booking = Booking.objects.get()
    assert (booking.customer_email, booking.booking_status, booking.booking_source) == (
        boss.email,
        "Confirmed",
        "Public Booking Page",
    )
    assert booking.start_datetime.isoformat() == start
    assert booking.assigned_users.get().user == boss
    assert f"/workspace/bookings/{booking.name}/" in done.content.decode()
    assert User.objects.filter(email="ann@care.example").exists()


def test_the_department_is_led_by_who_made_it(boss: User, site: Client) -> None:
    site.post(f"{WELCOME}department/", DEPARTMENT)
    made = Department.objects.get()
    assert (made.department_leader, made.timezone, made.members.get().member) == (boss, "Europe/Berlin", boss)


def test_hours_hold_on_the_days_that_were_chosen(boss: User, site: Client) -> None:
    site.post(f"{WELCOME}hours/", HOURS)
    held = standing([boss.pk])[boss.pk]
    assert held.zone == "Europe/Berlin"
    stored = User.objects.get(pk=boss.pk).settings.working_hours_json
    assert {day for day, hours in stored.items() if hours["enabled"]} == set(HOURS["days"])
    assert (stored["monday"]["start"], stored["monday"]["end"]) == ("10:00", "16:30")


def test_what_makes_no_sense_is_said_and_nothing_is_made(site: Client) -> None:
    for step, sent in (
        ("department", {**DEPARTMENT, "department_name": ""}),
        ("hours", {**HOURS, "end": "09:00"}),
        ("hours", {**HOURS, "days": []}),
        ("type", KIND),
        ("booking", {"start": "2026-11-30T10:00:00+00:00"}),
        ("colleagues", {"email": "boss@care.example"}),
    ):
        answer = site.post(f"{WELCOME}{step}/", sent)
        assert answer.status_code == 422
        assert 'class="error-summary"' in answer.content.decode()
        assert not Department.objects.exists()
        assert User.objects.filter(email__endswith="care.example").count() == 1


def test_steps_that_need_others_wait_for_them(site: Client) -> None:
    html = site.get(WELCOME).content.decode()
    assert f'href="{WELCOME}hours/"' in html
    assert f'href="{WELCOME}type/"' not in html
    assert f'href="{WELCOME}booking/"' not in html


def test_a_step_that_is_done_can_be_opened_again(boss: User, site: Client) -> None:
    site.post(f"{WELCOME}department/", DEPARTMENT)
    page = site.get(f"{WELCOME}department/")
    assert page.status_code == 200
    assert "This is done" in text(page)


def test_a_time_that_is_gone_is_refused_and_others_are_offered(cast: Cast) -> None:
    client = signed_in(cast.admin)
    form = client.get(f"{WELCOME}booking/").context["form"]
    assert len(form.fields["start"].choices) == 6
    assert client.post(f"{WELCOME}booking/", {"start": "2020-01-01T10:00:00+00:00"}).status_code == 422
    assert not Booking.objects.exists()


def test_the_first_type_is_public_and_active(site: Client) -> None:
    site.post(f"{WELCOME}department/", DEPARTMENT)
    site.post(f"{WELCOME}type/", {**KIND, "video_meeting_url": "https://meet.example/a"})
    made = MeetingType.objects.get()
    assert (made.is_public, made.is_active, made.duration) == (True, True, 30)
    assert made.video_meeting_url == "https://meet.example/a"


def test_the_command_for_demo_data_is_told(site: Client) -> None:
    assert "meeting-manager demo load --add" in text(site.get(WELCOME))
    assert "meeting-manager demo remove" in text(site.get(WELCOME))
