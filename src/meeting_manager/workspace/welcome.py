"""The first steps on a new site. What is done is seen from what is there: the steps keep no state of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting_manager.bookings import services as bookings
from meeting_manager.bookings.choices import BookingSource
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.departments import services as departments
from meeting_manager.departments.models import Department, MeetingType
from meeting_manager.departments.queries import active_departments
from meeting_manager.people import services as people
from meeting_manager.people.models import SYSTEM_EMAIL, User
from meeting_manager.people.queries import settings_of, system_user
from meeting_manager.workspace.meeting_types import Sample, sample_of
from meeting_manager.workspace.people_forms import ColleagueForm
from meeting_manager.workspace.setup_forms import SetupForm
from meeting_manager.workspace.welcome_forms import (
    FirstDepartmentForm,
    FirstTypeForm,
    HoursForm,
    TestBookingForm,
)


@dataclass(frozen=True, slots=True)
class Site:
    """What there is by now, as far as the first steps ask."""

    department: Department | None
    kind: MeetingType | None
    has_hours: bool
    booking: Booking | None
    has_colleagues: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its key in addresses, what it is about, the form, what it does, and whether it needs another first."""

    key: str
    title: str | Promise
    about: str | Promise
    button: str | Promise
    form: type[SetupForm]
    do: Callable[[User, Site, SetupForm, datetime], object]
    is_done: Callable[[Site], bool]
    is_possible: Callable[[Site], bool]


def site_of(user: User) -> Site:
    """What is there, with `user` as the one who sets up; a handful of queries."""
    types = MeetingType.objects.filter(is_active=True, is_public=True, department__is_active=True)
    return Site(
        department=active_departments().order_by("pk").first(),
        kind=types.select_related("department").order_by("pk").first(),
        has_hours=bool(settings_of(user).timezone),
        booking=Booking.objects.filter(customer_email=user.email).order_by("pk").first(),
        has_colleagues=User.objects.exclude(email=SYSTEM_EMAIL).exclude(pk=user.pk).exists(),
    )


def next_step(site: Site) -> "Step | None":
    """The first step that is still to be done and can be."""
    return next((step for step in STEPS if not step.is_done(site) and step.is_possible(site)), None)


def times_for(site: Site, now: datetime) -> Sample | None:
    """The times that the test booking can have; none without something to book."""
    return sample_of(site.kind, now) if site.kind else None


def _make_department(user: User, _site: Site, form: SetupForm, _now: datetime) -> object:
    """The first department, led by the one who sets up, who can be replaced later."""
    fields = {**form.cleaned_data, "department_leader": user}
    return departments.create_department(actor=user, fields=fields, members=[{"member": user}])


def _set_hours(user: User, _site: Site, form: SetupForm, _now: datetime) -> object:
    assert isinstance(form, HoursForm)  # the form of this step  # noqa: S101
    try:
        return people.edit_settings(actor=user, user=user, changes=form.changes())
    except ValidationError as error:
        raise ValidationError({"end": error.messages}) from error


def _make_type(user: User, site: Site, form: SetupForm, _now: datetime) -> object:
    assert isinstance(form, FirstTypeForm)  # the form of this step  # noqa: S101
    if site.department is None:
        raise ValidationError({"meeting_name": _("There is no department yet. Please make one first.")})
    return departments.create_meeting_type(actor=user, department=site.department, fields=form.fields_of_type())


def _book(user: User, site: Site, form: SetupForm, now: datetime) -> object:
    """Exactly what a customer does, by the same service and in the name that customers act in."""
    assert isinstance(form, TestBookingForm)  # the form of this step  # noqa: S101
    if site.kind is None:
        raise ValidationError({"start": _("There is nothing to book yet. Please make a meeting type first.")})
    customer = Customer(name=user.display_name, email=user.email, notes=_("A test booking"))
    return bookings.book(
        meeting_type=site.kind,
        start=form.chosen(),
        customer=customer,
        actor=system_user(),
        now=now,
        source=BookingSource.PUBLIC,
    )


def _invite(user: User, _site: Site, form: SetupForm, now: datetime) -> object:
    return people.invite_user(actor=user, now=now, **form.cleaned_data)


STEPS: Sequence[Step] = (
    Step(
        "department",
        gettext_lazy("Your first department"),
        gettext_lazy("A department is a team that customers book. You are its first member and lead it for now."),
        gettext_lazy("Make the department"),
        FirstDepartmentForm,
        _make_department,
        lambda site: site.department is not None,
        lambda _site: True,
    ),
    Step(
        "hours",
        gettext_lazy("Your working hours"),
        gettext_lazy("Customers are offered times within them. Breaks and single days can follow later."),
        gettext_lazy("Save the hours"),
        HoursForm,
        _set_hours,
        lambda site: site.has_hours,
        lambda _site: True,
    ),
    Step(
        "type",
        gettext_lazy("Your first meeting type"),
        gettext_lazy("What customers book: how long it lasts and where it takes place."),
        gettext_lazy("Make the meeting type"),
        FirstTypeForm,
        _make_type,
        lambda site: site.kind is not None,
        lambda site: site.department is not None,
    ),
    Step(
        "booking",
        gettext_lazy("A test booking"),
        gettext_lazy("Book yourself, as a customer would: you get the mails, and see the booking here."),
        gettext_lazy("Book it"),
        TestBookingForm,
        _book,
        lambda site: site.booking is not None,
        lambda site: site.kind is not None,
    ),
    Step(
        "colleagues",
        gettext_lazy("Your colleagues"),
        gettext_lazy("They get a mail with a link to choose a password. Then add them to the department."),
        gettext_lazy("Send the invitation"),
        ColleagueForm,
        _invite,
        lambda site: site.has_colleagues,
        lambda _site: True,
    ),
)
BY_KEY: Mapping[str, Step] = {step.key: step for step in STEPS}
