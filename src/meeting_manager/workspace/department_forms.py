"""The forms of a department and its members."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments import rules
from meeting_manager.departments.choices import AssignmentAlgorithm, CalendarChanges
from meeting_manager.departments.models import Department
from meeting_manager.departments.validators import MOST_BOOKINGS_A_DAY
from meeting_manager.people.validators import known_zones
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.setup_forms import Group, RichText, SetupForm, initial_of

WORDS_OF_ALGORITHM = {
    AssignmentAlgorithm.ROUND_ROBIN: _("Round Robin: whoever waits longest for a booking is next."),
    AssignmentAlgorithm.LEAST_BUSY: _("Least Busy: whoever has the fewest bookings in the next 7 days is next."),
    AssignmentAlgorithm.WEIGHTED: _("Weighted: bookings are shared out in proportion to the members' priorities."),
}
PRIORITY_MEANS = {
    AssignmentAlgorithm.ROUND_ROBIN: _(
        "With Round Robin everybody takes turns; the order settles who goes first when two wait alike. "
        "Priority plays no part."
    ),
    AssignmentAlgorithm.LEAST_BUSY: _(
        "With Least Busy the bookings of the next 7 days decide; "
        "the order settles who goes first when two have as many. Priority plays no part."
    ),
    AssignmentAlgorithm.WEIGHTED: _(
        "With Weighted the priority is a share: a member with 4 gets twice as many bookings as one with 2. "
        "Order settles ties. Counting starts anew when members or priorities change."
    ),
}


def zones() -> list[tuple[str, str]]:
    """All time zones, for a list to choose from."""
    return [(name, name.replace("_", " ")) for name in sorted(known_zones())]


class DepartmentForm(SetupForm):
    """Everything about a department but its members, its types and its logo."""

    GROUPS: ClassVar[tuple[Group, ...]] = (
        (_("What customers see"), ("department_name", "department_slug", "description", "contact", "accent_color")),
        (_("Who is responsible"), ("department_leader", "notify_leader_on_booking", "notify_admin_on_booking")),
        (
            _("How bookings are given out"),
            ("timezone", "assignment_algorithm", "max_bookings_per_day", "members_may_book"),
        ),
        (_("Calendars of the members"), ("calendar_changes", "offer_unread_calendars")),
    )

    department_name = forms.CharField(label=_("Name"), max_length=140)
    department_slug = forms.CharField(
        label=_("Name in addresses"),
        help_text=_("Letters, digits and hyphens. Links with the former one no longer lead here after a change."),
        max_length=140,
    )
    description = RichText(
        label=_("Description"), help_text=_("Plain text, or simple HTML for links and lists."), required=False
    )
    contact = forms.CharField(
        label=_("Contact"),
        help_text=_("Where guests who find no time can ask: an address, a number, a page."),
        max_length=200,
        required=False,
    )
    accent_color = forms.CharField(
        label=_("Accent colour"),
        help_text=_("Such as #2450c8, dark enough for text on white. Empty: the colour of the site."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "data-tones": ""}),
    )
    department_leader = forms.ChoiceField(
        label=_("Leader"),
        help_text=_("An active member. Leaders edit members, meeting types and the logo, and decide about bookings."),
        required=False,
    )
    notify_leader_on_booking = forms.BooleanField(label=_("Tell the leader about each new booking"), required=False)
    notify_admin_on_booking = forms.BooleanField(
        label=_("Tell the System Managers about each new booking"), required=False
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For members without a time zone of their own."), choices=zones
    )
    assignment_algorithm = forms.ChoiceField(
        label=_("Who gets the next booking"), choices=WORDS_OF_ALGORITHM.items(), widget=forms.RadioSelect
    )
    max_bookings_per_day = forms.IntegerField(
        label=_("Bookings a day at most"),
        help_text=_("For all members together; 0 means no limit."),
        min_value=0,
        max_value=MOST_BOOKINGS_A_DAY,
    )
    members_may_book = forms.BooleanField(label=_("Members may book customers for themselves"), required=False)
    calendar_changes = forms.ChoiceField(
        label=_("When a host moves or deletes a booking in their own calendar"),
        choices=CalendarChanges.choices,
        widget=forms.RadioSelect,
    )
    offer_unread_calendars = forms.BooleanField(
        label=_("Go on offering members whose calendar could not be read for long"), required=False
    )

    def __init__(self, data: Any, department: Department) -> None:  # noqa: ANN401 - as Django's own
        """A form about `department`; its active members are who may lead it."""
        initial = initial_of(department, self.base_fields)
        leader = department.department_leader
        super().__init__(data, initial={**initial, "department_leader": leader.email if leader else ""})
        members = rules.active(department.members.select_related("member"))
        people = [(row.member.email, row.member.display_name) for row in members]
        self.fields["department_leader"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]


class NewDepartmentForm(SetupForm):
    """The little that a new department needs; all else can be changed later."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("department_name", "timezone", "member", "leads")),)

    department_name = forms.CharField(label=_("Name"), max_length=140)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    member = forms.CharField(
        label=_("First member"),
        help_text=_("The e-mail address of somebody with an account here. More can follow."),
        widget=forms.EmailInput({"list": "people", "autocomplete": "off"}),
    )
    leads = forms.BooleanField(label=_("This member leads the department"), required=False)

    def fields_of_department(self) -> dict[str, object]:
        """What the service takes."""
        given = self.cleaned_data
        leader = {"department_leader": given["member"]} if given["leads"] else {}
        return {"department_name": given["department_name"], "timezone": given["timezone"], **leader}


class DepartmentSearchForm(forms.Form):
    """Which departments to list."""

    q = forms.CharField(label=_("Name"), max_length=140, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("active", _("Active")), ("inactive", _("Deactivated"))],
    )


class LogoForm(RefusableForm):
    """A picture for the head of the guest pages."""

    logo = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, up to 2 MB."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )


class MemberForm(RefusableForm):
    """How a member takes part."""

    assignment_priority = forms.IntegerField(label=_("Priority"), min_value=1, max_value=10)
    is_active = forms.BooleanField(label=_("Takes part"), required=False)


class OrderForm(forms.Form):
    """One member a place up or down."""

    email = forms.CharField(max_length=254)
    by = forms.TypedChoiceField(choices=[(-1, "up"), (1, "down")], coerce=int)


def moved(emails: Iterable[str], email: str, by: int) -> list[str]:
    """The order with one of it a place up (-1) or down (1); as it was where there is no such place."""
    order = list(emails)
    place = order.index(email) if email in order else -1
    other = place + by
    if place >= 0 and 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order
