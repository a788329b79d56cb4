"""The demo loads whenever one tries it, looks lived in, breaks no rule, and goes away without a trace."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking, BookingTombstone
from meeting_manager.busy.models import BusyTime
from meeting_manager.demo.load import load
from meeting_manager.demo.remove import remove
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.services import add_member, create_department
from meeting_manager.people.models import SYSTEM_EMAIL, User
from meeting_manager.people.services import create_admin

pytestmark = pytest.mark.django_db

MOMENTS = {
    "a working day": datetime(2026, 11, 24, 13, 20, tzinfo=UTC),
    "a Saturday night": datetime(2026, 11, 28, 23, 55, tzinfo=UTC),
    "Monday at midnight": datetime(2026, 11, 30, 0, 0, tzinfo=UTC),
    "Friday evening before the clocks change": datetime(2027, 3, 26, 21, 0, tzinfo=UTC),
}
TODAY = MOMENTS["a working day"]


def quietly(line: str) -> None:
    """What progress has to say is of no interest here."""


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


@pytest.mark.parametrize("when", MOMENTS)
def test_whenever_it_is_loaded_there_are_bookings_in_every_status_and_no_rule_is_broken(when: str) -> None:
    loaded = load(MOMENTS[when], quietly)
    assert 60 <= loaded.bookings <= 120
    assert set(Booking.objects.values_list("booking_status", flat=True)) == set(BookingStatus.values)
    assert "every invariant holds" in run("verify")


def test_it_has_the_names_that_the_documentation_uses() -> None:
    load(TODAY, quietly)
    assert set(Department.objects.values_list("department_slug", flat=True)) == {"support", "sales"}
    named = {"MM-MT-support-30-min-call", "MM-MT-support-internal-planning", "MM-MT-sales-executive-consultation"}
    assert named <= set(MeetingType.objects.values_list("name", flat=True))
    people = {f"{name}@bestsecurity.example" for name in ("sarah", "mike", "jane", "lead", "admin")}
    assert people <= set(User.objects.values_list("email", flat=True))
    assert User.objects.get(is_system_manager=True).email == "admin@bestsecurity.example"


def test_it_shows_what_the_product_can_do() -> None:
    load(TODAY, quietly)
    chain = Booking.objects.filter(rescheduled_from__rescheduled_from__isnull=False)
    assert chain.exists()
    assert Booking.objects.filter(is_internal=True, start_datetime__gt=TODAY).exists()
    assert Booking.objects.filter(
        approval_status="Pending", booking_status="Pending", start_datetime__gt=TODAY
    ).exists()
    assert Booking.objects.filter(cancellation_reason="Not approved in time").exists()
    assert Booking.objects.filter(assignment_history__action_type="Primary Changed").exists()
    surveys = Booking.objects.filter(meeting_type__meeting_slug="site-survey", booking_source="Public Booking Page")
    assert surveys.exists()
    assert all(booking.answers[0]["label"] == "What kind of building is it?" for booking in surveys)
    assert DateOverride.objects.exists()
    assert AvailabilityRule.objects.filter(buffer_time_after__gt=0).exists()


def test_the_passwords_it_prints_open_the_accounts_and_are_new_each_time() -> None:
    output = run("demo")
    logins = dict(re.findall(r"(\S+@bestsecurity\.example) +(\S+)", output))
    assert len(set(logins.values())) == User.objects.exclude(email=SYSTEM_EMAIL).count() == 8
    assert User.objects.get(email="sarah@bestsecurity.example").check_password(logins["sarah@bestsecurity.example"])
    run("demo", "remove")
    assert not set(re.findall(r"@bestsecurity\.example +(\S+)", run("demo"))) & set(logins.values())


def test_it_goes_in_one_action_and_leaves_only_tombstones() -> None:
    loaded = load(TODAY, quietly)
    assert "The demo data is gone." in run("demo", "--remove")
    for model in (Booking, BusyTime, MeetingType, Department, AvailabilityRule):
        assert not model.objects.exists()
    assert User.objects.get().email == SYSTEM_EMAIL
    assert BookingTombstone.objects.count() == loaded.bookings
    assert "every invariant holds" in run("verify")


@pytest.fixture
def company() -> Department:
    """Somebody's own data."""
    boss = create_admin(email="boss@company.example", password=None, now=TODAY)
    return create_department(actor=boss, fields={"department_name": "Ours"}, members=[{"member": boss}])


def test_a_database_in_use_gets_it_only_when_asked_twice(company: Department) -> None:
    with pytest.raises(CommandError, match=r"in use \(1 accounts, 1 departments\)"):
        run("demo")
    assert "demo bookings are in place" in run("demo", "load", "--add")


def test_what_is_not_the_demos_stays_when_it_goes(company: Department) -> None:
    run("demo", "--add")
    tom = User.objects.get(email="tom@bestsecurity.example")
    add_member(actor=User.objects.get(email="boss@company.example"), department=company, member=tom)
    output = run("demo", "remove")
    assert "User 'tom@bestsecurity.example' is named in records that are kept." in output
    assert list(Department.objects.all()) == [company]
    assert User.objects.filter(email="boss@company.example").exists()
    assert "every invariant holds" in run("verify")


def test_a_company_that_calls_a_department_support_keeps_it(company: Department) -> None:
    boss = User.objects.get(email="boss@company.example")
    support = create_department(actor=boss, fields={"department_name": "Support"}, members=[{"member": boss}])
    with pytest.raises(CommandError, match=r"Nothing was changed\. Department Slug 'support' is already taken"):
        run("demo", "--add")
    assert not User.objects.filter(email__endswith="@bestsecurity.example").exists()
    assert remove(TODAY, quietly) == []
    assert Department.objects.filter(pk=support.pk).exists()


@pytest.mark.parametrize(
    ("prepare", "arguments", "message"),
    [
        (lambda: load(TODAY, quietly), ("demo",), "Demo data is in this database already."),
        (lambda: None, ("demo", "remove"), "There is no demo data in this database."),
    ],
)
def test_what_makes_no_sense_is_refused(
    prepare: Callable[[], object], arguments: tuple[str, ...], message: str
) -> None:
    prepare()
    with pytest.raises(CommandError, match=message):
        run(*arguments)
